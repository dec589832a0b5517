import { type Command, CommanderError } from 'commander';
import type { ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { writeResults } from './output.ts';
import { printError } from './print-error.ts';
import { buildProgram } from './program.ts';
import { styleFor } from './terminal.ts';

/** Runs one command line (without node and script) to its end. Never throws: errors are printed to stderr. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
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
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    code = thrown instanceof CommanderError && thrown.exitCode === 0 ? 0 : 2;
    await io.stderr.write(said.err);
    await printError(thrown, io);
  }
  return (await writeHelp(said.out, io)) ? code : 2;
}

/** Makes commander throw instead of ending the process, and keep its texts instead of printing them. */
function configure(command: Command, io: Io, said: { out: string; err: string }): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => {
      said.out += text;
    },
    writeErr: (text) => {
      said.err += text;
    },
    getOutHelpWidth: () => Math.min(styleFor(io.stdout, io.env, false).width, 100),
    getErrHelpWidth: () => Math.min(styleFor(io.stderr, io.env, false).width, 100),
  });
  for (const child of command.commands) configure(child, io, said);
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
