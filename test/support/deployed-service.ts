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
import type { Policy } from '../../core/policy/policy.ts';
import { bundleModule } from '../../lib/bundle-module.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { connectSandbox } from './aws-sandbox.ts';
import { createLedgerTable } from './ledger-table.ts';
import { account, fewKeys, firstNight } from './rotation-world.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const bucket = 'keysweep-evidence';
const table = 'keysweep-ledger';

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Bundles the entry of a function and loads what comes out; gone after the tests of the file. */
export async function loadBundle(name: 'auditor' | 'rotator' | 'forwarder'): Promise<Handler> {
  const folder = temporaryDirectory(name);
  const entry = join(import.meta.dirname, `../../lambda/${name}/index.ts`);
  for (const file of bundleModule(entry)) writeFileSync(join(folder, file.name), file.contents);
  const module: { readonly handler: Handler } = await import(pathToFileURL(join(folder, 'index.mjs')).href);
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

export interface ServiceOptions {
  readonly policy: Policy;
  readonly seed?: AccountSeed;
  /** What Lambda says is left of an invocation of the rotator, in milliseconds. @default 15 minutes, whenever asked */
  readonly remainingTime?: () => Duration;
}

/** A deployment on the seed's present, or on the first night; its machine time is the sandbox's. */
export async function deployService({ auditor, rotator }: Handlers, options: ServiceOptions) {
  const { seed = fewKeys } = options;
  const now = seed.now === undefined ? firstNight : new Date(seed.now);
  let remainingTime = options.remainingTime ?? (() => 15 * MINUTE);
  // It goes on from there: the SDK's rate limiter waits for time to pass.
  vi.useFakeTimers({ toFake: ['Date'], now, shouldAdvanceTime: true });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { sandbox, session } = await connectSandbox({ sandbox: { seed, now } });
  const folder = temporaryDirectory('deployed');
  await createLedgerTable(session.client('dynamodb', DynamoDBClient), table);
  sandbox.buckets.create(bucket);
  const variables = {
    ...sandbox.environment,
    LAMBDA_TASK_ROOT: folder,
    KEYSWEEP_ALERT_TOPIC_ARN: sandbox.topicArn('alerts'),
    KEYSWEEP_DIGEST_TOPIC_ARN: sandbox.topicArn('digests'),
    KEYSWEEP_LEDGER_TABLE: table,
    KEYSWEEP_BUCKET: bucket,
    KEYSWEEP_EVENT_BUS: 'default',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  deployPolicy(options.policy);

  function deployPolicy(policy: Policy): void {
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
  }

  async function invoke(handler: Handler, event: unknown): Promise<Invocation> {
    for (let tries = 1; ; tries++) {
      const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => remainingTime() };
      try {
        return { tries, result: await handler(event, context as unknown as Context) };
      } catch (error) {
        if (tries === maxTries) return { tries, deadLetter: { event, error: error as Error } };
      }
    }
  }

  const completed = () =>
    sandbox.busEvents
      .filter(({ detailType }) => detailType === 'Audit Completed')
      .map(({ source, detailType, detail, id }) => ({ version: '0', id, source, 'detail-type': detailType, detail }));

  return {
    sandbox,
    ledger: createDynamoDbLedger(session, table),
    deployPolicy,
    setRemainingTime: (next: () => Duration) => {
      remainingTime = next;
    },
    /** The events that the rule passes on to the rotator, oldest first. */
    completed,
    audit: () => invoke(auditor, { 'detail-type': 'Scheduled Event' }),
    rotate: (event: unknown) => invoke(rotator, event),
    /** Audit and rotation, by the latest event on the bus. */
    async night() {
      const audit = await invoke(auditor, {});
      const rotation = await invoke(rotator, completed().at(-1));
      return { audit, rotation };
    },
    /** Moves on by days and a minute: no night begins to the millisecond a day after the last. */
    pass(days: number): void {
      sandbox.clock.advance(days * DAY + MINUTE);
      vi.setSystemTime(sandbox.clock.now());
    },
    /** `Inactive KEY` and `deleted KEY` for each deed that IAM was asked for, in order. */
    deeds: (): readonly string[] =>
      sandbox.writes
        .filter(({ by }) => by === 'api')
        .map(({ accessKeyId, statusAfter }) => `${statusAfter ?? 'deleted'} ${accessKeyId}`),
    /** Subjects of what was published to a topic. */
    subjects: (topic: 'alerts' | 'digests'): readonly (string | undefined)[] =>
      sandbox.messages.filter(({ topicArn }) => topicArn.endsWith(`:${topic}`)).map(({ subject }) => subject),
    stages: async (): Promise<Readonly<Record<string, string>>> =>
      Object.fromEntries(
        (await createDynamoDbLedger(session, table).entries(account)).map(({ credential, stage }) => [
          credential.id,
          stage,
        ]),
      ),
  };
}
