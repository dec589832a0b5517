import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { runInMemory } from '../support/memory-io.ts';

function keysweep(...args: readonly string[]) {
  return runInMemory(args, { directory: '/', env: { COLUMNS: '80' } });
}

describe('keysweep', () => {
  it('prints its version', async () => {
    expect(await keysweep('--version')).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  it('teaches commands, exit codes and environment with --help', async () => {
    const { code, stdout, stderr } = await keysweep('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of [
      'audit',
      'sweep',
      'forecast',
      'restore',
      'init',
      'policy',
      'sandbox',
      'rules',
      'Exit codes:',
      'AWS_ENDPOINT_URL',
      'NO_COLOR',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  const commands = [
    'audit',
    'plan',
    'sweep',
    'forecast',
    'explain',
    'restore',
    'init',
    'policy',
    'channels',
    'rules',
    'sandbox',
    'demo',
  ];

  it.each(commands)('explains %s with --help, in 100 columns at most', async (command) => {
    const { code, stdout } = await keysweep(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: keysweep ${command}`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('shows by example how to audit', async () => {
    const { stdout } = await keysweep('help', 'audit');
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('keysweep audit --report -');
    expect(stdout).toContain('Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 failed or incomplete.');
  });

  it.each([
    [[], 'Usage: keysweep'],
    [['adit'], "error: unknown command 'adit'"],
    [['--no-such-option'], "error: unknown option '--no-such-option'"],
    [['audit', '--policy'], "error: option '--policy <file>' argument missing"],
  ])('ends with 2 for %j, with nothing on stdout', async (args, message) => {
    const { code, stdout, stderr } = await keysweep(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
