/** An exemption that excuses no one is said where people look at what is done with keys, and not on stderr alone. */
import { describe, expect, it } from 'vitest';
import { sweepSchema } from '../../reports/sweep/schema.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { asPublished } from '../support/published.ts';

const world = commandSandbox();
const about = 'rules: "*", reason: production, owner: ops@example.com, expires: 2027-10-01';
const policy = `${enforceYaml}overrides:
  - { match: { user: "*" }, accessKeys: { maxAge: 365d } }
  - { match: { user: carol }, accessKeys: { maxAge: 30d } }
exemptions:
  - { match: { user: bobb }, ${about} }
  - { match: { user: dave }, ${about} }
`;
const unused = 'exemption 1 (user=bobb, owner ops@example.com) matches no one';
const covered = 'override 2 (user=carol) never applies: override 1 covers it and comes first';

describe.each([
  ['plan', ['plan']],
  ['sweep', ['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L']],
] as const)('keysweep %s', (kind, args) => {
  it('says in its table which exemption and override has no effect', async () => {
    await world.writePolicy(policy);
    const { code, stdout, stderr } = await world.keysweep(args, { env: { COLUMNS: '110' } });
    expect(code).toBe(0);
    expect(stdout).toContain(`POLICY  No effect in this account\n- ${unused}\n- ${covered}\n`);
    expect(stdout).not.toContain('user=dave');
    for (const text of [unused, covered]) expect(stderr).toContain(`keysweep: policy: ${text}\n`);
  });

  it('has it in its JSON', async () => {
    await world.writePolicy(policy);
    const { stdout } = await world.keysweep([...args, '--output', 'json']);
    const printed = JSON.parse(stdout);
    expect(asPublished(sweepSchema(kind), printed)).toEqual(printed);
    expect(printed.usage).toMatchObject({
      exemptions: [
        { number: 1, match: 'user=bobb', matched: 0, names: [], owner: 'ops@example.com' },
        { number: 2, matched: 1, names: ['dave'] },
      ],
      overrides: [{ matched: 4 }, { match: 'user=carol', coveredBy: 1 }],
    });
  });

  it('says nothing where all of it has an effect, and where there is none of it', async () => {
    for (const text of [`${enforceYaml}exemptions:\n  - { match: { user: dave }, ${about} }\n`, enforceYaml]) {
      await world.writePolicy(text);
      const { stdout, stderr } = await world.keysweep(args);
      expect(stdout).not.toContain('POLICY');
      expect(stderr).not.toContain('policy:');
    }
  });
});
