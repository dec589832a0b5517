/** What depends on whether the output is a terminal: width, colors, progress. */
import type { TextStyle } from '../reports/table.ts';
import type { Io, TextSink } from './io.ts';

/** Files and pipes have no width of their own: a line should fit a user, a key id and a reason. */
const widthWithoutTerminal = 120;

/** How text on this sink is set. `wantsColor` is false with --no-color. */
export function styleFor(sink: TextSink, env: Io['env'], wantsColor: boolean): TextStyle {
  return { width: widthOf(sink, env), color: wantsColor && allowsColor(sink, env) };
}

/** The style of text in a file. */
export const fileStyle: TextStyle = { width: widthWithoutTerminal, color: false };

function widthOf(sink: TextSink, env: Io['env']): number {
  const asked = /^[1-9]\d{0,3}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined;
  return sink.columns ?? asked ?? widthWithoutTerminal;
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR (force-color.org); otherwise colors are for terminals only. */
function allowsColor(sink: TextSink, env: Io['env']): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return sink.isTerminal && env.TERM !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** A progress line on a terminal, erased at the end. Elsewhere it shows nothing. */
export interface Progress {
  readonly show: (text: string, done: number, total: number) => void;
  readonly end: () => Promise<void>;
}

const barCells = 24;
const wipe = '\r\x1b[2K';

/** The same sink, on which no text is glued to a progress line: whatever else is written wipes it first. */
export function keepingLines(sink: TextSink): TextSink {
  let isProgressShown = false;
  return {
    isTerminal: sink.isTerminal,
    get columns() {
      return sink.columns;
    },
    write(text) {
      const isProgress = text.startsWith(wipe);
      const wiped = isProgressShown && !isProgress ? wipe : '';
      isProgressShown = isProgress && text !== wipe;
      return sink.write(`${wiped}${text}`);
    },
  };
}

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
