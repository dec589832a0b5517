import { createClock, type SandboxClock } from './clock.ts';
import { Faults } from './faults.ts';
import { Dispatcher } from './http/dispatcher.ts';
import { startServer } from './http/server.ts';
import type { PagingOptions } from './paging.ts';
import { Permissions } from './permissions.ts';
import { type RateLimit, RateLimits } from './rate-limits.ts';
import { RequestLog, type RequestRecord } from './request-log.ts';
import { cloudtrail } from './services/cloudtrail.ts';
import { dynamodb } from './services/dynamodb/index.ts';
import { events } from './services/events.ts';
import { iam } from './services/iam/index.ts';
import { kms } from './services/kms.ts';
import { s3 } from './services/s3.ts';
import { sns } from './services/sns.ts';
import { HttpDelivery } from './services/sns-delivery.ts';
import { ssm } from './services/ssm.ts';
import { sts } from './services/sts.ts';
import { SandboxAccount } from './state/account.ts';
import { Buckets } from './state/buckets.ts';
import type { BusEvent } from './state/bus-event.ts';
import { readFilterPolicy } from './state/filter-policy.ts';
import { IdSource } from './state/ids.ts';
import { Journal, type WriteRecord } from './state/journal.ts';
import type { PublishedMessage } from './state/messages.ts';
import { Parameters } from './state/parameters.ts';
import { ReportGeneration, type ReportOptions } from './state/report-generation.ts';
import type { AccountSeed } from './state/seed.ts';
import { validateSeed } from './state/seed-validation.ts';
import { Sessions } from './state/sessions.ts';
import { Tables } from './state/tables.ts';
import { type DeliveryAttempt, Topics } from './state/topics.ts';
import { Trail } from './state/trail.ts';
import type { World } from './world.ts';

/** What it answers; everything else is refused. */
export const services = [iam, sts, sns, dynamodb, s3, events, ssm, kms, cloudtrail] as const;

export interface SandboxOptions {
  /** Default: an account of the number 123456789012 with a root user and no one else. */
  readonly seed?: AccountSeed;
  /** Where the clock starts. Default: the seed's `now`, else the machine's time. */
  readonly now?: Date;
  /** `frozen` (default): the clock moves when it is moved. `running`: it also runs along with real time. */
  readonly clock?: 'frozen' | 'running';
  /** Default: any free port. */
  readonly port?: number;
  /** The region of `environment`. Default us-east-1. */
  readonly region?: string;
  /** The API actions that the credentials of `environment` may call, as globs. Default: all. */
  readonly allow?: readonly string[];
  readonly report?: ReportOptions;
  /** How long IAM takes to show that a key or password was used, in milliseconds. Default 10 minutes. */
  readonly lastUsedLagMs?: number;
  /** How long CloudTrail takes to show an event, in milliseconds. Default 5 minutes. */
  readonly trailDelayMs?: number;
  readonly paging?: PagingOptions;
  /** Token buckets, beside AWS's own on LookupEvents. Default: none. */
  readonly rateLimits?: readonly RateLimit[];
  /** Monotonic milliseconds for rate limits and a running clock. Default: performance.now. */
  readonly timeSource?: () => number;
  /** Real milliseconds before each answer. Default 0. */
  readonly latencyMs?: number;
  /** How SNS subscriptions that need a confirmation get it. Default automatic. */
  readonly subscriptionConfirmation?: 'automatic' | 'handshake';
  /** Called with each message as it is published to a topic. Must not throw. */
  readonly onMessage?: (message: PublishedMessage) => void;
  /** Seeds what is random: faults with a probability, secrets, message ids. Default 0. */
  readonly randomSeed?: number;
  /** How many requests and events are kept. Default 100,000. */
  readonly historyLimit?: number;
}

/** Credentials in the shape in which the AWS SDK takes them. */
export interface SandboxCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A running local AWS account. */
export interface Sandbox {
  /** The endpoint of every service: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly region: string;
  /** Of a session of the role KeysweepOperator, which is in no report. They never expire. */
  readonly credentials: SandboxCredentials;
  /** What to export so that any AWS tool talks to the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly permissions: Permissions;
  readonly account: SandboxAccount;
  /** Every request, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** How many requests came in by action, refused ones included. */
  requestCounts(): Record<string, number>;
  /** Forgets the requests so far. */
  clearRequests(): void;
  /** Every change of IAM, by a request or by a person, in the order in which they happened. */
  readonly writes: readonly WriteRecord[];
  /** Every message published to a topic. */
  readonly messages: readonly PublishedMessage[];
  /** Every attempt to post a message to a subscriber. */
  readonly deliveries: readonly DeliveryAttempt[];
  /** The DynamoDB tables, to be made and looked into. */
  readonly tables: Tables;
  /** The S3 buckets, to be made and looked into. */
  readonly buckets: Buckets;
  /** The parameters of Systems Manager, to be made. */
  readonly parameters: Parameters;
  /** The policies of KMS keys by the ARN of the key, to be made. */
  readonly keyPolicies: Map<string, string>;
  /** Every event put on EventBridge's default bus. */
  readonly busEvents: readonly BusEvent[];
  /** Resolves when every message has reached its subscribers or was given up. */
  deliveriesSettled(): Promise<void>;
  /** The ARN of the topic of that name, made if need be. No one is subscribed to a new one. */
  topicArn(name: string): string;
  /** The SNS topics and their subscriptions, to be made and looked into. */
  readonly topics: Topics;
  setRateLimits(limits: readonly RateLimit[]): void;
  /** The most requests that were being answered at the same time. */
  peakConcurrency(): number;
  /** Ends every connection and stops listening. May be called again. */
  close(): Promise<void>;
}

/** Starts a local AWS account on loopback. @throws SeedError */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const seed = options.seed ?? { id: '123456789012', users: [] };
  const timeSource = options.timeSource ?? (() => performance.now());
  const start = options.now ?? (seed.now === undefined ? new Date() : new Date(seed.now));
  const clock = createClock({ start, running: options.clock === 'running', timeSource });
  validateSeed(seed, start.getTime());
  const parts = build(seed, clock, options, timeSource);
  const { world, dispatcher, delivery } = parts;
  const { port = 0, latencyMs = 0, region = 'us-east-1' } = options;
  const server = await startServer({ port, latencyMs, handle: (request) => dispatcher.handle(request) });
  parts.urlHolder.url = server.url;
  const credentials = operatorCredentials(world, options.allow);
  let closing: Promise<void> | undefined;
  return {
    url: server.url,
    region,
    credentials,
    environment: environmentOf(server.url, region, credentials),
    clock,
    faults: parts.faults,
    permissions: world.permissions,
    account: world.account,
    get requests() {
      return parts.log.records();
    },
    requestCounts: () => parts.log.counts(),
    clearRequests: () => parts.log.clear(),
    writes: parts.journal.writes,
    messages: world.topics.messages,
    deliveries: delivery.attempts,
    tables: world.tables,
    buckets: world.buckets,
    parameters: world.parameters,
    keyPolicies: world.keyPolicies,
    busEvents: world.busEvents,
    deliveriesSettled: () => delivery.settled(),
    topicArn: (name) => world.topics.create(name, region).arn,
    topics: world.topics,
    setRateLimits: (limits) => parts.rateLimits.set(limits),
    peakConcurrency: () => server.peakConcurrency(),
    close() {
      closing ??= delivery.close().then(() => server.close());
      return closing;
    },
  };
}

function build(seed: AccountSeed, clock: SandboxClock, options: SandboxOptions, timeSource: () => number) {
  const { randomSeed = 0, historyLimit = 100_000 } = options;
  const ids = new IdSource(seed.id, randomSeed);
  const trail = new Trail(historyLimit);
  const journal = new Journal(trail);
  const account = new SandboxAccount(seed, {
    clock,
    ids,
    trail,
    journal,
    lastUsedLagMs: options.lastUsedLagMs ?? 600_000,
  });
  const urlHolder = { url: '' };
  const delivery = new HttpDelivery({ clock, sandboxUrl: () => urlHolder.url });
  const world: World = {
    clock,
    account,
    report: new ReportGeneration(account, clock, options.report ?? {}),
    sessions: new Sessions(ids),
    topics: new Topics({
      clock,
      accountId: account.id,
      partition: account.partition,
      ids,
      delivery,
      confirmation: options.subscriptionConfirmation ?? 'automatic',
      onPublish: options.onMessage,
    }),
    tables: new Tables(),
    buckets: new Buckets(),
    parameters: new Parameters(),
    keyPolicies: new Map(),
    busEvents: [],
    trail,
    permissions: new Permissions(),
    ids,
    paging: options.paging ?? {},
    trailDelayMs: options.trailDelayMs ?? 300_000,
    machineTime: () => new Date(),
  };
  seedPermissions(seed, world);
  seedTopics(seed, world);
  const faults = new Faults(randomSeed);
  const rateLimits = new RateLimits(options.rateLimits ?? [], timeSource);
  const log = new RequestLog(historyLimit);
  const dispatcher = new Dispatcher({ world, services, faults, rateLimits, log });
  return { world, dispatcher, delivery, faults, rateLimits, log, journal, urlHolder };
}

function seedPermissions(seed: AccountSeed, world: World): void {
  for (const user of seed.users) {
    if (user.allow !== undefined) {
      world.permissions.allow(world.account.user(user.name).arn, user.allow);
    }
  }
  for (const [index, role] of (seed.roles ?? []).entries()) {
    const arn = world.account.roles[index]?.arn;
    if (role.allow !== undefined && arn !== undefined) {
      world.permissions.allow(arn, role.allow);
    }
  }
}

function seedTopics(seed: AccountSeed, world: World): void {
  for (const { name, region, subscriptions } of seed.topics ?? []) {
    const topic = world.topics.create(name, region ?? 'us-east-1');
    for (const { protocol, endpoint, confirmed = true, filterPolicy } of subscriptions ?? []) {
      const filter = filterPolicy === undefined ? undefined : readFilterPolicy(JSON.stringify(filterPolicy));
      world.topics.subscribe(topic, protocol, endpoint, { confirmed, filter });
    }
  }
}

/** A role's session, as an auditor signs in with: it leaves no trace in the account that is audited. */
function operatorCredentials(world: World, allow: readonly string[] | undefined): SandboxCredentials {
  const { id, partition } = world.account;
  const arn = `arn:${partition}:iam::${id}:role/KeysweepOperator`;
  const role = { name: 'KeysweepOperator', id: world.ids.next('AROA'), arn };
  if (allow !== undefined) {
    world.permissions.allow(arn, allow);
  }
  const sessionName = 'operator';
  const session = world.sessions.create({ partition, accountId: id, role, sessionName, expiresAt: undefined });
  const { accessKeyId, secretAccessKey, sessionToken } = session;
  return { accessKeyId, secretAccessKey, sessionToken };
}

function environmentOf(url: string, region: string, credentials: SandboxCredentials): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
