import { describe, expect, it } from 'vitest';
import { styleFor } from '../../cli/terminal.ts';
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
