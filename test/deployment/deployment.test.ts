import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countEvents, stagesIn } from './deployed-account.ts';
import { account, type Emulator, region, startEmulator } from './emulator/emulator.ts';
import { playScenario, recipient, restoredTable, type Scenario } from './scenario.ts';
import { type Mailbox, openMailbox, openWebhook, type Webhook } from './sinks.ts';
import type { Moment } from './watch.ts';

let folder: string;
let emulator: Emulator;
let mailbox: Mailbox;
let webhooks: readonly Webhook[] = [];
let scenario: Scenario;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keysweep-deployment-'));
  mailbox = await openMailbox();
  emulator = await startEmulator({ folder, smtpPort: mailbox.port });
  const machine = await openWebhook();
  const chat = await openWebhook(emulator);
  const slack = await openWebhook(emulator);
  webhooks = [machine, chat, slack];
  try {
    scenario = await playScenario({ emulator, mailbox, machine, chat, slack, folder });
  } catch (cause) {
    // Whatever went wrong by itself in the account stands there, with the logs of the functions.
    throw new Error(`the scenario failed; the emulator's log ends with:\n${emulator.log().slice(-8_000)}`, { cause });
  }
});

afterAll(async () => {
  await emulator?.close();
  await mailbox?.close();
  await Promise.all(webhooks.map((webhook) => webhook.close()));
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const subjects = ({ mails }: Moment) => mails.map(({ subject }) => subject).sort();
const alert = (news: string) => `[${account}] 1 critical finding (${news})`;
/** Found in nights before, of which no one was notified. */
const alertOfNew = alert('1 new');
const alertAgain = alert('none new');
/** Of the auditor, on the first night: the emulator does not know when the root user was last used. */
const findings = `[${account}] 1 new finding (1 critical), 1 newly exempt, 1 check not possible`;
const digest = (what: string) => `[${account}] ${what}`;

/** Writes to IAM of the functions, as `action user`. */
const writes = ({ requests }: Moment) =>
  requests
    .filter(({ caller, action }) => caller !== 'root' && /^iam:(?!Get|List|Generate)/.test(action))
    .map(({ action, resource }) => `${action} ${resource.split('/').at(-1)}`)
    .sort();

describe('an installation in mode warn', () => {
  it('names what it made in its outputs', () => {
    const made = Object.entries(scenario.installed.outputs).filter(([, value]) => value !== '');
    expect(made.map(([key]) => key)).toEqual(
      expect.arrayContaining(['AlertTopicArn', 'ArchiveBucketName', 'DigestTopicArn', 'LedgerTableName']),
    );
  });

  it('gives no function a write to IAM', () => {
    expect(scenario.rotatorPolicies.warn).toContain('iam:ListAccessKeys');
    expect(scenario.rotatorPolicies.warn).not.toMatch(/iam:(Update|Delete|Create|Put|\*)/);
  });
});

describe('nights without a confirmed address, in mode enforce', () => {
  const undelivered = () => [scenario.undelivered, scenario.stillUndelivered];

  it('start no clock and change nothing, however many they are', () => {
    for (const moment of undelivered()) {
      expect(stagesIn(moment.ledger)).toEqual({});
      expect(countEvents(moment.ledger)).toBe(0);
      expect(writes(moment)).toEqual([]);
    }
    expect(scenario.stillUndelivered.keys).toMatchObject({
      deployer: { [scenario.keyIds.deployer]: 'Active' },
      reporter: { [scenario.keyIds.reporter]: 'Active' },
    });
  });

  it('send nothing but the question whether the address may be subscribed', () => {
    expect(subjects(scenario.undelivered)).toEqual(Array(3).fill('AWS Notification - Subscription Confirmation'));
    expect(subjects(scenario.stillUndelivered)).toEqual([]);
  });

  it('are partial, and say in the metric of an alarm that no one was reached', () => {
    for (const { metrics } of undelivered()) {
      expect(metrics).toMatchObject({
        'Keysweep installation=Keysweep service=auditor UnreachedTopics': 2,
        'Keysweep installation=Keysweep service=rotator UnreachedTopics': 1,
        'Keysweep installation=Keysweep service=rotator PartialRuns': 1,
      });
    }
    const alarm = scenario.definitions.alarms.find(({ AlarmName }) => AlarmName.endsWith('NoOneReached'));
    expect(alarm).toMatchObject({ MetricName: 'UnreachedTopics', TreatMissingData: 'ignore' });
  });
});

describe('the first night after the addresses were confirmed', () => {
  it('reaches people, and starts the clock then', () => {
    expect(scenario.firstNight.metrics).toMatchObject({
      'Keysweep installation=Keysweep service=auditor UnreachedTopics': 0,
      'Keysweep installation=Keysweep service=rotator UnreachedTopics': 0,
      'Keysweep installation=Keysweep service=rotator PartialRuns': 0,
    });
    expect(countEvents(scenario.firstNight.ledger)).toBe(2);
  });

  it('is started by the schedule, and goes over the bus to the ledger', () => {
    expect(stagesIn(scenario.firstNight.ledger)).toEqual({
      [scenario.keyIds.deployer]: 'warned',
      [scenario.keyIds.reporter]: 'warned',
    });
  });

  it('keeps its snapshot and its reports in the archive', () => {
    const kept = scenario.firstNight.objects.map((key) => key.replaceAll(/\d{4}-\d\d-\d\dT[\d.:-]+Z/g, 'TIME'));
    expect(kept).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^snapshots/${account}/.*TIME.*\\.json$`)),
        `findings/${account}.json`,
        expect.stringMatching(new RegExp(`^reports/${account}/.*TIME.*audit.*$`)),
      ]),
    );
  });

  it('notifies people by e-mail, of both topics', () => {
    expect(subjects(scenario.firstNight)).toEqual([alertOfNew, findings, digest('2 keys on first notice')]);
    for (const { to } of scenario.firstNight.mails) expect(to).toEqual([recipient]);
    const notice = scenario.firstNight.mails.find(({ subject }) => subject.includes('first notice'))?.text;
    expect(notice).toContain(`${scenario.keyIds.deployer} of deployer`);
    expect(notice).toContain('platform@example.com');
    expect(notice).toContain('2027-01-10 02:00');
  });

  it('publishes events in its own schema, with attributes to filter by', () => {
    const published = scenario.firstNight.machine.map(({ Message, MessageAttributes }) => ({
      ...(JSON.parse(Message) as { schema: string; kind: string }),
      attributes: MessageAttributes,
    }));
    expect(published.map(({ schema, kind }) => `${schema} ${kind}`).sort()).toEqual([
      'keysweep/notice/v1 alert',
      'keysweep/notice/v1 digest',
      'keysweep/notice/v1 findings',
    ]);
    for (const { kind, attributes } of published) {
      expect(attributes?.kind?.Value).toBe(kind);
      expect(attributes?.account?.Value).toBe(account);
    }
  });

  it('notifies chats in the schema of Amazon Q Developer', () => {
    const messages = scenario.firstNight.chat.map(({ Message }) => JSON.parse(Message));
    expect(messages).toHaveLength(3);
    for (const message of messages) {
      expect(message).toMatchObject({ version: '1.0', source: 'custom', content: { textType: 'client-markdown' } });
    }
  });

  it('skips what is exempt and what is new', () => {
    const stages = stagesIn(scenario.firstNight.ledger);
    expect(stages).not.toHaveProperty(scenario.keyIds.breakGlass);
    expect(stages).not.toHaveProperty(scenario.keyIds.newcomer);
  });
});

describe('a second run in the same night', () => {
  it('changes nothing in the ledger, and sends only the alert again', () => {
    const credentials = ({ ledger }: Moment) => ledger.filter(({ key }) => !/^(?:SWEEP#|SNAPSHOT$)/.test(key));
    expect(credentials(scenario.sameNightAgain)).toEqual(credentials(scenario.firstNight));
    expect(subjects(scenario.sameNightAgain)).toEqual([alertAgain]);
    expect(writes(scenario.sameNightAgain)).toEqual([]);
  });
});

describe('a night after the date, still in mode warn', () => {
  it('deactivates nothing', () => {
    expect(writes(scenario.overdueInWarn)).toEqual([]);
    expect(scenario.overdueInWarn.keys.deployer).toEqual({ [scenario.keyIds.deployer]: 'Active' });
    expect(stagesIn(scenario.overdueInWarn.ledger)[scenario.keyIds.newcomer]).toBe('warned');
  });
});

describe('an upgrade to mode enforce by a changed policy', () => {
  it('keeps table, bucket, topics and logs', () => {
    const kept = ['LedgerTableName', 'ArchiveBucketName', 'AlertTopicArn', 'DigestTopicArn', 'RotatorLogGroupName'];
    for (const key of kept) expect(scenario.upgraded.output(key)).toBe(scenario.installed.output(key));
    expect(scenario.finalNotice.ledger.length).toBeGreaterThan(scenario.overdueInWarn.ledger.length);
  });

  it('gives the rotator, and it alone, two writes to IAM', () => {
    const granted = scenario.rotatorPolicies.enforce.match(/iam:(?!Get|List)\w+/g);
    expect(new Set(granted)).toEqual(new Set(['iam:DeleteAccessKey', 'iam:UpdateAccessKey']));
  });

  it('is followed by a final notice before the first change', () => {
    expect(writes(scenario.finalNotice)).toEqual([]);
    expect(subjects(scenario.finalNotice)).toEqual([alertAgain, digest('2 keys on final notice before deactivation')]);
  });

  it('notifies Slack by the webhook in the secret', () => {
    expect(scenario.finalNotice.slack.map(({ path }) => path)).toEqual(Array(2).fill('/services/T000/B000/secret'));
    const [first] = scenario.finalNotice.slack.map(({ body }) => JSON.parse(body) as { blocks: unknown[] });
    expect(first?.blocks[0]).toMatchObject({ type: 'header' });
  });
});

describe('the nights that act', () => {
  it('deactivate what was announced, in IAM and in the ledger', () => {
    expect(writes(scenario.deactivated)).toEqual(['iam:UpdateAccessKey deployer', 'iam:UpdateAccessKey reporter']);
    expect(scenario.deactivated.keys).toEqual({
      deployer: { [scenario.keyIds.deployer]: 'Inactive' },
      reporter: { [scenario.keyIds.reporter]: 'Inactive' },
      newcomer: { [scenario.keyIds.newcomer]: 'Active' },
      breakGlass: { [scenario.keyIds.breakGlass]: 'Active' },
    });
    expect(stagesIn(scenario.deactivated.ledger)).toMatchObject({
      [scenario.keyIds.deployer]: 'deactivated',
      [scenario.keyIds.reporter]: 'deactivated',
    });
    expect(subjects(scenario.deactivated)).toEqual([alertAgain, digest('2 keys deactivated')]);
  });

  it('change nothing and send nothing when the event of an audit comes again', () => {
    const { ledger, keys } = scenario.deactivated;
    expect(scenario.replayed).toMatchObject({ ledger, keys, mails: [], machine: [], chat: [], slack: [] });
    expect(writes(scenario.replayed)).toEqual([]);
    // The events did arrive: both snapshots were read.
    expect(scenario.replayed.requests.filter(({ action }) => action === 's3:GetObject')).toHaveLength(2);
  });

  it('skip a key that a person restored from the command line', () => {
    expect(scenario.restored.keys.reporter).toEqual({ [scenario.keyIds.reporter]: 'Active' });
    expect(subjects(scenario.restored)).toEqual([digest(`${scenario.keyIds.reporter} of reporter reactivated`)]);
    // The command was given neither ledger nor topic: it found those that the stack has written down.
    expect(stagesIn(scenario.restored.ledger)[scenario.keyIds.reporter]).toBe('restored');
    expect(scenario.deleted.keys.reporter).toEqual({ [scenario.keyIds.reporter]: 'Active' });
  });

  it('delete a month later, after a notice of its own', () => {
    expect(writes(scenario.finalNoticeOfDeletion)).toEqual([]);
    expect(subjects(scenario.finalNoticeOfDeletion)).toContain(
      digest('1 key on final notice before deactivation, 1 on final notice before deletion'),
    );
    expect(writes(scenario.deleted)).toEqual(['iam:DeleteAccessKey deployer', 'iam:UpdateAccessKey newcomer']);
    expect(scenario.deleted.keys.deployer).toEqual({});
    expect(stagesIn(scenario.deleted.ledger)[scenario.keyIds.deployer]).toBe('deleted');
    expect(subjects(scenario.deleted)).toEqual([alertAgain, digest('1 key deactivated, 1 deleted')]);
  });

  it('were refused nothing by the policies of their roles, of which every request was judged', () => {
    const requests = Object.values(scenario.moments).flatMap((moment) => moment.requests);
    const functions = requests.filter(({ caller }) => caller.startsWith('Keysweep-'));
    expect(new Set(functions.map(({ action }) => action))).toContain('dynamodb:PutItem');
    expect(requests.filter(({ allowed }) => !allowed)).toEqual([]);
  });

  it('leave every dead-letter queue empty', () => {
    expect(new Set(Object.values(scenario.deleted.deadLetters))).toEqual(new Set([0]));
    expect(Object.keys(scenario.deleted.deadLetters).length).toBeGreaterThanOrEqual(5);
  });
});

describe('a ledger restored from its backup', () => {
  const entries = ({ ledger }: Pick<Moment, 'ledger'>) =>
    ledger.filter(({ key }) => !/^(?:SWEEP#|SNAPSHOT$)/.test(key));

  it('is the ledger of the stack by its name, and everything else keeps its own', () => {
    const { LedgerTableName, PolicyHash, ...others } = scenario.continued.outputs;
    const { LedgerTableName: before, PolicyHash: earlier, ...same } = scenario.upgraded.outputs;
    expect(LedgerTableName).toBe(restoredTable);
    expect(PolicyHash).not.toBe(earlier);
    expect(before).not.toBe(restoredTable);
    expect(others).toEqual(same);
    expect(scenario.continued.resources.filter(({ ResourceType }) => ResourceType.includes('DynamoDB'))).toEqual([]);
  });

  it('is continued the next night: no notice again, nothing changed', () => {
    expect(entries(scenario.nightAfterRestore)).toEqual(entries(scenario.deleted));
    expect(subjects(scenario.nightAfterRestore)).toEqual([alertAgain]);
    expect(writes(scenario.nightAfterRestore)).toEqual([]);
  });

  it('knows the deactivation that a deletion needs, to the day', () => {
    expect(stagesIn(scenario.nightAfterRestore.ledger)[scenario.keyIds.newcomer]).toBe('deactivated');
    expect(writes(scenario.deletedByHistory)).toEqual(['iam:DeleteAccessKey newcomer']);
    expect(stagesIn(scenario.deletedByHistory.ledger)[scenario.keyIds.newcomer]).toBe('deleted');
  });

  it('leaves the table that the stack had created as it was', () => {
    expect(scenario.tableBefore).toEqual(scenario.deleted.ledger);
  });
});

describe('an event whose snapshot does not exist', () => {
  it('is tried again, ends in the queue of the rotator alone, and changes nothing', () => {
    const filled = Object.entries(scenario.poisoned.deadLetters).filter(([, count]) => count > 0);
    expect(filled).toEqual([[expect.stringMatching(/^CredentialHygieneRotatorDeadLetters/), 1]]);
    const reads = scenario.poisoned.requests.filter(({ action }) => action === 's3:GetObject');
    expect(reads).toHaveLength(3);
    expect(scenario.poisoned.ledger).toEqual(scenario.deletedByHistory.ledger);
    expect(countEvents(scenario.poisoned.ledger)).toBeGreaterThan(0);
  });
});

describe('alarms and dashboard', () => {
  it('notify people by the topic of the alarms', () => {
    const topic = scenario.upgraded.output('AlarmTopicArn');
    for (const { AlarmActions } of scenario.definitions.alarms) expect(AlarmActions).toEqual([topic]);
    expect(subjects(scenario.alarmed)).toEqual([`ALARM: "Keysweep-SweepFailed" in ${region}`]);
    expect(scenario.alarmed.slack.map(({ body }) => JSON.parse(body).text)).toEqual([
      `[${account}] ALARM: Keysweep-SweepFailed`,
    ]);
  });

  it('wait for a sweep as long as two nights can be apart', () => {
    const missing = scenario.definitions.alarms.find(({ AlarmName }) => AlarmName.endsWith('SweepMissing'));
    expect(missing).toMatchObject({ TreatMissingData: 'ignore', EvaluationPeriods: 27, Period: 3600 });
  });

  it('watch each dead-letter queue, by the name that it was given', () => {
    const watched = scenario.definitions.alarms
      .filter(({ Namespace }) => Namespace === 'AWS/SQS')
      .flatMap(({ Dimensions = [] }) => Dimensions.map(({ Value }) => Value));
    const queues = scenario.upgraded.resources
      .filter(({ ResourceType }) => ResourceType === 'AWS::SQS::Queue')
      .map(({ PhysicalResourceId }) => PhysicalResourceId.split('/').at(-1));
    expect(new Set(watched)).toEqual(new Set(queues));
  });

  it('look at metrics that the functions really write', () => {
    const alarmed = scenario.definitions.alarms
      .filter(({ Namespace }) => Namespace === 'Keysweep')
      .map(({ Namespace, Dimensions = [], MetricName }) =>
        [Namespace, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).toSorted(), MetricName].join(' '),
      );
    const shown = [
      ...scenario.definitions.dashboard.matchAll(/"Keysweep","(\w+)","installation","(\w+)","service","(\w+)"/g),
    ].map(([, name, installation, service]) => `Keysweep installation=${installation} service=${service} ${name}`);
    expect(alarmed.length).toBeGreaterThanOrEqual(4);
    expect(shown.length).toBeGreaterThanOrEqual(8);
    expect([...scenario.metrics]).toEqual(expect.arrayContaining([...alarmed, ...shown]));
  });
});

describe('a second installation', () => {
  it('in another region is refused, with the name of the role that says where the first one is', () => {
    expect(scenario.secondRegion).toContain('keysweep-installation');
    expect(scenario.secondRegion).toContain('already exists');
  });

  it('leaves no archive behind', () => {
    expect(scenario.archives).toEqual([scenario.upgraded.output('ArchiveBucketName')]);
  });
});

describe('an uninstallation', () => {
  it('ends the functions and their schedule', () => {
    expect(scenario.remains).toMatchObject({ stackExists: false, functions: [], schedules: [] });
  });

  it('leaves the ledger, the archive and the logs as they were', () => {
    expect(scenario.remains.ledger).toEqual(scenario.deletedByHistory.ledger);
    // The alarm was posted to Slack after that.
    const lasting = (objects: readonly string[]) => objects.filter((key) => !key.startsWith('receipts/'));
    expect(lasting(scenario.remains.objects)).toEqual(lasting(scenario.deletedByHistory.objects));
    expect(scenario.remains.logGroups).toEqual(
      expect.arrayContaining([scenario.upgraded.output('RotatorLogGroupName')]),
    );
  });

  it('leaves a table that cannot be deleted by mistake', () => {
    expect(scenario.remains.refusal).toMatch(/deletion protection/i);
  });
});
