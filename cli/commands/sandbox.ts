import { type Command, Option } from 'commander';
import { KeysweepError } from '../../core/error.ts';
import { printable } from '../../reports/printable.ts';
import { counted } from '../../reports/words.ts';
import type { PublishedMessage, Sandbox } from '../../sandbox/index.ts';
import type { CommandContext } from '../command.ts';
import { codeOf, reasonOf } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../notes.ts';
import { readPort } from '../options.ts';
import { writeResults } from '../output.ts';

const region = 'us-east-1';

interface SandboxCommandOptions {
  readonly port: number;
  readonly seed: string;
  readonly verbose?: boolean;
}

const explanation = `
The sandbox answers the AWS calls that keysweep makes, on this machine only. It
prints environment variables that point to it. Paste them into another terminal,
then try
  keysweep audit
  keysweep plan --policy POLICY        (keysweep init writes one)
  aws iam list-users                   (the AWS CLI works too)
keysweep is installed there: commands find its ledger and its topics, as they do
where it is deployed. Nothing runs at night.
Every message published to a topic is shown here: its topic and subject, and
with --verbose the text of the e-mail. Ctrl-C ends the sandbox and discards the
account.

  keysweep sandbox --seed account.yaml    your own account: see docs/sandbox.md

The sandbox runs in real time, and so does keysweep sweep --enforce: the first
sweep sends notices, and the rest is due weeks later. To see a whole lifecycle,
run keysweep demo.
`;

export function addSandboxCommand(program: Command, { io }: CommandContext): void {
  program
    .command('sandbox')
    .summary('run a local AWS account to try things on')
    .description('Runs a local AWS account until Ctrl-C. Needs no AWS account and no network.')
    .addOption(new Option('--port <number>', 'port on 127.0.0.1; 0 for any free port').argParser(readPort).default(0))
    .option('--seed <account>', 'acme: a company of about 60 users; empty: only root; or a YAML or JSON file', 'acme')
    .option('--verbose', 'also show the text of each published message')
    .addHelpText('after', explanation)
    .action((options: SandboxCommandOptions) => runSandbox(options, io));
}

async function runSandbox(options: SandboxCommandOptions, io: Io): Promise<void> {
  const sandbox = await start(options, io);
  try {
    // Listens before anything is printed: the reader of the lines may send the signal at once.
    const interrupted = io.interrupted();
    await writeResults(exportLines(sandbox.environment), io);
    await io.stderr.write(
      `keysweep: a local AWS account with ${counted(sandbox.account.users().length, 'user')} answers at ${sandbox.url}\n` +
        'keysweep: run the lines above in another terminal, then run: ' +
        `${nextCommand('audit', io)} (Ctrl-C ends the sandbox)\n`,
    );
    await interrupted;
    await io.stderr.write('keysweep: the sandbox has ended\n');
  } finally {
    await sandbox.close();
  }
}

async function start({ port, seed: named, verbose = false }: SandboxCommandOptions, io: Io): Promise<Sandbox> {
  // Loaded on demand: the sandbox and the schema of its accounts would slow the start of every command.
  const [{ startSandbox, textFor }, { readSeed }, { installIn, withInstallationMark }] = await Promise.all([
    import('../../sandbox/index.ts'),
    import('../sandbox-seed.ts'),
    import('../sandbox-installation.ts'),
  ]);
  const seed = withInstallationMark(await readSeed(named, io), region);
  const show = (message: PublishedMessage) => {
    const text = verbose ? textFor(message, 'email') : '';
    // The publisher gets an answer even if this cannot be shown.
    io.stderr.write(messageLines(message, text)).catch(() => {});
  };
  try {
    const sandbox = await startSandbox({ port, region, clock: 'running', now: io.now(), onMessage: show, seed });
    installIn(sandbox);
    return sandbox;
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE' && codeOf(error) !== 'EACCES') throw error;
    throw new KeysweepError('PortUnavailable', `cannot listen on 127.0.0.1:${port}: ${reasonOf(error)}`, {
      hint: 'Choose another port, or use --port 0 for any free port.',
      cause: error,
    });
  }
}

function messageLines({ topicArn, subject }: PublishedMessage, text: string): string {
  const topic = topicArn.slice(topicArn.lastIndexOf(':') + 1);
  const body = text === '' ? [] : text.trimEnd().split('\n');
  const lines = [
    `keysweep: SNS message to ${printable(topic)}: ${subject === undefined ? 'no subject' : printable(subject)}`,
    ...body.map((line) => `  ${printable(line)}`.trimEnd()),
  ];
  return `${lines.join('\n')}\n`;
}

function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}
