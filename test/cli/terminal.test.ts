import { describe, expect, it } from 'vitest';
import { keepingLines, progressOn, styleFor } from '../../cli/terminal.ts';
import { memorySink } from '../support/memory-io.ts';

const pipe = memorySink();
const terminal = memorySink(72);

describe('styleFor', () => {
  it.each([
    ['a terminal has its own width', terminal, {}, 72],
    ['COLUMNS does not narrow a terminal', terminal, { COLUMNS: '40' }, 72],
    ['a pipe is wide', pipe, {}, 120],
    ['COLUMNS sets the width of a pipe', pipe, { COLUMNS: '80' }, 80],
    ['a COLUMNS that is no number is passed over', pipe, { COLUMNS: 'wide' }, 120],
    ['a COLUMNS of 0 is passed over', pipe, { COLUMNS: '0' }, 120],
  ])('%s', (_, sink, env, width) => {
    expect(styleFor(sink, env, true).width).toBe(width);
  });

  it.each([
    ['a terminal', terminal, {}, true, true],
    ['a pipe', pipe, {}, true, false],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, true, false],
    ['a terminal with NO_COLOR', terminal, { NO_COLOR: '1' }, true, false],
    ['a terminal with an empty NO_COLOR', terminal, { NO_COLOR: '' }, true, true],
    ['a pipe with FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true, true],
    ['a terminal with FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, true, false],
    ['NO_COLOR beside FORCE_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['--no-color beside FORCE_COLOR', terminal, { FORCE_COLOR: '1' }, false, false],
  ])('colours for %s', (_, sink, env, wantsColor, color) => {
    expect(styleFor(sink, env, wantsColor).color).toBe(color);
  });
});

describe('progressOn', () => {
  it('draws one line over and over on a terminal, and wipes it', async () => {
    const sink = memorySink(80);
    const progress = progressOn(sink, false);
    progress.show('waiting for the credential report', 0, 1);
    progress.show('reading access keys', 1, 4);
    progress.show('reading access keys', 4, 4);
    await progress.end();
    expect(sink.text().split('\r\u001b[2K').slice(1)).toEqual([
      'waiting for the credential report ...',
      '[======                  ] reading access keys 1/4',
      '[========================] reading access keys 4/4',
      '',
    ]);
  });

  it('never wraps', async () => {
    const sink = memorySink(20);
    progressOn(sink, false).show('reading access keys', 1, 4);
    expect(sink.text().replace('\r\u001b[2K', '')).toHaveLength(19);
  });

  it.each([
    ['without a terminal', undefined, false],
    ['with --quiet', 80, true],
  ])('shows nothing %s', async (_, columns, quiet) => {
    const sink = memorySink(columns);
    const progress = progressOn(sink, quiet);
    progress.show('reading access keys', 1, 4);
    await progress.end();
    expect(sink.text()).toBe('');
  });

  it('does not write the same line twice', () => {
    const sink = memorySink(80);
    const progress = progressOn(sink, false);
    progress.show('reading', 2, 4);
    const once = sink.text();
    progress.show('reading', 2, 4);
    expect(sink.text()).toBe(once);
  });
});

describe('keepingLines', () => {
  it('wipes the progress line before anything else is written, once', async () => {
    const shown = memorySink(80);
    const sink = keepingLines(shown);
    const progress = progressOn(sink, false);
    progress.show('modeling nights', 1, 4);
    await sink.write('a note\n');
    await sink.write('another\n');
    progress.show('modeling nights', 2, 4);
    await progress.end();
    await sink.write('the end\n');
    const wipe = '\r\u001b[2K';
    expect(shown.text()).toBe(
      [
        `${wipe}[======                  ] modeling nights 1/4`,
        `${wipe}a note\nanother\n`,
        `${wipe}[============            ] modeling nights 2/4`,
        `${wipe}the end\n`,
      ].join(''),
    );
    expect({ columns: sink.columns, isTerminal: sink.isTerminal }).toEqual({ columns: 80, isTerminal: true });
  });
});
