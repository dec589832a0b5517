import { describe, expect, it } from 'vitest';
import { startMoto } from './server.ts';

describe('moto that cannot be started', () => {
  it('is an error that names the missing Python and what to run', async () => {
    await expect(startMoto({ python: '/nowhere/python' })).rejects.toThrow(
      /^moto does not run with \/nowhere\/python: .*ENOENT\nrun scripts\/setup-python\.sh/,
    );
  });

  it('is an error with what the interpreter said, in full', async () => {
    // Node.js cannot run a Python script, and says why.
    await expect(startMoto({ python: process.execPath })).rejects.toThrow(
      /serve\.py[\s\S]*\nrun scripts\/setup-python\.sh/,
    );
  });
});
