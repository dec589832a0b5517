import { vi } from 'vitest';
import {
  countMessages,
  type DeployedStack,
  type LedgerItem,
  readKeys,
  readLedger,
  readLog,
  readObjects,
} from './deployed-account.ts';
import { type AwsRequest, account, type Emulator } from './emulator/emulator.ts';
import type { Mail, Mailbox, Webhook, WebhookRequest } from './sinks.ts';

/** How long anything that happens by itself may take, in milliseconds, on a machine with much else to do. */
const patience = 120_000;
export const soon = { timeout: patience, interval: 250 };

export interface Place {
  readonly emulator: Emulator;
  readonly mailbox: Mailbox;
  readonly machine: Webhook;
  readonly chat: Webhook;
  readonly slack: Webhook;
  /** For policy files and the output of the CDK. */
  readonly folder: string;
}

/** What is to be seen from outside at one moment. */
export interface Moment {
  readonly ledger: readonly LedgerItem[];
  /** Status by key id, of each user. */
  readonly keys: Readonly<
    Record<'deployer' | 'reporter' | 'newcomer' | 'breakGlass', Readonly<Record<string, string>>>
  >;
  /** Messages since the moment before. */
  readonly mails: readonly Mail[];
  /** As a machine that subscribed by http gets them. */
  readonly machine: readonly SnsNotification[];
  /** As a chat that subscribed by https gets them. */
  readonly chat: readonly SnsNotification[];
  /** As they arrive at the incoming webhook of Slack. */
  readonly slack: readonly WebhookRequest[];
  /** Requests since the moment before. */
  readonly requests: readonly AwsRequest[];
  readonly objects: readonly string[];
  readonly deadLetters: Readonly<Record<string, number>>;
}

/** The body that SNS posts. */
export interface SnsNotification {
  readonly Type: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
}

/** Looks at the account, and waits for what happens in it by itself. */
export function createWatch({ emulator, mailbox, machine, chat, slack }: Place) {
  const { call } = emulator;
  const seen = { mails: 0, machine: 0, chat: 0, slack: 0, requests: 0 };
  let stack: DeployedStack;

  const log = (of: 'Auditor' | 'Rotator') => readLog(emulator, stack.output(`${of}LogGroupName`));
  const completed = async () => (await log('Rotator')).filter(({ message }) => message === 'rotation completed').length;

  /** Every message that the functions published has arrived wherever it is subscribed. */
  async function delivered(): Promise<void> {
    const published = (await emulator.requests()).filter(
      ({ action, allowed }) => action === 'sns:Publish' && allowed,
    ).length;
    await vi.waitUntil(
      () =>
        [mailbox.mails, notifications(machine), notifications(chat), slack.requests].every(
          ({ length }) => length >= published,
        ),
      soon,
    );
  }

  async function look(): Promise<Moment> {
    await delivered();
    const deadLetters: Record<string, number> = {};
    for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of stack.resources) {
      if (ResourceType !== 'AWS::SQS::Queue') continue;
      deadLetters[LogicalResourceId] = await countMessages(emulator, PhysicalResourceId);
    }
    const requests = await emulator.requests();
    const moment = {
      ledger: await readLedger(emulator, stack.output('LedgerTableName')),
      keys: {
        deployer: await readKeys(emulator, 'deployer'),
        reporter: await readKeys(emulator, 'reporter'),
        newcomer: await readKeys(emulator, 'newcomer'),
        breakGlass: await readKeys(emulator, 'break-glass-1'),
      },
      mails: mailbox.mails.slice(seen.mails),
      machine: notifications(machine).slice(seen.machine),
      chat: notifications(chat).slice(seen.chat),
      slack: slack.requests.slice(seen.slack),
      requests: requests.slice(seen.requests),
      objects: await readObjects(emulator, stack.output('ArchiveBucketName')),
      deadLetters,
    };
    seen.mails = mailbox.mails.length;
    seen.machine = notifications(machine).length;
    seen.chat = notifications(chat).length;
    seen.slack = slack.requests.length;
    seen.requests = requests.length;
    return moment;
  }

  /** Has something start a sweep, and waits for its end. */
  async function sweep(start: () => Promise<void>): Promise<Moment> {
    const before = await completed();
    await start();
    await vi.waitUntil(async () => (await completed()) > before, soon);
    return look();
  }

  return {
    /** Looks at this stack from now on. */
    follow: (deployed: DeployedStack) => {
      stack = deployed;
    },
    look,
    sweep,
    /** The clock passes the hour of the schedule, which starts the sweep. */
    night: (time: string) => sweep(() => emulator.moveTo(time)),
    /** An event whose snapshot does not exist: the rotation fails, is tried again, and ends in its queue. */
    poison: async () => {
      await call('events', 'PutEvents', {
        Entries: [
          {
            Source: 'keysweep',
            DetailType: 'Audit Completed',
            Detail: JSON.stringify({ version: '1', account, snapshot: `snapshots/${account}/missing.json` }),
          },
        ],
      });
      const queue = stack.resources.find(
        ({ ResourceType, LogicalResourceId }) =>
          ResourceType === 'AWS::SQS::Queue' && LogicalResourceId.startsWith('CredentialHygieneRotator'),
      );
      await vi.waitUntil(async () => (await countMessages(emulator, String(queue?.PhysicalResourceId))) > 0, soon);
      return look();
    },
    /** What CloudWatch does when the metric of an alarm crosses its threshold, as anybody may try it on AWS. */
    alarm: async (AlarmName: string) => {
      const [mails, posts] = [mailbox.mails.length, slack.requests.length];
      await call('cloudwatch', 'SetAlarmState', { AlarmName, StateValue: 'ALARM', StateReason: 'tried by hand' });
      await vi.waitUntil(() => mailbox.mails.length > mails && slack.requests.length > posts, soon);
      return look();
    },
    metrics: async () => {
      const lines = [...(await log('Auditor')), ...(await log('Rotator'))];
      return new Set(lines.flatMap(embeddedMetrics));
    },
  };
}

function notifications({ requests }: Webhook): readonly SnsNotification[] {
  return requests.map(({ body }) => JSON.parse(body) as SnsNotification).filter(({ Type }) => Type === 'Notification');
}

interface EmbeddedMetrics {
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string;
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string }[];
  }[];
}

/** The metrics that CloudWatch would take from a log line in its embedded metric format: `namespace service=auditor name`. */
function embeddedMetrics(line: Readonly<Record<string, unknown>>): string[] {
  const { CloudWatchMetrics = [] } = (line._aws ?? {}) as Partial<EmbeddedMetrics>;
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((dimensions) =>
      Metrics.map(({ Name }) =>
        [Namespace, ...dimensions.map((dimension) => `${dimension}=${line[dimension]}`), Name].join(' '),
      ),
    ),
  );
}
