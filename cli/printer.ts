import type { TextStyle } from '../reports/table.ts';
import type { PrintOptions } from './common-options.ts';
import type { Io } from './io.ts';
import type { Note } from './notes.ts';
import { checkOutputFile, writeOutputFile, writeResults } from './output.ts';
import { fileStyle, styleFor } from './terminal.ts';

/** Prints the results of a command where its options say: stdout, or a file. */
export interface Printer {
  /** `summary` is noted on stderr where the results go to a file. Throws KeysweepError `OutputFailed`. */
  print(render: (style: TextStyle) => string, summary: string): Promise<void>;
}

/**
 * Checks, before any work is done for them, that the results can be written. Throws KeysweepError `OutputFailed`.
 */
export async function openPrinter(options: PrintOptions<string>, io: Io, note: Note): Promise<Printer> {
  const { outputFile, color } = options;
  if (outputFile !== undefined) await checkOutputFile(outputFile, io);
  return {
    async print(render, summary) {
      if (outputFile === undefined) return writeResults(render(styleFor(io.stdout, io.env, color)), io);
      await writeOutputFile(outputFile, render(fileStyle), io);
      await note(`wrote ${outputFile}: ${summary}`);
    },
  };
}
