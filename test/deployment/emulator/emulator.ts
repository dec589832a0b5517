import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The account of the emulator, and the region that everything is deployed to. */
export const account = '111122223333';
export const region = 'eu-central-1';

/** A running ministack: an emulated AWS account that enforces IAM policies, over TLS, with a movable clock. */
export interface Emulator {
  readonly url: string;
  /** PEM files of its certificate for localhost and 127.0.0.1, which its functions trust too. */
  readonly certificate: string;
  readonly key: string;
  /** Environment of a program that is to use the account as its owner, at its time. */
  readonly environment: Readonly<Record<string, string>>;
  /** The time in the account. */
  now(): Promise<Date>;
  /** Sets the clock of the account and its functions; schedules that came due in between fire. */
  moveTo(time: string): Promise<void>;
  /** Says when a key (by id), `password of USER` or `root` was last used, which the emulator does not see by itself. */
  use(name: string, last: LastUse): Promise<void>;
  /** A request of the account's owner, in the words of the AWS API. Throws {@link AwsError}. */
  call<Answer = unknown>(service: string, operation: string, parameters?: object): Promise<Answer>;
  /** Every request so far that a policy was asked about, allowed or not. */
  requests(): Promise<readonly AwsRequest[]>;
  /** What it wrote to stderr: its own log, with that of its functions. */
  log(): string;
  close(): Promise<void>;
}

export interface LastUse {
  /** `always`: three hours ago, whenever that is asked. */
  readonly at: Date | 'always';
  readonly service?: string;
  readonly region?: string;
}

/** A request as IAM saw it. */
export interface AwsRequest {
  /** Name of the caller's role; `root` for the account's owner. */
  readonly caller: string;
  /** Such as `iam:ListAccessKeys`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  readonly allowed: boolean;
  /** Of a request that was not allowed: the code of its error, or what the policies decided. */
  readonly refusal?: string | null;
}

/** A request of the account's owner that the emulator refused. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
  }
}

export interface EmulatorOptions {
  /** For all of its files; must exist. */
  readonly folder: string;
  /** Port of loopback that takes what it sends by e-mail. */
  readonly smtpPort: number;
  /** The Node.js that runs functions; that of the test unless KEYSWEEP_LAMBDA_NODE names another one. */
  readonly node?: string;
  /** A Python that has requirements.txt; that of .venv-deployment unless KEYSWEEP_DEPLOYMENT_PYTHON names another one. */
  readonly python?: string;
}

const script = fileURLToPath(new URL('serve.py', import.meta.url));
const preload = new URL('movable-clock.mjs', import.meta.url).href;
const defaultPython = fileURLToPath(new URL('../../../.venv-deployment/bin/python', import.meta.url));

/** Variables that would let the machine's own AWS configuration, or a proxy, into the emulated account. */
const foreign = /^(AWS_|CDK_|(HTTPS?|ALL|NO)_PROXY$|NODE_OPTIONS$|VITEST)/i;

/** Starts ministack. Throws where that cannot be, with what to do about it. */
export async function startEmulator({
  folder,
  smtpPort,
  node = process.env.KEYSWEEP_LAMBDA_NODE || process.execPath,
  python = process.env.KEYSWEEP_DEPLOYMENT_PYTHON || defaultPython,
}: EmulatorOptions): Promise<Emulator> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  const child = spawn(python, [script, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // It starts functions as `node`.
    env: {
      ...inherited,
      PATH: `${dirname(node)}:${process.env.PATH}`,
      KEYSWEEP_TEST_SMTP_PORT: String(smtpPort),
    },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = `${log}${text}`.slice(-2_000_000);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(log.slice(-4_000).trim()));
  });
  // A command to an emulator that has ended fails with the reason, not with a broken pipe.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function readLine<T>(): Promise<T> {
    const { done, value } = await lines.next();
    if (done !== true) return JSON.parse(value) as T;
    throw new Error(
      `ministack does not run with ${python}: ${await ended}\n` +
        'run VENV=.venv-deployment scripts/setup-python.sh test/deployment/requirements.txt',
    );
  }

  /** Answers come in the order of the commands: one at a time. */
  let last: Promise<unknown> = Promise.resolve();
  function command<T>(line: object): Promise<T> {
    const answer = last.then(async () => {
      child.stdin.write(`${JSON.stringify(line)}\n`);
      const { answer, error } = await readLine<{ answer: T; error?: { code: string; message: string } }>();
      if (error !== undefined) throw new AwsError(error.code, error.message);
      return answer;
    });
    last = answer.catch(() => {});
    return answer;
  }

  const { url, certificate, key, clock } = await readLine<Record<'url' | 'certificate' | 'key' | 'clock', string>>();
  return {
    url,
    certificate,
    key,
    environment: {
      ...(inherited as Record<string, string>),
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: region,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CA_BUNDLE: certificate,
      NODE_EXTRA_CA_CERTS: certificate,
      NODE_OPTIONS: `--import=${preload}`,
      KEYSWEEP_TEST_CLOCK: clock,
    },
    now: async () => new Date(Date.now() + Number(await readFile(clock, 'utf8'))),
    moveTo: async (time) => {
      await command({ moveTo: time });
    },
    use: async (name, { at, service = 'ec2', region: where = region }) => {
      await command({ use: name, at: at === 'always' ? null : at.getTime() / 1000, service, region: where });
    },
    call: (service, operation, parameters = {}) => command({ call: [service, operation, parameters] }),
    requests: () => command({ requests: [] }),
    log: () => log,
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
