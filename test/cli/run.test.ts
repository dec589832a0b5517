import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { runInMemory } from '../support/memory-io.ts';

const topic = 'arn:aws:sns:eu-west-1:111122223333:t';

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

  it.each([
    [['audit', '--output', 'json', '--output', 'csv'], '--output <format>'],
    [['audit', '--output', 'json', '--output=json'], '--output <format>'],
    [['plan', '--ledger', 'file:a', '--ledger', 'file:b'], '--ledger <place>'],
    [['sweep', '--topic-arn', topic, '--topic-arn', topic], '--topic-arn <arn>'],
    [['explain', 'alice', '--profile', 'a', '--profile', 'b'], '--profile <name>'],
    [['policy', 'check', '--policy', 'a', '--policy', 'b'], '--policy <file>'],
    [['init', '--file', 'a', '--file', 'b'], '--file <file>'],
  ])('refuses an option that is given twice: %j', async (args, flags) => {
    const { code, stdout, stderr } = await keysweep(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `keysweep: error: option '${flags}' is given twice; give it once\n  Use --help for options and examples.\n`,
    );
  });

  it('takes several topics where that makes sense, and flags without a value as often as they come', async () => {
    const { stderr } = await keysweep('channels', '--quiet', '--quiet', '--topic-arn', topic, '--topic-arn', 'x');
    expect(stderr).toContain('error[TopicInvalid]: not an SNS topic ARN: "x"');
  });

  it.each([
    [['audti'], "keysweep: error: unknown command 'audti'\n  Did you mean audit?\n  Use --help"],
    [['audit', '--profil', 'x'], "keysweep: error: unknown option '--profil'\n  Did you mean --profile?\n  Use --help"],
    [
      ['audit', '--patience', 'x'],
      "keysweep: error: option '--patience <duration>' argument 'x' is invalid\n  Give a whole number with a unit",
    ],
    [['rules', 'acces-key-unused'], 'there is no rule "acces-key-unused"\n  Did you mean access-key-unused? Run'],
  ])('has its hints in one style, on lines of their own: %j', async (args, expected) => {
    expect((await keysweep(...args)).stderr).toContain(expected);
  });

  it('offers --patience only to commands that wait for a credential report', async () => {
    expect((await keysweep('audit', '--help')).stdout).toContain('--patience');
    expect((await keysweep('channels', '--help')).stdout).not.toContain('--patience');
  });
});
