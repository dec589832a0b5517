/** The command line as a whole. */
import { Command, CommanderError } from 'commander';
import type { CommandContext, ExitCode } from './command.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addChannelsCommand } from './commands/channels.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addForecastCommand } from './commands/forecast.ts';
import { addInitCommand } from './commands/init.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addRulesCommand } from './commands/rules.ts';
import { addSandboxCommand } from './commands/sandbox.ts';
import { addSweepCommand } from './commands/sweep.ts';
import { printError } from './errors.ts';
import type { Io } from './io.ts';
import { refuseTwice } from './options.ts';
import { writeResults } from './output.ts';
import { thisPackage } from './package-files.ts';
import { hidingSecrets, withoutPastedSecrets } from './pasted-secrets.ts';
import { keepingLines, styleFor } from './terminal.ts';

/** Runs one command line (without node and script) to its end. Never throws: errors are printed to stderr. */
export async function run(args: readonly string[], processIo: Io): Promise<ExitCode> {
  const io = hidingSecrets({ ...processIo, stderr: keepingLines(processIo.stderr) });
  let code: ExitCode = 0;
  const said = { out: '', err: '' };
  const program = buildProgram({
    io,
    finish: (finished) => {
      code = finished;
    },
  });
  configure(program, io, said);
  try {
    const safe = await withoutPastedSecrets(args, io);
    for (const warning of safe.warnings) await io.stderr.write(`keysweep: warning: ${warning}\n`);
    await program.parseAsync(safe.args, { from: 'user' });
  } catch (thrown) {
    code = thrown instanceof CommanderError && thrown.exitCode === 0 ? 0 : 2;
    await io.stderr.write(said.err);
    await printError(thrown, io);
  }
  return (await writeHelp(said.out, io)) ? code : 2;
}

/** Makes commander throw instead of ending the process, and keep its output instead of printing it. */
function configure(command: Command, io: Io, said: { out: string; err: string }): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => {
      said.out += text;
    },
    writeErr: (text) => {
      said.err += text;
    },
    outputError: (text, write) => write(inOneStyle(text)),
    getOutHelpWidth: () => Math.min(styleFor(io.stdout, io.env, false).width, 100),
    getErrHelpWidth: () => Math.min(styleFor(io.stderr, io.env, false).width, 100),
  });
  refuseTwice(command);
  for (const child of command.commands) configure(child, io, said);
}

/** Commander's messages like all others: with the name of the program, and with what to do on a line of its own. */
function inOneStyle(text: string): string {
  const lines = text
    .replace(/ is invalid\. /, ' is invalid\n')
    .replace(/\n\((Did you mean .*)\)\n/, '\n$1\n')
    .trim();
  return `keysweep: ${lines.replaceAll('\n', '\n  ')}\n`;
}

async function writeHelp(text: string, io: Io): Promise<boolean> {
  try {
    if (text !== '') await writeResults(text, io);
    return true;
  } catch (thrown) {
    await printError(thrown, io);
    return false;
  }
}

const epilogue = `
First steps:
  keysweep demo                       watch 120 nights at a made-up company
  keysweep sandbox                    run a local AWS account to try things on
  keysweep audit                      audit the account of your credentials
  keysweep audit --report report.csv  audit a saved credential report, offline
  keysweep init                       write keysweep.yaml
  keysweep policy check               check it, and show whom it matches
  keysweep forecast                   see what the policy would do, by date
  keysweep channels                   check that notices reach people
  keysweep plan                       see what the next sweep would do
  keysweep sweep --enforce            do it

Exit codes:
  0  no finding at or above --fail-on; other commands: success
  1  findings (audit), problems (policy check)
  2  the run failed or is incomplete: something could not be judged or done

Environment:
  AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, ...  as for the AWS CLI
  AWS_ENDPOINT_URL       send AWS calls to this URL (the sandbox prints it)
  NO_COLOR, FORCE_COLOR  no colors; colors even without a terminal
  COLUMNS                width of tables that do not go to a terminal
  KEYSWEEP_DEBUG=1       print stack traces of errors

Results go to stdout; progress, notes and errors to stderr.
`;

/** The command line of keysweep. Commands throw; run() prints what they throw and turns it into the exit code. */
function buildProgram(context: CommandContext): Command {
  const program = new Command('keysweep')
    .description(
      'Finds stale IAM credentials in an AWS account, notifies their owners, and deactivates and deletes what is due.',
    )
    .version(thisPackage().version, '-V, --version')
    .helpCommand('help [command]', 'show help for a command')
    .showHelpAfterError('  Use --help for options and examples.')
    .addHelpText('after', epilogue);
  const commands = [
    addAuditCommand,
    addPlanCommand,
    addSweepCommand,
    addForecastCommand,
    addExplainCommand,
    addRestoreCommand,
    addRulesCommand,
    addInitCommand,
    addPolicyCommand,
    addChannelsCommand,
    addSandboxCommand,
    addDemoCommand,
  ];
  for (const addCommand of commands) addCommand(program, context);
  return program;
}
