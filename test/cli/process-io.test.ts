import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askOn } from '../../cli/process-io.ts';

/** A terminal as readline sees one: keys come in byte by byte, and what is shown goes out. */
function terminal() {
  const keys = new PassThrough();
  const screen = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 80 });
  return { keys, shown: () => String(screen.read() ?? ''), ask: () => askOn(keys, screen, 'Go on? ') };
}

describe('askOn', () => {
  it('shows the question and gives the line, without the blanks around it', async () => {
    const { keys, shown, ask } = terminal();
    const answer = ask();
    keys.write('  yes \r');
    expect(await answer).toBe('yes');
    expect(shown()).toContain('Go on? ');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C in the middle of a word', 'ye\u0003'],
  ])('gives no answer after %s, and what is written next begins its own line', async (_, pressed) => {
    const { keys, shown, ask } = terminal();
    const answer = ask();
    keys.write(pressed);
    expect(await answer).toBeUndefined();
    expect(shown()).toMatch(/\n$/);
  });

  it('gives no answer where the terminal goes away', async () => {
    const { keys, ask } = terminal();
    const answer = ask();
    keys.end();
    expect(await answer).toBeUndefined();
  });

  it('asks again after an answer', async () => {
    const { keys, ask } = terminal();
    for (const word of ['no', 'yes']) {
      const answer = ask();
      keys.write(`${word}\r`);
      expect(await answer).toBe(word);
    }
  });
});
