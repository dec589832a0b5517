import { printable } from '../reports/printable.ts';
import type { Io } from './io.ts';

/** Tells the user on stderr what is being done: one line a note; silent with --quiet. */
export type Note = (text: string) => Promise<void>;

export function noteTo(io: Io, quiet: boolean): Note {
  return async (text) => {
    if (!quiet) await io.stderr.write(`keysweep: ${printable(text)}\n`);
  };
}
