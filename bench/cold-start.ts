/**
 * Measures a cold start of each deployed function on AWS's own runtime client (npm `aws-lambda-ric`), over the sandbox:
 * from the start of the process to its first request to AWS, and the most memory it used. The forwarder finds its secret
 * and the webhook on loopback as well.
 *
 *   npm run bench:cold-start -- --client FOLDER [--node PATH] [--runs N]
 *
 * FOLDER is that of the installed package; its native part is built at installation, so that it is no dependency of
 * this project. Linux only: the memory is read from /proc.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { connect } from '../aws/session.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import type { Policy } from '../core/policy/policy.ts';
import { bundleModule } from '../lib/bundle-module.ts';
import { seedAccount, startSandbox, textFor } from '../sandbox/index.ts';
import { ledgerTableInput } from '../test/support/ledger-table.ts';
import { median } from './bundle.ts';
import { startRuntimeApi } from './runtime-api.ts';
import { startSlackStandIn } from './slack-stand-in.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    client: { type: 'string' },
    node: { type: 'string', default: process.execPath },
    runs: { type: 'string', default: '5' },
  },
});
if (values.client === undefined || !existsSync(join(values.client, 'index.mjs'))) {
  process.stderr.write('--client FOLDER: where is the package aws-lambda-ric installed?\n');
  process.exit(2);
}
const client = resolve(values.client, 'index.mjs');
const node = values.node;
const runs = Number(values.runs);

/** An account of a usual size: every tenth user has something stale. */
const users = 200;
const bucket = 'evidence';
const table = 'ledger';
const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:keysweep/slack-AbCdEf';
const policy: Policy = { ...defaultPolicy, mode: 'warn' };

interface ColdStart {
  readonly firstRequestMs: number;
  /** VmHWM, in bytes. */
  readonly peakMemory: number;
}

const folder = mkdtempSync(join(tmpdir(), 'keysweep-cold-'));
const sandbox = await startSandbox({
  seed: seedAccount({ users, keysPerUser: 2, staleFraction: 0.1 }),
  now: new Date(),
  clock: 'running',
});
const slack = await startSlackStandIn();
try {
  await prepare();
  const auditor = await measure('auditor', {}, sandbox);
  const completed = sandbox.busEvents.find(({ detailType }) => detailType === 'Audit Completed');
  const rotator = await measure('rotator', { 'detail-type': 'Audit Completed', detail: completed?.detail }, sandbox);
  const forwarder = await measure('forwarder', lastDigest(), slack);
  if (slack.posts.length !== runs) throw new Error(`${slack.posts.length} of ${runs} messages reached the webhook`);
  printTable(
    `Cold start on aws-lambda-ric, ${runs} runs, an account of ${users} users`,
    ['function', 'bundle KiB', 'first request ms (median)', 'fastest', 'peak MiB (most)'],
    [row('auditor', auditor), row('rotator', rotator), row('forwarder', forwarder)],
  );
} finally {
  await Promise.all([sandbox.close(), slack.close()]);
  rmSync(folder, { recursive: true });
}

async function prepare(): Promise<void> {
  sandbox.buckets.create(bucket);
  const { url: endpointUrl, region, credentials } = sandbox;
  const session = connect({ endpointUrl, region, credentials });
  await session.client('dynamodb', DynamoDBClient).send(new CreateTableCommand(ledgerTableInput(table)));
  session.close();
}

/** The latest message to people, as SNS hands it to a function. */
function lastDigest(): object {
  const message = sandbox.messages.findLast(({ topicArn }) => topicArn === sandbox.topicArn('digests'));
  if (message === undefined) throw new Error('the rotator notified no one');
  const Sns = { MessageId: message.id, Subject: message.subject, Message: textFor(message, 'lambda') };
  return { Records: [{ EventSource: 'aws:sns', Sns }] };
}

function row(name: string, starts: readonly ColdStart[]): (string | number)[] {
  const times = starts.map(({ firstRequestMs }) => firstRequestMs);
  const peak = Math.max(...starts.map(({ peakMemory }) => peakMemory));
  const size = statSync(join(folder, name, 'index.mjs')).size;
  return [name, Math.round(size / 1024), median(times), Math.min(...times), Math.round(peak / 2 ** 20)];
}

/** Where a function's requests come in. */
interface Endpoint {
  readonly url: string;
  readonly requests: readonly { readonly at: Date }[];
}

async function measure(
  name: 'auditor' | 'rotator' | 'forwarder',
  event: unknown,
  endpoint: Endpoint,
): Promise<readonly ColdStart[]> {
  const target = join(folder, name);
  mkdirSync(target);
  const entry = join(import.meta.dirname, `../lambda/${name}/index.ts`);
  for (const file of bundleModule(entry)) writeFileSync(join(target, file.name), file.contents);
  writeFileSync(join(target, 'policy.json'), JSON.stringify(policy));
  const starts: ColdStart[] = [];
  for (let run = 0; run < runs; run++) starts.push(await startCold(target, event, endpoint));
  return starts;
}

async function startCold(target: string, event: unknown, endpoint: Endpoint): Promise<ColdStart> {
  const api = await startRuntimeApi(event, sandbox.account.id);
  const before = endpoint.requests.length;
  const startedAt = sandbox.clock.now().getTime();
  const child = spawn(node, [client, 'index.handler'], {
    cwd: target,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      ...sandbox.environment,
      AWS_ENDPOINT_URL: endpoint.url,
      // The forwarder keeps a receipt, and asks whose bucket that is.
      AWS_ENDPOINT_URL_S3: sandbox.url,
      AWS_ENDPOINT_URL_STS: sandbox.url,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: 'keysweep',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/keysweep',
      AWS_LAMBDA_LOG_STREAM_NAME: 'cold-start',
      LAMBDA_TASK_ROOT: target,
      _HANDLER: 'index.handler',
      NODE_OPTIONS: '--enable-source-maps',
      KEYSWEEP_ALERT_TOPIC_ARN: sandbox.topicArn('alerts'),
      KEYSWEEP_DIGEST_TOPIC_ARN: sandbox.topicArn('digests'),
      KEYSWEEP_LEDGER_TABLE: table,
      KEYSWEEP_BUCKET: bucket,
      KEYSWEEP_EVENT_BUS: 'default',
      KEYSWEEP_INSTALLATION: 'Keysweep',
      KEYSWEEP_SLACK_WEBHOOK_SECRET: secret,
    },
  });
  try {
    await Promise.race([api.answer, ended(child)]);
    const first = endpoint.requests[before];
    if (first === undefined) throw new Error('the function asked nothing of AWS');
    return { firstRequestMs: first.at.getTime() - startedAt, peakMemory: peakOf(child) };
  } finally {
    child.kill('SIGKILL');
    await api.close();
  }
}

function ended(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the runtime client ended with ${code}`)));
  });
}

function peakOf({ pid }: ChildProcess): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
