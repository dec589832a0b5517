import { expect, it } from 'vitest';
import { noticeTexts } from '../../aws/notice-texts.ts';
import { runDemoNight } from '../../cli/demo/nights.ts';
import { demoPolicy, demoPolicyFile } from '../../cli/demo/setting.ts';
import { DAY, HOUR } from '../../core/duration.ts';
import { compareFindings } from '../../core/findings/compare.ts';
import { type FindingHistory, findingsNews } from '../../core/findings/findings-news.ts';
import { afterDelivery } from '../../core/findings/findings-outbox.ts';
import { type Audit, type Finding, severities } from '../../core/model.ts';
import { messageKinds, type Notice } from '../../core/notice.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { criticalAlert } from '../../reports/alert.ts';
import { findingsMessage } from '../../reports/findings-message.ts';
import { restoredNotice } from '../../reports/notices/restored.ts';
import { slackMessage } from '../../reports/slack/message.ts';
import { alarmMessage } from '../support/alarm-message.ts';
import { deliveredToAll } from '../support/deliveries.ts';
import { digestOf, manyItems } from '../support/digest-fixture.ts';
import { expectSamples, fenced, readPage } from '../support/doc-page.ts';
import { dueKey, openMixedNight } from '../support/mixed-night.ts';
import { enforcePolicy } from '../support/sweep-world.ts';

const page = 'docs/messages.md';

it('docs/messages.md shows what people and programs get (else: npm run docs)', async () => {
  const { audit } = await runDemoNight(demo);
  const alert = alertOf(audit);
  const findings = newFindingsOf(audit);
  const [digest, correction] = await openDigests();
  const restored = restoredNotice({
    account: alert.data.account,
    credential: { kind: 'access-key', id: dueKey },
    principal: { kind: 'user', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' },
    who: 'erin@example.com (arn:aws:sts::111122223333:assumed-role/Operator/erin)',
    why: 'the month-end export needs it, ticket OPS-1234',
    at: new Date('2026-11-02T07:12:00Z'),
  });
  const large = digestOf(manyItems(5_000), { fullReport: reportOf('digest.txt') });
  await expectSamples(page, {
    ...samplesOf('alert', alert),
    ...samplesOf('findings', findings),
    'findings-default': json({ ...findings.data, items: firstOfEachGroup(findings) }),
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

const demo = loadPolicy(demoPolicy, demoPolicyFile);

function alertOf(audit: Audit): Notice {
  const isFresh = ({ rule }: Finding) => rule === 'root-mfa-missing';
  const history = audit.findings.map((finding): [string, FindingHistory] => {
    const fresh = isFresh(finding);
    return [finding.id, { since: fresh ? audit.asOf : firstFound, alerted: !fresh }];
  });
  return present(criticalAlert(audit, { fullReport: reportOf('audit.txt'), history: new Map(history) }));
}

/** As if the audit of the night before had found one password less, and the like, and a key that was deleted. */
function newFindingsOf(audit: Audit): Notice {
  const lastOf = (rule: string) => audit.findings.findLastIndex((one) => one.rule === rule && one.status === 'fail');
  const fresh = ['root-used-recently', 'console-mfa-missing', 'console-password-unused', 'access-keys-two-active'].map(
    lastOf,
  );
  const model = audit.findings.find(({ rule }) => rule === 'access-key-never-used');
  if (model === undefined || fresh.includes(-1)) throw new Error('the demo has changed');
  const resolved: Finding = {
    ...model,
    id: 'access-key-never-used:111122223333:user:old-etl:AKIARTX3GSDSOLDETL22',
    principal: { kind: 'user', name: 'old-etl', arn: 'arn:aws:iam::111122223333:user/old-etl' },
    credential: { kind: 'access-key', id: 'AKIARTX3GSDSOLDETL22', slot: 1 },
  };
  const before: Audit = {
    ...audit,
    asOf: new Date(audit.asOf.getTime() - DAY),
    findings: [...audit.findings.filter((_, at) => !fresh.includes(at)), resolved],
  };
  const policy = { ...demo, mode: 'audit' } as const;
  const kept = afterDelivery(compareFindings(undefined, before, policy), before, deliveredToAll);
  const news = findingsNews(compareFindings(kept, audit, policy), policy.mode);
  if (news === undefined) throw new Error('there is nothing to notify of');
  return findingsMessage({ audit, mode: 'audit', news, fullReport: reportOf('audit.txt') });
}

/** A mixed night, on which one key was used after the audit. */
async function openDigests(): Promise<readonly [Notice, Notice]> {
  const world = await openMixedNight();
  const policy = enforcePolicy();
  const snapshot = await world.auditNow(policy);
  world.sandbox.account.useAccessKey(dueKey, new Date(world.sandbox.clock.now().getTime() - HOUR));
  const reports = { write: async ({ name }: { readonly name: string }) => reportOf(name) };
  await world.rotateBy(snapshot, policy, { reports });
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
