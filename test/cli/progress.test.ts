import { describe, expect, it } from 'vitest';
import { progressOn } from '../../cli/terminal.ts';
import { memorySink } from '../support/memory-io.ts';

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
