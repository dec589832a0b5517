/** Dates of the future that IAM shows: no one knows the fact, the key is skipped, and every night says so. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import type { LastUse } from '../../core/model.ts';
import type { CredentialSource } from '../../core/ports.ts';
import { auditAccount } from '../../engine/audit/audit.ts';
import {
  accountWith,
  actionsOf,
  enforcePolicy,
  firstNight,
  openSweepWorld,
  type SweepWorld,
} from '../support/sweep-world.ts';

const key = 'AKIAKEYONEAAAAAAAAAA';
const createdAt = '2026-08-15T00:00:00Z';
const lastUsed = '2026-08-20T10:00:00Z';
const policy = enforcePolicy();
const inDays = (days: number) => new Date(firstNight.getTime() + days * DAY).toISOString().replace('.000', '');
const far = '2999-01-01T00:00:00Z';

const openWorld = () =>
  openSweepWorld({
    seed: accountWith([
      { name: 'eve', accessKeys: [{ id: key, createdAt, lastUsed: { at: lastUsed } }] },
      { name: 'bob', accessKeys: [{ id: 'AKIAKEYTWOAAAAAAAAAA', createdAt: '2026-09-15T00:00:00Z' }] },
    ]),
  });

/** Which date of the key lies, and who says so. */
interface Lie {
  readonly of: 'last use' | 'creation';
  readonly by: readonly ('report' | 'live read')[];
  readonly date: string;
}

/** What IAM would answer, but for one date. */
function lying({ source }: SweepWorld, { of, by, date }: Lie): CredentialSource {
  const truth = of === 'last use' ? lastUsed : createdAt;
  const at = new Date(date);
  const isLive = by.includes('live read');
  return {
    ...source,
    credentialReport: async () => {
      const report = await source.credentialReport();
      if (!by.includes('report')) return report;
      const text = new TextDecoder().decode(report.content).replaceAll(truth, date);
      return { ...report, content: new TextEncoder().encode(text) };
    },
    credentials: async (kind, userName) => {
      const list = await source.credentials(kind, userName);
      if (!isLive || of !== 'creation' || !list.ok) return list;
      return {
        ok: true,
        value: list.value.map((one) => (one.ref.id === key ? { ...one, createdAt: { known: true, value: at } } : one)),
      };
    },
    lastUse: async (userName, credential) => {
      const read = await source.lastUse(userName, credential);
      const used: LastUse = { kind: 'used', at };
      return isLive && of === 'last use' && credential.id === key ? { ok: true, value: used } : read;
    },
  };
}

/** So many nights in which IAM lies. */
async function nights(world: SweepWorld, count: number, lie: Lie) {
  const sweeps = [];
  for (let night = 0; night < count; night++) {
    const source = lying(world, lie);
    const snapshot = await auditAccount({ source }, policy, world.sandbox.clock.now());
    sweeps.push(await world.rotateBy(snapshot, policy, { source }));
    world.pass(1, []);
  }
  return sweeps;
}

const of = (result: Awaited<ReturnType<typeof nights>>[number]) =>
  [...result.skipped, ...result.actions].filter(({ credential }) => credential.id === key);

const whatOf = { 'last use': 'its last use', creation: 'its creation' } as const;

describe.each<Lie>([
  { of: 'last use', by: ['live read'], date: far },
  { of: 'last use', by: ['report'], date: far },
  { of: 'last use', by: ['report', 'live read'], date: far },
  { of: 'creation', by: ['report', 'live read'], date: far },
])('a $of in the year 2999 by $by', (lie) => {
  const why = expect.stringContaining(`${whatOf[lie.of]} (2999-01-01T00:00:00.000Z) is in the future`);

  it('of an active key: it is not in use for ever; no night is complete, and each says why', async () => {
    const world = await openWorld();
    for (const result of await nights(world, 30, lie)) {
      expect(result.outcome).toBe('partial');
      expect(of(result)).toMatchObject([{ why }]);
    }
    expect(world.changes()).toEqual(['Inactive AKIAKEYTWOAAAAAAAAAA']);
    // Where only its use is not known, it becomes too old meanwhile: people are notified of that, and no clock starts.
    if (lie.of === 'creation') expect(await world.entry(key)).toBeUndefined();
    else expect((await world.entry(key))?.warning).toMatchObject({ about: 'unknown' });
  });

  it('of a warned key: its night passes, and it stays active', async () => {
    const world = await openWorld();
    await world.nights(14, policy, []);
    const before = JSON.stringify(await world.entry(key));
    for (const result of await nights(world, 5, lie)) expect(of(result)).toMatchObject([{ skipReason: 'unknown' }]);
    expect(world.changes()).not.toContain(`Inactive ${key}`);
    expect(JSON.stringify(await world.entry(key))).toBe(before);
  });

  it('of a deactivated key: it is not deleted', async () => {
    const world = await openWorld();
    await world.nights(40, policy, []);
    expect(world.changes()).toContain(`Inactive ${key}`);
    expect((await nights(world, 10, lie)).at(-1)?.outcome).toBe('partial');
    expect(world.changes()).not.toContain(`deleted ${key}`);
  });
});

describe('a last use some days ahead, by a clock that ran fast', () => {
  const lie: Lie = { of: 'last use', by: ['report', 'live read'], date: inDays(3) };

  it('is believed when its time has come', async () => {
    const world = await openWorld();
    const outcomes = (await nights(world, 5, lie)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['partial', 'partial', 'partial', 'complete', 'complete']);
  });

  it('of a key that someone deactivates meanwhile leaves nothing in the ledger that cannot be true', async () => {
    const world = await openWorld();
    await world.nights(2, policy, []);
    world.sandbox.account.setAccessKeyStatus(key, 'Inactive');
    const farOff: Lie = { ...lie, date: far };
    const [noted] = await nights(world, 1, farOff);
    expect(noted && actionsOf(noted)).toContain(`observe deactivated ${key} applied`);
    expect((await world.entry(key))?.deactivation?.deleteAt).toEqual(new Date(inDays(2 + 30)));
    expect((await world.nights(1, policy, [])).map(({ outcome }) => outcome)).toEqual(['complete']);
  });
});
