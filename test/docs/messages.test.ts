import { expect, it } from 'vitest';
import { noticeTexts } from '../../aws/notice-texts.ts';
import { runDemoNight } from '../../cli/demo/night.ts';
import { demoPolicy, demoPolicyFile } from '../../cli/demo/policy.ts';
import { HOUR } from '../../core/duration.ts';
import { type Finding, severities } from '../../core/model.ts';
import { messageKinds, type Notice } from '../../core/notice.ts';
import type { OpenFinding } from '../../core/open-findings.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { criticalAlert } from '../../reports/alert.ts';
import { restoredNotice } from '../../reports/notices/restored.ts';
import { slackMessage } from '../../reports/slack/message.ts';
import { alarmMessage } from '../support/alarm-message.ts';
import { digestOf, manyItems } from '../support/digest-fixture.ts';
import { expectSamples, fenced, readPage } from '../support/doc-page.ts';
import { dueKey, openMixedNight } from '../support/mixed-night.ts';
import { enforcePolicy } from '../support/rotation-world.ts';

const page = 'docs/messages.md';

/** As the deployed rotator gives them. */
const commandOptions = {
  ledger: '--ledger dynamodb:keysweep-ledger --region eu-central-1',
  notices: '--topic-arn arn:aws:sns:eu-central-1:111122223333:keysweep-digest --event-bus default',
};

it('docs/messages.md shows what people and programs get (else: npm run docs)', async () => {
  const alert = await openAlert();
  const [digest, correction] = await openDigests();
  const restored = restoredNotice({
    account: alert.data.account,
    credential: { kind: 'access-key', id: dueKey },
    principal: { kind: 'user', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' },
    who: 'erin@example.com',
    why: 'the month-end export needs it, ticket OPS-1234',
    at: new Date('2026-11-02T07:12:00Z'),
    commandOptions,
  });
  const large = digestOf(manyItems(5_000), { fullReport: reportOf('digest.txt'), commandOptions });
  await expectSamples(page, {
    ...samplesOf('alert', alert),
    ...samplesOf('digest', digest),
    'digest-default': json({ ...digest.data, items: firstOfEachGroup(digest) }),
    'large-email': fenced('text', headAndTail(emailOf(large))),
    'large-slack': slackSample(large),
    ...samplesOf('correction', correction),
    ...samplesOf('restored', restored),
    'alarm-slack': json(slackMessage({ text: JSON.stringify(alarmMessage) })),
  });
});

it('docs/messages.md names every kind and severity', () => {
  const text = readPage(page);
  for (const value of [...messageKinds, ...severities]) expect(text).toContain(`\`${value}\``);
});

/** As a deployed function links it. */
function reportOf(name: string): string {
  return `https://console.aws.amazon.com/s3/object/keysweep-archive?region=eu-central-1&prefix=reports%2F111122223333%2F${name}`;
}

/** When an earlier audit found all but the latest. */
const firstFound = new Date('2026-11-03T02:30:00Z');

async function openAlert(): Promise<Notice> {
  const { audit } = await runDemoNight(loadPolicy(demoPolicy, demoPolicyFile));
  const isFresh = ({ rule }: Finding) => rule === 'root-mfa-missing';
  const history = audit.findings.map((finding): [string, OpenFinding] => {
    const fresh = isFresh(finding);
    return [finding.id, { finding, since: fresh ? audit.asOf : firstFound, alerted: !fresh }];
  });
  return present(criticalAlert(audit, { fullReport: reportOf('audit.txt'), history: new Map(history) }));
}

/** A mixed night, on which one key was used after the audit. */
async function openDigests(): Promise<readonly [Notice, Notice]> {
  const world = await openMixedNight();
  const policy = enforcePolicy();
  const snapshot = await world.auditNow(policy);
  world.sandbox.account.useAccessKey(dueKey, new Date(world.sandbox.clock.now().getTime() - HOUR));
  const reports = { write: async ({ name }: { readonly name: string }) => reportOf(name) };
  await world.rotateBy(snapshot, policy, { reports }, { commandOptions });
  const [digest, correction] = world.notices;
  return [present(digest), present(correction)];
}

function present(notice: Notice | undefined): Notice {
  if (notice === undefined) throw new Error('there is no message');
  return notice;
}

function samplesOf(name: string, notice: Notice): Record<string, string> {
  const texts = noticeTexts(notice);
  return {
    [`${name}-email`]: fenced('text', emailOf(notice)),
    [`${name}-slack`]: slackSample(notice),
    [`${name}-amazon-q`]: json(JSON.parse(texts.https)),
    [`${name}-default`]: json(JSON.parse(texts.default)),
  };
}

function emailOf(notice: Notice): string {
  return `Subject: ${notice.subject}\n\n${noticeTexts(notice).email}`;
}

function slackSample(notice: Notice): string {
  return json(slackMessage({ text: noticeTexts(notice).default, subject: notice.subject }));
}

function json(value: unknown): string {
  return fenced('json', JSON.stringify(value, undefined, 2));
}

function firstOfEachGroup({ data: { groups, items } }: Notice) {
  return groups.flatMap(({ id }) => items.find(({ group }) => group === id) ?? []);
}

function headAndTail(text: string): string {
  const lines = text.trimEnd().split('\n');
  return [...lines.slice(0, 26), '...', ...lines.slice(-26)].join('\n');
}
