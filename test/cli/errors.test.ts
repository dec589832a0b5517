import { describe, expect, it } from 'vitest';
import { printError } from '../../cli/errors.ts';
import type { Io } from '../../cli/io.ts';
import { KeysweepError } from '../../core/error.ts';
import { memorySink } from '../support/memory-io.ts';

async function printed(thrown: unknown, env: Io['env'] = {}): Promise<string> {
  const stderr = memorySink();
  await printError(thrown, { stderr, env });
  return stderr.text();
}

function notJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

describe('printError', () => {
  it('says what is wrong and what to do', async () => {
    expect(await printed(new KeysweepError('NoReport', 'there is no report', { hint: 'Wait.\nTry again.' }))).toBe(
      'keysweep: error[NoReport]: there is no report\n  Wait.\n  Try again.\n',
    );
  });

  it('gives each of several problems a line of its own', async () => {
    expect(await printed(new KeysweepError('PolicyInvalid', 'a.yaml:1:2: x\na.yaml:3:4: y'))).toBe(
      'keysweep: error[PolicyInvalid]:\na.yaml:1:2: x\na.yaml:3:4: y\n',
    );
  });

  it('owns up to what was not foreseen', async () => {
    const text = await printed(new TypeError('x is not a function'));
    expect(text).toMatch(/^keysweep: unexpected error: x is not a function\n/);
    expect(text).toContain('KEYSWEEP_DEBUG=1');
    expect(text).not.toContain('    at ');
  });

  it('shows the stack of an error and of its causes with KEYSWEEP_DEBUG', async () => {
    const error = new KeysweepError('Outer', 'outer', { cause: new Error('inner') });
    const text = await printed(error, { KEYSWEEP_DEBUG: '1' });
    expect(text).toContain('KeysweepError: outer\n    at ');
    expect(text).toContain('caused by: Error: inner\n    at ');
  });

  it('quotes nothing of what is not JSON', async () => {
    const text = await printed(new KeysweepError('E', 'm', { cause: notJson('wJalrXUtnFEMI') }), {
      KEYSWEEP_DEBUG: '1',
    });
    expect(text).toContain('caused by: SyntaxError: not JSON\n    at ');
    expect(text).not.toContain('wJal');
  });

  it.each(['', '0'])('takes KEYSWEEP_DEBUG=%j for off', async (value) => {
    expect(await printed(new KeysweepError('E', 'm'), { KEYSWEEP_DEBUG: value })).not.toContain('    at ');
  });

  it('sends no control character to the terminal', async () => {
    const text = await printed(new KeysweepError('E', 'found "\u001b[2J"', { hint: '\u202eevil' }));
    expect(text).toBe('keysweep: error[E]: found "\\x1b[2J"\n  \\u202eevil\n');
  });
});
