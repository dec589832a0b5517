import { describe, expect, it } from 'vitest';
import { ruleIds } from '../../core/rules/ids.ts';
import { runInMemory } from '../support/memory-io.ts';

function rules(...args: readonly string[]) {
  return runInMemory(['rules', ...args], { directory: '/', env: { COLUMNS: '80' } });
}

describe('keysweep rules', () => {
  it('lists every rule with its severity, in the order of the catalogue', async () => {
    const { code, stdout } = await rules();
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    const ids = lines.map((line) => line.split(/\s+/)[0]).filter((id) => id !== '');
    expect(ids).toEqual([...ruleIds]);
    expect(lines[1]).toMatch(/^root-access-key +critical +Root user has an access key$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('explains the rules that are named', async () => {
    const { code, stdout } = await rules('access-key-unused', 'report-stale');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^access-key-unused \(high\): Access key is unused\n {2}When {6}Active, used before, and last used at least accessKeys\.maxIdle ago/,
    );
    expect(stdout).toContain('\n  Why       An unused key');
    expect(stdout).toContain('\n  Controls  NIST-800-53r5:AC-2(3)');
    expect(stdout).toContain('\nreport-stale (medium): ');
  });

  it('lists them as JSON', async () => {
    const { stdout } = await rules('--output', 'json');
    const printed = JSON.parse(stdout);
    expect(printed.schema).toBe('keysweep/rules/v1');
    expect(printed.rules.map(({ id }: { id: string }) => id)).toEqual([...ruleIds]);
    expect(Object.keys(printed.rules[0])).toEqual([
      'id',
      'title',
      'severity',
      'enabledByDefault',
      'condition',
      'why',
      'remedy',
      'controls',
    ]);
  });

  it('says which rules are off by default, and how to enable them', async () => {
    expect((await rules()).stdout).toMatch(/^user-mfa-missing .* \(off by default\)$/m);
    expect((await rules('user-mfa-missing')).stdout).toContain(
      'by default; to enable it: rules: { user-mfa-missing: on }',
    );
    const printed = JSON.parse((await rules('user-mfa-missing', '--output', 'json')).stdout);
    expect(printed.rules[0]).toMatchObject({ enabledByDefault: false });
  });

  it('says under which condition a finding violates a control', async () => {
    const { stdout } = await rules('access-key-unused');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'if unused for 90 days or more (never used: since its creation): SecurityHub:IAM.8',
    );
    const printed = JSON.parse((await rules('access-key-unused', '--output', 'json')).stdout);
    expect(printed.rules[0].controls).toContainEqual({
      id: 'SecurityHub:IAM.8',
      title: 'Credentials unused for 90 days are removed',
      when: 'unused for 90 days or more (never used: since its creation)',
    });
  });

  it('ends with 2 for a rule that does not exist', async () => {
    const { code, stdout, stderr } = await rules('access-key-unusd');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('there is no rule "access-key-unusd"');
  });
});
