import { describe, expect, it } from 'vitest';
import { compareFindings } from '../../../core/findings/compare.ts';
import type { CredentialSource } from '../../../core/ports.ts';
import { auditAccount } from '../../../engine/audit/audit.ts';
import { bytes } from '../../support/report-builder.ts';
import { enforcePolicy, openSweepWorld, type SweepWorld, staleKey, unusedKey } from '../../support/sweep-world.ts';

const policy = enforcePolicy();

type Damage = (line: string) => string;
const damages: readonly (readonly [string, Damage])[] = [
  ['repeated', (line) => `${line}\n${line}`],
  ['repeated with an active key less', (line) => `${line}\n${line.replace(',true,', ',false,')}`],
  ['a field too few', (line) => line.replace(/,N\/A/, '')],
  ['a value that no one knows', (line) => line.replace(',false,', ',maybe,')],
];

/** The same source, with another row for alice in its report. */
function damaged(source: CredentialSource, damage: Damage): CredentialSource {
  return {
    ...source,
    credentialReport: async () => {
      const report = await source.credentialReport();
      const lines = new TextDecoder().decode(report.content).split('\n');
      return {
        ...report,
        content: bytes(lines.map((one) => (one.startsWith('alice,') ? damage(one) : one)).join('\n')),
      };
    },
  };
}

async function auditDamaged({ ports, sandbox }: SweepWorld, damage: Damage) {
  return auditAccount({ source: damaged(ports.source, damage) }, policy, sandbox.clock.now());
}

/** The night on which the keys of alice and bob are deactivated. */
async function openNight(): Promise<SweepWorld> {
  const world = await openSweepWorld();
  await world.nights(14, policy);
  expect(world.changes()).toEqual([]);
  return world;
}

describe.each(damages)('a row of the credential report: %s', (_, damage) => {
  it('nothing is done to the keys of its user, and the others go on', async () => {
    const world = await openNight();
    const before = await world.entry(staleKey);
    const snapshot = await auditDamaged(world, damage);
    const result = await world.rotateBy(snapshot, policy);

    expect(result.outcome).toBe('partial');
    expect(world.changes()).toEqual([`Inactive ${unusedKey}`]);
    expect(await world.entry(staleKey)).toEqual(before);
    expect(result.skipped.find(({ credential }) => credential.id === staleKey)).toMatchObject({
      skipReason: 'unknown',
      why: expect.stringContaining('the credential report'),
    });

    world.pass(1);
    await world.sweep(policy);
    expect(world.changes()).toEqual([`Inactive ${unusedKey}`, `Inactive ${staleKey}`]);
  });

  it('its user is read no further, and is not said to be deleted', async () => {
    const world = await openSweepWorld();
    const { audit, userNames } = await auditDamaged(world, damage);
    expect(userNames).toContain('alice');
    expect(audit.missingUsers).toBeUndefined();
    const ofAlice = audit.findings.filter(({ principal }) => principal.name === 'alice');
    expect(ofAlice.length).toBeGreaterThan(5);
    expect(new Set(ofAlice.map(({ status }) => status))).toEqual(new Set(['error']));
  });

  it('what was open about its user stays open', async () => {
    const world = await openSweepWorld();
    const sound = compareFindings(undefined, (await world.auditNow(policy)).audit, policy);
    const open = compareFindings(sound, (await auditDamaged(world, damage)).audit, policy);
    const idsOf = ({ findings }: typeof open) => findings.map(({ finding }) => finding.id).sort();
    expect(idsOf(open)).toEqual(idsOf(sound));
    expect(idsOf(open).some((id) => id.includes('alice'))).toBe(true);
  });
});
