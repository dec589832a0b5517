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

/** Where messages arrive. */
type Sink = 'mails' | 'machine' | 'chat' | 'slack';
const sinks: readonly Sink[] = ['mails', 'machine', 'chat', 'slack'];

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
  /** What the functions wrote into their logs since the moment before, as {@link embeddedMetrics} names it. */
  readonly metrics: Readonly<Record<string, number>>;
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
  const seen = { mails: 0, machine: 0, chat: 0, slack: 0, requests: 0, auditor: 0, rotator: 0 };
  /** How much fewer messages have arrived there than were published. Undefined: no one listens there. */
  const missed: Partial<Record<Sink, number>> = {};
  let stack: DeployedStack;

  const log = (of: 'Auditor' | 'Rotator') => readLog(emulator, stack.output(`${of}LogGroupName`));
  const completed = async () => (await log('Rotator')).filter(({ message }) => message === 'sweep completed').length;

  const arrived = (): Readonly<Record<Sink, number>> => ({
    mails: mailbox.mails.length,
    machine: notifications(machine).length,
    chat: notifications(chat).length,
    slack: slack.requests.length,
  });
  const published = async () =>
    (await emulator.requests()).filter(({ action, allowed }) => action === 'sns:Publish' && allowed).length;

  /** Every message that the functions published has arrived wherever it is subscribed. */
  async function delivered(): Promise<void> {
    const all = await published();
    await vi.waitUntil(() => {
      const there = arrived();
      return sinks.every((sink) => there[sink] >= all - (missed[sink] ?? all));
    }, soon);
  }

  const metricsIn = async (of: 'Auditor' | 'Rotator') => (await log(of)).flatMap(embeddedMetrics);

  async function look(): Promise<Moment> {
    await delivered();
    const deadLetters: Record<string, number> = {};
    for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of stack.resources) {
      if (ResourceType !== 'AWS::SQS::Queue') continue;
      deadLetters[LogicalResourceId] = await countMessages(emulator, PhysicalResourceId);
    }
    const requests = await emulator.requests();
    const [auditor, rotator] = [await metricsIn('Auditor'), await metricsIn('Rotator')];
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
      metrics: Object.fromEntries([...auditor.slice(seen.auditor), ...rotator.slice(seen.rotator)]),
      objects: await readObjects(emulator, stack.output('ArchiveBucketName')),
      deadLetters,
    };
    const logged = { auditor: auditor.length, rotator: rotator.length };
    Object.assign(seen, arrived(), { requests: requests.length, ...logged });
    return moment;
  }

  /** Has something start a sweep, and waits for its end. */
  async function sweep(start: () => Promise<void>): Promise<Moment> {
    const before = await completed();
    await start();
    await vi.waitUntil(async () => (await completed()) > before, soon);
    return look();
  }

  const putAuditCompleted = (snapshot: string | undefined) =>
    call('events', 'PutEvents', {
      Entries: [
        {
          Source: 'keysweep',
          DetailType: 'Audit Completed',
          Detail: JSON.stringify({ version: '1', account, snapshot }),
        },
      ],
    });

  return {
    /** Looks at this stack from now on. */
    follow: (deployed: DeployedStack) => {
      stack = deployed;
    },
    /** From now on every message is awaited there. */
    listen: async (...audience: readonly Sink[]) => {
      const [all, there] = [await published(), arrived()];
      for (const sink of audience) {
        missed[sink] = all - there[sink];
        seen[sink] = there[sink];
      }
    },
    look,
    sweep,
    /** The clock passes the hour of the schedule, which starts the sweep. */
    night: (time: string) => sweep(() => emulator.moveTo(time)),
    /** The event of the audit of each of these nights once more, word for word; gives what is to be seen after the last one. */
    replay: async (...nights: readonly Moment[]) => {
      for (const { objects } of nights) {
        const snapshot = objects.filter((key) => key.startsWith('snapshots/')).at(-1);
        const before = await completed();
        await putAuditCompleted(snapshot);
        await vi.waitUntil(async () => (await completed()) > before, soon);
      }
      return look();
    },
    /** An event whose snapshot does not exist: the sweep fails, is tried again, and ends in its queue. */
    poison: async () => {
      await putAuditCompleted(`snapshots/${account}/missing.json`);
      const queue = stack.resources.find(
        ({ ResourceType, LogicalResourceId }) =>
          ResourceType === 'AWS::SQS::Queue' && LogicalResourceId.startsWith('CredentialHygieneRotator'),
      );
      await vi.waitUntil(async () => (await countMessages(emulator, String(queue?.PhysicalResourceId))) > 0, soon);
      return look();
    },
    /** What CloudWatch does when the metric of an alarm crosses its threshold, as anyone may try it on AWS. */
    alarm: async (AlarmName: string) => {
      const [mails, posts] = [mailbox.mails.length, slack.requests.length];
      await call('cloudwatch', 'SetAlarmState', { AlarmName, StateValue: 'ALARM', StateReason: 'tried by hand' });
      await vi.waitUntil(() => mailbox.mails.length > mails && slack.requests.length > posts, soon);
      return look();
    },
    metrics: async () =>
      new Set([...(await metricsIn('Auditor')), ...(await metricsIn('Rotator'))].map(([name]) => name)),
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

/**
 * The metrics that CloudWatch would take from a log line in its embedded metric format, each as
 * `namespace installation=Keysweep service=auditor name` and its value.
 */
function embeddedMetrics(line: Readonly<Record<string, unknown>>): (readonly [string, number])[] {
  const { CloudWatchMetrics = [] } = (line._aws ?? {}) as Partial<EmbeddedMetrics>;
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((dimensions) =>
      Metrics.map(({ Name }) => {
        const name = [
          Namespace,
          ...dimensions.toSorted().map((dimension) => `${dimension}=${line[dimension]}`),
          Name,
        ].join(' ');
        return [name, Number(line[Name])] as const;
      }),
    ),
  );
}
