/** Error messages for people. */
import { CommanderError } from 'commander';
import { KeysweepError, messageOf } from '../core/error.ts';
import { printable } from '../reports/printable.ts';
import type { Io } from './io.ts';

/** Prints what ended the run: what is wrong, what was found, what to do. The stack only with KEYSWEEP_DEBUG. */
export async function printError(thrown: unknown, io: Pick<Io, 'stderr' | 'env'>): Promise<void> {
  // Commander has printed its own message already.
  if (thrown instanceof CommanderError) return;
  const lines = thrown instanceof KeysweepError ? linesOf(thrown) : linesOfUnexpected(thrown);
  const stack = isDebugging(io) ? stacksOf(thrown) : [];
  await io.stderr.write(`${[...lines, ...stack].join('\n')}\n`);
}

function linesOf(error: KeysweepError): string[] {
  // What the user chose is no error.
  const label = error.code === 'Cancelled' ? 'keysweep:' : `keysweep: error[${error.code}]:`;
  const [first = '', ...rest] = safeLines(error.message);
  const hint = error.hint === undefined ? [] : safeLines(error.hint).map((line) => `  ${line}`);
  // Several problems each get a line of their own, so that editors find file:line:column at its start.
  return rest.length === 0 ? [`${label} ${first}`, ...hint] : [label, first, ...rest, ...hint];
}

function linesOfUnexpected(thrown: unknown): string[] {
  return [
    `keysweep: unexpected error: ${safeLines(messageOf(thrown)).join('\n')}`,
    '  This looks like a bug in keysweep. Set KEYSWEEP_DEBUG=1 to print a stack trace.',
  ];
}

function stacksOf(thrown: unknown): string[] {
  const stacks: string[] = [];
  for (let error = thrown; error instanceof Error && stacks.length < 10; error = error.cause) {
    const stack = error.stack ?? error.message;
    // Its message quotes a piece of what is not JSON.
    const shown = error instanceof SyntaxError ? stack.replace(error.message, 'not JSON') : stack;
    stacks.push(`${stacks.length === 0 ? '' : 'caused by: '}${safeLines(shown).join('\n')}`);
  }
  return stacks;
}

/** Messages may quote a file or AWS: line breaks are kept, other control characters are escaped. */
function safeLines(text: string): string[] {
  return text.split('\n').map(printable);
}

function isDebugging(io: Pick<Io, 'env'>): boolean {
  return !['', '0', undefined].includes(io.env.KEYSWEEP_DEBUG);
}

/** The system's error codes for reading and writing, in words. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'part of its path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EADDRINUSE: 'another program is listening there',
};

/** Why it failed: a known reason in words, else what the system says. */
export function reasonOf(error: unknown): string {
  return reasons[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

/** The system's code, such as `ENOENT`; empty where there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
