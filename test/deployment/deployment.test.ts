import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countEvents, stagesIn } from './deployed-account.ts';
import { account, type Emulator, region, startEmulator } from './emulator/emulator.ts';
import { type Mailbox, openMailbox, openWebhook, type Webhook } from './sinks.ts';
import { liveThrough, recipient, type Story } from './scenario.ts';
import type { Moment } from './watch.ts';

let folder: string;
let emulator: Emulator;
let mailbox: Mailbox;
let webhooks: readonly Webhook[] = [];
let story: Story;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keysweep-deployment-'));
  mailbox = await openMailbox();
  emulator = await startEmulator({ folder, smtpPort: mailbox.port });
  const machine = await openWebhook();
  const chat = await openWebhook(emulator);
  const slack = await openWebhook(emulator);
  webhooks = [machine, chat, slack];
  try {
    story = await liveThrough({ emulator, mailbox, machine, chat, slack, folder });
  } catch (cause) {
    // Whatever went wrong by itself in the account stands there, with the logs of the functions.
    throw new Error(`the story broke off; the emulator's log ends with:\n${emulator.log().slice(-8_000)}`, { cause });
  }
});

afterAll(async () => {
  await emulator?.close();
  await mailbox?.close();
  await Promise.all(webhooks.map((webhook) => webhook.close()));
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const subjects = ({ mails }: Moment) => mails.map(({ subject }) => subject).sort();
const alert = (news: string) => `keysweep: 1 critical finding (${news}) in AWS account ${account}`;
/** Found in nights before, of which no one heard. */
const alertOfNew = alert('1 new');
const alertAgain = alert('none new');
/** Of the auditor, on the first night: the emulator does not know when the root user was last used. */
const findings = `keysweep: 1 new finding, 1 newly exempt, 1 check not possible in AWS account ${account}`;
const digest = (what: string) => `keysweep: ${what} in AWS account ${account}`;

/** Writes to IAM of the functions, as `action user`. */
const writes = ({ requests }: Moment) =>
  requests
    .filter(({ caller, action }) => caller !== 'root' && /^iam:(?!Get|List|Generate)/.test(action))
    .map(({ action, resource }) => `${action} ${resource.split('/').at(-1)}`)
    .sort();

describe('an installation in mode warn', () => {
  it('names what it made in its outputs', () => {
    const made = Object.entries(story.installed.outputs).filter(([, value]) => value !== '');
    expect(made.map(([key]) => key)).toEqual(
      expect.arrayContaining(['AlertTopicArn', 'ArchiveBucketName', 'DigestTopicArn', 'LedgerTableName']),
    );
  });

  it('gives no function a write to IAM', () => {
    expect(story.rotatorPolicies.warn).toContain('iam:ListAccessKeys');
    expect(story.rotatorPolicies.warn).not.toMatch(/iam:(Update|Delete|Create|Put|\*)/);
  });
});

describe('nights without a confirmed address, in mode enforce', () => {
  const unheard = () => [story.unheard, story.stillUnheard];

  it('start no clock and change nothing, however long they go on', () => {
    for (const moment of unheard()) {
      expect(stagesIn(moment.ledger)).toEqual({});
      expect(countEvents(moment.ledger)).toBe(0);
      expect(writes(moment)).toEqual([]);
    }
    expect(story.stillUnheard.keys).toMatchObject({
      deployer: { [story.keyIds.deployer]: 'Active' },
      reporter: { [story.keyIds.reporter]: 'Active' },
    });
  });

  it('send nothing but the question whether the address may be subscribed', () => {
    expect(subjects(story.unheard)).toEqual(Array(3).fill('AWS Notification - Subscription Confirmation'));
    expect(subjects(story.stillUnheard)).toEqual([]);
  });

  it('are partial, and say in the metric of an alarm that no one was reached', () => {
    for (const { metrics } of unheard()) {
      expect(metrics).toMatchObject({
        'Keysweep service=auditor UnreachedTopics': 2,
        'Keysweep service=rotator UnreachedTopics': 1,
        'Keysweep service=rotator PartialRuns': 1,
      });
    }
    const alarm = story.definitions.alarms.find(({ AlarmName }) => AlarmName.endsWith('NoOneReached'));
    expect(alarm).toMatchObject({ MetricName: 'UnreachedTopics', TreatMissingData: 'ignore' });
  });
});

describe('the first night after the addresses were confirmed', () => {
  it('reaches people, and starts the clock then', () => {
    expect(story.firstNight.metrics).toMatchObject({
      'Keysweep service=auditor UnreachedTopics': 0,
      'Keysweep service=rotator UnreachedTopics': 0,
      'Keysweep service=rotator PartialRuns': 0,
    });
    expect(countEvents(story.firstNight.ledger)).toBe(2);
  });

  it('is started by the schedule, and goes over the bus to the ledger', () => {
    expect(stagesIn(story.firstNight.ledger)).toEqual({
      [story.keyIds.deployer]: 'warned',
      [story.keyIds.reporter]: 'warned',
    });
  });

  it('keeps its snapshot and its reports in the archive', () => {
    const kept = story.firstNight.objects.map((key) => key.replaceAll(/\d{4}-\d\d-\d\dT[\d.:-]+Z/g, 'TIME'));
    expect(kept).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^snapshots/${account}/.*TIME.*\\.json$`)),
        `findings/${account}.json`,
        expect.stringMatching(new RegExp(`^reports/${account}/.*TIME.*audit.*$`)),
      ]),
    );
  });

  it('tells people by e-mail, of both topics', () => {
    expect(subjects(story.firstNight)).toEqual([alertOfNew, findings, digest('2 newly warned')]);
    for (const { to } of story.firstNight.mails) expect(to).toEqual([recipient]);
    const notice = story.firstNight.mails.find(({ subject }) => subject.includes('warned'))?.text;
    expect(notice).toContain(`${story.keyIds.deployer} of deployer`);
    expect(notice).toContain('platform@example.com');
    expect(notice).toContain('2027-01-10 02:00');
  });

  it('tells machines in its own schema, with attributes to filter by', () => {
    const told = story.firstNight.machine.map(({ Message, MessageAttributes }) => ({
      ...(JSON.parse(Message) as { schema: string; kind: string }),
      attributes: MessageAttributes,
    }));
    expect(told.map(({ schema, kind }) => `${schema} ${kind}`).sort()).toEqual([
      'keysweep/notice/v1 alert',
      'keysweep/notice/v1 digest',
      'keysweep/notice/v1 findings',
    ]);
    for (const { kind, attributes } of told) {
      expect(attributes?.kind?.Value).toBe(kind);
      expect(attributes?.account?.Value).toBe(account);
    }
  });

  it('tells chats in the schema of Amazon Q Developer', () => {
    const told = story.firstNight.chat.map(({ Message }) => JSON.parse(Message));
    expect(told).toHaveLength(3);
    for (const message of told) {
      expect(message).toMatchObject({ version: '1.0', source: 'custom', content: { textType: 'client-markdown' } });
    }
  });

  it('leaves alone what is exempt and what is new', () => {
    const stages = stagesIn(story.firstNight.ledger);
    expect(stages).not.toHaveProperty(story.keyIds.breakGlass);
    expect(stages).not.toHaveProperty(story.keyIds.newcomer);
  });
});

describe('a second run in the same night', () => {
  it('changes nothing in the ledger, and tells nothing but the alert again', () => {
    const credentials = ({ ledger }: Moment) => ledger.filter(({ key }) => !/^(?:SWEEP#|SNAPSHOT$)/.test(key));
    expect(credentials(story.sameNightAgain)).toEqual(credentials(story.firstNight));
    expect(subjects(story.sameNightAgain)).toEqual([alertAgain]);
    expect(writes(story.sameNightAgain)).toEqual([]);
  });
});

describe('a night after the date, still in mode warn', () => {
  it('switches nothing off', () => {
    expect(writes(story.overdueInWarn)).toEqual([]);
    expect(story.overdueInWarn.keys.deployer).toEqual({ [story.keyIds.deployer]: 'Active' });
    expect(stagesIn(story.overdueInWarn.ledger)[story.keyIds.newcomer]).toBe('warned');
  });
});

describe('an upgrade to mode enforce by a changed policy', () => {
  it('keeps table, bucket, topics and logs', () => {
    const kept = ['LedgerTableName', 'ArchiveBucketName', 'AlertTopicArn', 'DigestTopicArn', 'RotatorLogGroupName'];
    for (const key of kept) expect(story.upgraded.output(key)).toBe(story.installed.output(key));
    expect(story.finalNotice.ledger.length).toBeGreaterThan(story.overdueInWarn.ledger.length);
  });

  it('gives the rotator, and it alone, two writes to IAM', () => {
    const granted = story.rotatorPolicies.enforce.match(/iam:(?!Get|List)\w+/g);
    expect(new Set(granted)).toEqual(new Set(['iam:DeleteAccessKey', 'iam:UpdateAccessKey']));
  });

  it('is followed by a final notice before the first deed', () => {
    expect(writes(story.finalNotice)).toEqual([]);
    expect(subjects(story.finalNotice)).toEqual([alertAgain, digest('2 to be switched off next')]);
  });

  it('tells Slack by the webhook in the secret', () => {
    expect(story.finalNotice.slack.map(({ path }) => path)).toEqual(Array(2).fill('/services/T000/B000/secret'));
    const [first] = story.finalNotice.slack.map(({ body }) => JSON.parse(body) as { blocks: unknown[] });
    expect(first?.blocks[0]).toMatchObject({ type: 'header' });
  });
});

describe('the nights that act', () => {
  it('switch off what was announced, in IAM and in the ledger', () => {
    expect(writes(story.deactivated)).toEqual(['iam:UpdateAccessKey deployer', 'iam:UpdateAccessKey reporter']);
    expect(story.deactivated.keys).toEqual({
      deployer: { [story.keyIds.deployer]: 'Inactive' },
      reporter: { [story.keyIds.reporter]: 'Inactive' },
      newcomer: { [story.keyIds.newcomer]: 'Active' },
      breakGlass: { [story.keyIds.breakGlass]: 'Active' },
    });
    expect(stagesIn(story.deactivated.ledger)).toMatchObject({
      [story.keyIds.deployer]: 'deactivated',
      [story.keyIds.reporter]: 'deactivated',
    });
    expect(subjects(story.deactivated)).toEqual([alertAgain, digest('2 switched off')]);
  });

  it('change nothing and send nothing when the event of an audit comes again', () => {
    const { ledger, keys } = story.deactivated;
    expect(story.replayed).toMatchObject({ ledger, keys, mails: [], machine: [], chat: [], slack: [] });
    expect(writes(story.replayed)).toEqual([]);
    // The events did arrive: both snapshots were read.
    expect(story.replayed.requests.filter(({ action }) => action === 's3:GetObject')).toHaveLength(2);
  });

  it('leave a key alone that a person restored from the command line', () => {
    expect(story.restored.keys.reporter).toEqual({ [story.keyIds.reporter]: 'Active' });
    expect(subjects(story.restored)).toEqual([digest(`${story.keyIds.reporter} is on again`)]);
    expect(story.deleted.keys.reporter).toEqual({ [story.keyIds.reporter]: 'Active' });
  });

  it('delete a month later, after a notice of its own', () => {
    expect(writes(story.finalNoticeOfDeletion)).toEqual([]);
    expect(subjects(story.finalNoticeOfDeletion)).toContain(digest('1 to be switched off next, 1 to be deleted next'));
    expect(writes(story.deleted)).toEqual(['iam:DeleteAccessKey deployer', 'iam:UpdateAccessKey newcomer']);
    expect(story.deleted.keys.deployer).toEqual({});
    expect(stagesIn(story.deleted.ledger)[story.keyIds.deployer]).toBe('deleted');
    expect(subjects(story.deleted)).toEqual([alertAgain, digest('1 switched off, 1 deleted')]);
  });

  it('were refused nothing by the policies of their roles, of which every request was judged', () => {
    const requests = Object.values(story.moments).flatMap((moment) => moment.requests);
    const functions = requests.filter(({ caller }) => caller.startsWith('Keysweep-'));
    expect(new Set(functions.map(({ action }) => action))).toContain('dynamodb:PutItem');
    expect(requests.filter(({ allowed }) => !allowed)).toEqual([]);
  });

  it('leave every dead-letter queue empty', () => {
    expect(new Set(Object.values(story.deleted.deadLetters))).toEqual(new Set([0]));
    expect(Object.keys(story.deleted.deadLetters).length).toBeGreaterThanOrEqual(5);
  });
});

describe('an event whose snapshot is gone', () => {
  it('is tried again, ends in the queue of the rotator alone, and changes nothing', () => {
    const filled = Object.entries(story.poisoned.deadLetters).filter(([, count]) => count > 0);
    expect(filled).toEqual([[expect.stringMatching(/^CredentialHygieneRotatorDeadLetters/), 1]]);
    const reads = story.poisoned.requests.filter(({ action }) => action === 's3:GetObject');
    expect(reads).toHaveLength(3);
    expect(story.poisoned.ledger).toEqual(story.deleted.ledger);
    expect(countEvents(story.poisoned.ledger)).toBeGreaterThan(0);
  });
});

describe('alarms and dashboard', () => {
  it('tell people by the topic of the alarms', () => {
    const topic = story.upgraded.output('AlarmTopicArn');
    for (const { AlarmActions } of story.definitions.alarms) expect(AlarmActions).toEqual([topic]);
    expect(subjects(story.alarmed)).toEqual([`ALARM: "Keysweep-RotationFailed" in ${region}`]);
    expect(story.alarmed.slack.map(({ body }) => JSON.parse(body).text)).toEqual(['ALARM: Keysweep-RotationFailed']);
  });

  it('wait 26 hours for a sweep', () => {
    const missing = story.definitions.alarms.find(({ AlarmName }) => AlarmName.endsWith('SweepMissing'));
    expect(missing).toMatchObject({ TreatMissingData: 'breaching', EvaluationPeriods: 26, Period: 3600 });
  });

  it('watch each dead-letter queue, by the name that it was given', () => {
    const watched = story.definitions.alarms
      .filter(({ Namespace }) => Namespace === 'AWS/SQS')
      .flatMap(({ Dimensions = [] }) => Dimensions.map(({ Value }) => Value));
    const queues = story.upgraded.resources
      .filter(({ ResourceType }) => ResourceType === 'AWS::SQS::Queue')
      .map(({ PhysicalResourceId }) => PhysicalResourceId.split('/').at(-1));
    expect(new Set(watched)).toEqual(new Set(queues));
  });

  it('look at metrics that the functions really write', () => {
    const alarmed = story.definitions.alarms
      .filter(({ Namespace }) => Namespace === 'Keysweep')
      .map(({ Namespace, Dimensions = [], MetricName }) =>
        [Namespace, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`), MetricName].join(' '),
      );
    const shown = [...story.definitions.dashboard.matchAll(/"Keysweep","(\w+)","(\w+)","(\w+)"/g)].map(
      ([, name, dimension, value]) => `Keysweep ${dimension}=${value} ${name}`,
    );
    expect(alarmed.length).toBeGreaterThanOrEqual(4);
    expect(shown.length).toBeGreaterThanOrEqual(8);
    expect([...story.metrics]).toEqual(expect.arrayContaining([...alarmed, ...shown]));
  });
});

describe('a second installation', () => {
  it('in another region is refused, with the name of the role that says where the first one is', () => {
    expect(story.secondRegion).toContain('keysweep-installation');
    expect(story.secondRegion).toContain('already exists');
  });

  it('leaves no archive behind', () => {
    expect(story.archives).toEqual([story.upgraded.output('ArchiveBucketName')]);
  });
});

describe('an uninstallation', () => {
  it('ends the functions and their schedule', () => {
    expect(story.left).toMatchObject({ stackExists: false, functions: [], schedules: [] });
  });

  it('leaves the ledger, the archive and the logs as they were', () => {
    expect(story.left.ledger).toEqual(story.deleted.ledger);
    // The alarm was posted to Slack after that.
    const lasting = (objects: readonly string[]) => objects.filter((key) => !key.startsWith('receipts/'));
    expect(lasting(story.left.objects)).toEqual(lasting(story.deleted.objects));
    expect(story.left.logGroups).toEqual(expect.arrayContaining([story.upgraded.output('RotatorLogGroupName')]));
  });

  it('leaves a table that cannot be deleted by mistake', () => {
    expect(story.left.refusal).toMatch(/deletion protection/i);
  });
});
