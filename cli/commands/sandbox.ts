import { type Command, Option } from 'commander';
import { KeysweepError } from '../../core/error.ts';
import { counted } from '../../reports/words.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import type { CommandContext } from '../context.ts';
import { codeOf, reasonOf } from '../file-error.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../next-command.ts';
import { readPort } from '../option-values.ts';
import { writeResults } from '../output.ts';
import { seedAsOf } from '../sandbox-seed.ts';

interface SandboxCommandOptions {
  readonly port: number;
  readonly seed: 'acme' | 'empty';
}

const explanation = `
The sandbox answers the AWS calls that keysweep makes, on this machine only. It prints
the environment variables that lead there: paste them into another terminal, then try
  keysweep audit
  aws iam list-users        (the AWS CLI works too)
  aws sns create-topic --name digests      (prints an ARN for --topic-arn)
Ctrl-C ends it, and nothing remains.

Its clock is in real time, and so is the one of keysweep sweep --enforce: the first sweep
warns, and what follows is due weeks later. To see a whole lifecycle: keysweep demo
`;

export function addSandboxCommand(program: Command, { io }: CommandContext): void {
  program
    .command('sandbox')
    .summary('start a local AWS account to try things on')
    .description('Runs a local AWS account until Ctrl-C. Needs no AWS account and no network.')
    .addOption(new Option('--port <number>', 'port on 127.0.0.1, 0 for any free one').argParser(readPort).default(0))
    .addOption(
      new Option('--seed <account>', 'acme: a company of about 60 users; empty: only the root user')
        .choices(['acme', 'empty'])
        .default('acme'),
    )
    .addHelpText('after', explanation)
    .action((options: SandboxCommandOptions) => runSandbox(options, io));
}

async function runSandbox({ port, seed }: SandboxCommandOptions, io: Io): Promise<void> {
  const sandbox = await start(port, seed, io);
  try {
    // Listened for before anything is printed: whoever reads the lines may send the signal at once.
    const interrupted = io.interrupted();
    await writeResults(exportLines(sandbox.environment), io);
    await io.stderr.write(
      `keysweep: a local AWS account with ${counted(sandbox.account.users().length, 'user')} answers at ${sandbox.url}\n` +
        'keysweep: run the lines above in another terminal, then: ' +
        `${nextCommand('audit', io)} (Ctrl-C here ends it)\n`,
    );
    await interrupted;
    await io.stderr.write('keysweep: the sandbox has ended\n');
  } finally {
    await sandbox.close();
  }
}

async function start(port: number, seed: SandboxCommandOptions['seed'], io: Io): Promise<Sandbox> {
  const [{ startSandbox }, { acmeAccount }] = await Promise.all([
    import('../../sandbox/index.ts'),
    import('../../sandbox/seeds/acme.ts'),
  ]);
  try {
    return await startSandbox({
      port,
      clock: 'running',
      now: io.now(),
      ...(seed === 'acme' && { seed: seedAsOf(acmeAccount, io.now()) }),
    });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE' && codeOf(error) !== 'EACCES') throw error;
    throw new KeysweepError('PortUnavailable', `cannot listen on 127.0.0.1:${port}: ${reasonOf(error)}`, {
      hint: 'Choose another port, or --port 0 for any free one.',
      cause: error,
    });
  }
}

function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}
