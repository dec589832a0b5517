import type { TextSink } from './io.ts';

/** A line on a terminal that shows how far a run is and leaves no trace. Elsewhere it shows nothing. */
export interface Progress {
  readonly show: (text: string, done: number, total: number) => void;
  readonly end: () => Promise<void>;
}

const barCells = 24;
const wipe = '\r\x1b[2K';

export function progressOn(sink: TextSink, quiet: boolean): Progress {
  if (quiet || !sink.isTerminal) return { show: () => {}, end: async () => {} };
  let shown = '';
  return {
    show(text, done, total) {
      const line = lineOf(text, done, total).slice(0, (sink.columns ?? 80) - 1);
      if (line === shown) return;
      shown = line;
      void sink.write(wipe + line).catch(() => {});
    },
    async end() {
      if (shown !== '') await sink.write(wipe);
      shown = '';
    },
  };
}

function lineOf(text: string, done: number, total: number): string {
  if (total <= 1) return `${text} ...`;
  const filled = Math.round((Math.min(done, total) / total) * barCells);
  return `[${'='.repeat(filled)}${' '.repeat(barCells - filled)}] ${text} ${done}/${total}`;
}
