/**
 * The deployed service on one machine: the bundles of auditor and rotator as `cdk deploy` makes them, over the sandbox,
 * and between them what AWS promises: EventBridge and Lambda deliver at least once, try a failed event three times in
 * all, and then keep it in a dead-letter queue.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { onTestFinished, vi } from 'vitest';
import { createDynamoDbLedger } from '../../aws/dynamodb-ledger.ts';
import { DAY, MINUTE } from '../../core/duration.ts';
import type { Duration } from '../../core/model.ts';
import type { NoticeData } from '../../core/notice.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { bundleModule } from '../../lib/bundle-module.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { connectSandbox, makeReport } from './aws-sandbox.ts';
import { createLedgerTable } from './ledger-table.ts';
import { listenTo } from './listeners.ts';
import { account, fewKeys, firstNight } from './sweep-world.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const bucket = 'keysweep-evidence';
const table = 'keysweep-ledger';

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Bundles the entry of a function; deleted after the tests of the file. Returns the path of the module. */
export function bundleFunction(name: 'auditor' | 'rotator' | 'forwarder'): string {
  const folder = temporaryDirectory(name);
  const entry = join(import.meta.dirname, `../../lambda/${name}/index.ts`);
  for (const file of bundleModule(entry)) writeFileSync(join(folder, file.name), file.contents);
  return join(folder, 'index.mjs');
}

/** The same, loaded into this process. */
export async function loadBundle(name: 'auditor' | 'rotator' | 'forwarder'): Promise<Handler> {
  const module: { readonly handler: Handler } = await import(pathToFileURL(bundleFunction(name)).href);
  return module.handler;
}

export interface Handlers {
  readonly auditor: Handler;
  readonly rotator: Handler;
}

/** How an asynchronous invocation ended: after how many tries, and with what error where all of them failed. */
export interface Invocation {
  readonly tries: number;
  /** The last answer. */
  readonly result?: unknown;
  /** What the dead-letter queue would hold. */
  readonly deadLetter?: { readonly event: unknown; readonly error: Error };
}

const maxTries = 3;
const wholeTime = () => 15 * MINUTE;

/** Messages for people: of the alert topic; of the digest topic the auditor's about findings, and all others. */
export type Published = 'alerts' | 'news' | 'digests';

export interface DeploymentOptions {
  readonly policy: Policy;
  readonly seed?: AccountSeed;
}

/**
 * What a deployment has beside its functions, and what came of them: on the seed's present, or on the first night, in the
 * sandbox's time. Changes nothing of this process, so that there may be many at once.
 */
export async function openDeployment({ policy, seed = fewKeys }: DeploymentOptions) {
  const now = presentOf(seed);
  const { sandbox, session, source } = await connectSandbox({ sandbox: { seed, now } });
  const folder = temporaryDirectory('deployed');
  await createLedgerTable(session.client('dynamodb', DynamoDBClient), table);
  sandbox.buckets.create(bucket);
  const ledger = createDynamoDbLedger(session, table);
  const deployPolicy = (policy: Policy) => writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
  deployPolicy(policy);
  const published = (what: Published) =>
    sandbox.messages.filter(({ topicArn, attributes }) => {
      const isNews = attributes.kind?.value === 'findings';
      return topicArn.endsWith(what === 'alerts' ? ':alerts' : ':digests') && isNews === (what === 'news');
    });
  return {
    sandbox,
    session,
    source,
    ledger,
    /** What the functions have in their environment. */
    variables: {
      ...sandbox.environment,
      LAMBDA_TASK_ROOT: folder,
      KEYSWEEP_INSTALLATION: 'Keysweep',
      KEYSWEEP_ALERT_TOPIC_ARN: listenTo(sandbox, 'alerts'),
      KEYSWEEP_DIGEST_TOPIC_ARN: listenTo(sandbox, 'digests'),
      KEYSWEEP_LEDGER_TABLE: table,
      KEYSWEEP_BUCKET: bucket,
      KEYSWEEP_EVENT_BUS: 'default',
    },
    deployPolicy,
    /** The events that the rule passes on to the rotator, oldest first. */
    completed: () =>
      sandbox.busEvents
        .filter(({ detailType }) => detailType === 'Audit Completed')
        .map(({ source, detailType, detail, id }) => ({ version: '0', id, source, 'detail-type': detailType, detail })),
    /** `Inactive KEY` and `deleted KEY` for each change that IAM was asked for, in order. */
    changes: (): readonly string[] =>
      sandbox.writes
        .filter(({ by }) => by === 'api')
        .map(({ accessKeyId, statusAfter }) => `${statusAfter ?? 'deleted'} ${accessKeyId}`),
    /** Subjects of what was published. */
    subjects: (what: Published): readonly (string | undefined)[] => published(what).map(({ subject }) => subject),
    /** Texts of its e-mails. */
    mails: (what: Published): readonly string[] => published(what).map(({ bodies }) => bodies.email ?? ''),
    /** What programs get of it. */
    notices: (what: Published): readonly NoticeData[] =>
      published(what).map(({ bodies }) => JSON.parse(bodies.default ?? '')),
    stages: async (): Promise<Readonly<Record<string, string>>> =>
      Object.fromEntries(
        (await ledger.entries(account)).entries.map(({ credential, stage }) => [credential.id, stage]),
      ),
  };
}

export type Deployment = Awaited<ReturnType<typeof openDeployment>>;

function presentOf({ now }: AccountSeed): Date {
  return now === undefined ? firstNight : new Date(now);
}

export interface ServiceOptions extends DeploymentOptions {
  /** What Lambda says is left of an invocation of the rotator, in milliseconds. @default 15 minutes, whenever asked */
  readonly remainingTime?: () => Duration;
}

/** A deployment whose functions run in this process, whose time and environment are the deployment's until the test ends. */
export async function deployService({ auditor, rotator }: Handlers, options: ServiceOptions) {
  let remainingTime = options.remainingTime ?? wholeTime;
  // It goes on from there: the SDK's rate limiter waits for time to pass.
  vi.useFakeTimers({ toFake: ['Date'], now: presentOf(options.seed ?? fewKeys), shouldAdvanceTime: true });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const deployment = await openDeployment(options);
  const { sandbox, variables, completed } = deployment;
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);

  async function invoke(handler: Handler, event: unknown, remaining: () => Duration): Promise<Invocation> {
    for (let tries = 1; ; tries++) {
      const invokedFunctionArn = `arn:aws:lambda:us-east-1:${sandbox.account.id}:function:keysweep`;
      const context = { awsRequestId: 'request', invokedFunctionArn, getRemainingTimeInMillis: remaining };
      try {
        return { tries, result: await handler(event, context as unknown as Context) };
      } catch (error) {
        if (tries === maxTries) return { tries, deadLetter: { event, error: error as Error } };
      }
    }
  }

  /** The credential report is there already, unless a fault forbids it: waiting for it takes real time. */
  async function audit(event: unknown): Promise<Invocation> {
    await makeReport(sandbox).catch(() => {});
    return invoke(auditor, event, wholeTime);
  }
  const rotate = (event: unknown) => invoke(rotator, event, () => remainingTime());
  return {
    ...deployment,
    setRemainingTime: (next: () => Duration) => {
      remainingTime = next;
    },
    audit: (event: unknown = { 'detail-type': 'Scheduled Event' }) => audit(event),
    rotate,
    /** Audit and sweep, by the latest event on the bus. */
    async night() {
      return { audit: await audit({}), rotator: await rotate(completed().at(-1)) };
    },
    /** Moves on by days and a minute: no night begins to the millisecond a day after the last. */
    pass(days: number): void {
      sandbox.clock.advance(days * DAY + MINUTE);
      vi.setSystemTime(sandbox.clock.now());
    },
  };
}
