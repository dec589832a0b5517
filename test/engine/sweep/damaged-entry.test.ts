import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDynamoDbLedger } from '../../../aws/dynamodb-ledger.ts';
import { DAY } from '../../../core/duration.ts';
import type { Ledger } from '../../../core/lifecycle/ledger.ts';
import type { SweepResult } from '../../../core/lifecycle/sweep-result.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import { damages, editableLedger, openEditableLedger, sortKeys, type TableItem } from '../../support/damaged-items.ts';
import { createLedgerTable } from '../../support/ledger-table.ts';
import { account, actionsOf, enforcePolicy, firstNight, openSweepWorld } from '../../support/sweep-world.ts';

const keys = { ann: 'AKIAANNAAAAAAAAAAAAA', ben: 'AKIABENAAAAAAAAAAAAA', cid: 'AKIACIDAAAAAAAAAAAAA' } as const;
type Name = keyof typeof keys;
const names = Object.keys(keys) as Name[];

/** Three users, each with a key that no one has used for long. */
const seed = {
  id: account,
  alias: 'acme',
  now: firstNight.toISOString(),
  users: names.map((name, n) => ({
    name,
    accessKeys: [
      { id: keys[name], createdAt: `2026-03-0${n + 1}T00:00:00Z`, lastUsed: { at: `2026-04-0${n + 1}T00:00:00Z` } },
    ],
  })),
};

/** Warned for two days, deleted three days after. */
const policy = enforcePolicy({}, { warn: [2 * DAY, DAY], deleteAfter: 3 * DAY });

/** By which a key in use is in order, so that no one asks IAM for the names of its user's keys. */
const ageless: Policy = { ...policy, accessKeys: { ...policy.accessKeys, maxAge: 3650 * DAY } };

function withCap(count: number): Policy {
  return { ...policy, limits: { ...policy.limits, maxDeactivations: { count } } };
}

async function openWorld() {
  const world = await openSweepWorld({ seed });
  const table = await openEditableLedger(world.sandbox, world.session);
  const { ledger } = table;
  const sweep = (by = policy, changed: Ledger = ledger) => world.sweep(by, { ledger: changed });
  return {
    ...world,
    table,
    ledger,
    sweep,
    /** Sweeps tonight and the nights after it. */
    nights: async (count: number, by = policy) => {
      const sweeps: SweepResult[] = [];
      for (let night = 0; night < count; night++) {
        sweeps.push(await sweep(by));
        world.pass(1, []);
      }
      return sweeps;
    },
    entryItem: (name: Name) => table.item(sortKeys.entry(keys[name])),
    damage: (name: Name, edit: (item: TableItem) => TableItem) => table.edit(sortKeys.entry(keys[name]), edit),
    stageOf: async (name: Name) => (await ledger.entry(account, keys[name]))?.stage,
    statusOf: (name: Name) => world.sandbox.account.findAccessKey(keys[name])?.key.status,
  };
}

const asleep = (item: TableItem): TableItem => ({
  ...item,
  record: { M: { ...item.record?.M, stage: { S: 'asleep' } } },
});
const unreadable = (item: TableItem): TableItem => ({ ...item, record: { S: 'not-found' } });

describe('one damaged entry of three', () => {
  it.each(damages)('$what: the two others go their way, and it is left as it is', async ({ edit, says }) => {
    const world = await openWorld();
    await world.sweep();
    await world.damage('ben', edit);
    const before = await world.entryItem('ben');
    world.pass(1, []);
    const sweeps = await world.nights(5);

    expect(sweeps.map(({ outcome }) => outcome)).toEqual(Array(5).fill('partial'));
    for (const { skipped, problems, actions } of sweeps) {
      expect(problems).toEqual([]);
      expect(skipped.filter(({ skipReason }) => skipReason === 'unknown')).toEqual([
        {
          skipReason: 'unknown',
          credential: { kind: 'access-key', id: keys.ben },
          principal: { kind: 'user', name: 'ben', arn: `arn:aws:iam::${account}:user/ben` },
          why: expect.stringMatching(says),
        },
      ]);
      expect(actions.map(({ principal }) => principal.name)).not.toContain('ben');
    }
    expect(sweeps.map((result) => actionsOf(result).map((text) => text.split(' ')[0]))).toEqual([
      ['warn', 'warn'],
      ['deactivate', 'deactivate'],
      [],
      ['warn', 'warn'],
      ['delete', 'delete'],
    ]);
    expect(world.changes().toSorted()).toEqual(
      [`Inactive ${keys.ann}`, `Inactive ${keys.cid}`, `deleted ${keys.ann}`, `deleted ${keys.cid}`].toSorted(),
    );
    expect(world.statusOf('ben')).toBe('Active');
    expect(await world.entryItem('ben')).toStrictEqual(before);
    expect(
      world.notices
        .slice(1)
        .map(({ body }) => body)
        .join('\n'),
    ).not.toContain(keys.ben);
  });

  it('is not deleted where it is deactivated already, and continues from its dates once it is repaired', async () => {
    const world = await openWorld();
    await world.nights(3);
    expect(await world.stageOf('ben')).toBe('deactivated');
    const good = (await world.entryItem('ben')) ?? {};
    await world.damage('ben', asleep);
    await world.nights(4);
    expect(names.map(world.statusOf)).toEqual([undefined, 'Inactive', undefined]);

    await world.table.put(good);
    const [first, second] = await world.nights(2);
    expect(first).toMatchObject({ outcome: 'complete', actions: [{ type: 'warn', notice: 'final-notice' }] });
    expect(second).toMatchObject({ outcome: 'complete', actions: [{ type: 'delete', outcome: 'applied' }] });
    expect(await world.stageOf('ben')).toBe('deleted');
  });

  describe('whose item was removed', () => {
    /** Another table with all items but some, which is how this sandbox removes any. */
    async function without(removed: (sort: string) => boolean) {
      const world = await openWorld();
      await world.nights(3);
      await world.damage('ben', asleep);
      const { client } = world.table;
      await createLedgerTable(client, 'repaired');
      const ledger = createDynamoDbLedger(world.session, 'repaired');
      const repaired = editableLedger(ledger, client, account, 'repaired');
      for (const item of await world.table.items()) if (!removed(item.sk?.S ?? '')) await repaired.put(item);
      world.sandbox.account.setAccessKeyStatus(keys.ben, 'Active');
      return { ledger, result: await world.sweep(policy, ledger), now: world.sandbox.clock.now() };
    }

    it('counts as compliant where its events are missing as well: a first notice, and a whole warning period', async () => {
      const { ledger, result, now } = await without((sort) => sort.includes(keys.ben));
      expect(result.outcome).toBe('complete');
      const entry = await ledger.entry(account, keys.ben);
      expect(entry).toMatchObject({ version: 1, stage: 'warned', warning: { firstNoticeAt: now } });
    });

    it('is not written about while its events are still there', async () => {
      const { ledger, result } = await without((sort) => sort === sortKeys.entry(keys.ben));
      expect(result.outcome).toBe('partial');
      expect(result.actions.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
        { type: 'warn', principal: { name: 'ben' }, detail: expect.stringContaining('its event already exists') },
      ]);
      expect(await ledger.entry(account, keys.ben)).toBeUndefined();
    });
  });

  it('has no owner where neither IAM lists the key nor the record names the user, and the sweep is partial still', async () => {
    const world = await openWorld();
    await world.sweep(ageless);
    await world.damage('ben', unreadable);
    // Nothing is wrong with it any more, so that no one asks for the keys of ben.
    world.pass(1, [keys.ben]);
    world.pass(1, []);
    const { outcome, skipped, actions } = await world.sweep(ageless);
    expect(outcome).toBe('partial');
    expect(skipped.find(({ credential }) => credential.id === keys.ben)).toMatchObject({
      skipReason: 'unknown',
      principal: { name: 'unknown user' },
    });
    expect(actions.map(({ principal, notice }) => `${principal.name} ${notice}`)).toEqual([
      'ann final-notice',
      'cid final-notice',
    ]);
  });

  it('is planned as unknown too, and in mode warn', async () => {
    const world = await openWorld();
    await world.sweep();
    await world.damage('ben', asleep);
    world.pass(1, []);
    const snapshot = await world.auditNow(policy);
    for (const [mode, enforce] of [
      ['enforce', false],
      ['warn', true],
    ] as const) {
      const changes = { ledger: world.ledger };
      const result = await world.rotateBy(snapshot, { ...policy, mode }, changes, { enforce });
      expect(result.outcome).toBe('partial');
      expect(result.skipped).toContainEqual(
        expect.objectContaining({ skipReason: 'unknown', why: expect.stringContaining('stage: not one of') }),
      );
    }
  });

  it('does not matter in mode audit, which has no need of the ledger', async () => {
    const world = await openWorld();
    await world.sweep();
    await world.damage('ben', asleep);
    expect(await world.sweep({ ...policy, mode: 'audit' })).toMatchObject({ outcome: 'complete', problems: [] });
  });
});

describe('the caps of a night with a damaged entry', () => {
  it('count the change of tonight that it hides, by its events', async () => {
    const world = await openWorld();
    await world.nights(2, withCap(3));
    await world.sweep(withCap(1));
    const [first = 'ann'] = names.filter((name) => world.statusOf(name) === 'Inactive');
    await world.damage(first, asleep);
    world.pass(1 / 24, []);
    const { skipped } = await world.sweep(withCap(1));
    expect(skipped.filter(({ skipReason }) => skipReason === 'cap')).toHaveLength(2);
    expect(world.changes()).toEqual([`Inactive ${keys[first]}`]);
  });

  it('are those of any other night for the others: a cap of 1 lets one pass', async () => {
    const world = await openWorld();
    await world.nights(2, withCap(1));
    await world.damage('ben', asleep);
    await world.nights(2, withCap(1));
    expect(world.changes().toSorted()).toEqual([`Inactive ${keys.ann}`, `Inactive ${keys.cid}`]);
  });

  it('count it as one change of each kind where its events are damaged as well', async () => {
    const world = await openWorld();
    await world.nights(2, withCap(3));
    await world.damage('ben', asleep);
    await world.table.edit(sortKeys.event(keys.ben, 1), unreadable);
    const { skipped } = await world.sweep(withCap(1));
    expect(skipped.filter(({ skipReason }) => skipReason === 'cap').map(({ principal }) => principal.name)).toEqual([
      'ann',
      'cid',
    ]);
    expect(world.changes()).toEqual([]);
  });
});

describe('an entry that is damaged while the sweep is under way', () => {
  /** The ledger, in which something happens just before its n-th read of the entries. */
  function before(nth: number, ledger: Ledger, happens: () => Promise<void>): Ledger {
    let reads = 0;
    return {
      ...ledger,
      entries: async (id) => {
        if (++reads === nth) await happens();
        return ledger.entries(id);
      },
    };
  }

  it('after it was recorded what is to be done: no notice, no change, and a problem that says so', async () => {
    const world = await openWorld();
    await world.nights(2);
    const changed = before(2, world.ledger, () => world.damage('ben', asleep));
    const result = await world.sweep(policy, changed);
    expect(result.outcome).toBe('partial');
    expect(result.actions.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { type: 'deactivate', principal: { name: 'ben' }, detail: expect.stringMatching(/^it could not be read back: /) },
    ]);
    expect(world.changes().toSorted()).toEqual([`Inactive ${keys.ann}`, `Inactive ${keys.cid}`]);
    expect(world.notices.at(-1)?.body).not.toContain(keys.ben);
  });

  it('just before the change: not done', async () => {
    const world = await openWorld();
    await world.nights(2);
    const changed: Ledger = {
      ...world.ledger,
      entry: async (id, credentialId) => {
        if (credentialId === keys.ben) await world.damage('ben', asleep);
        return world.ledger.entry(id, credentialId);
      },
    };
    const { outcome, actions } = await world.sweep(policy, changed);
    expect(outcome).toBe('partial');
    expect(actions.find(({ principal }) => principal.name === 'ben')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/^not done: the ledger is damaged at /),
    });
    expect(world.statusOf('ben')).toBe('Active');
  });
});

it('a damaged record of a sweep is as good as none: its notices are given again, and no change rests on them', async () => {
  const world = await openWorld();
  const [{ sweep } = { sweep: '' }] = await world.nights(1);
  await world.table.edit(sortKeys.sweep(sweep), unreadable);
  const [second, third] = await world.nights(2);
  expect(second).toMatchObject({
    outcome: 'partial',
    problems: [
      expect.stringMatching(/^the notices of sweep .* count as undelivered: the ledger is damaged at the item/),
    ],
  });
  expect(second?.actions.map(({ notice }) => notice)).toEqual(Array(3).fill('first-notice'));
  expect(third).toMatchObject({ outcome: 'complete', problems: [] });
  expect(world.changes()).toEqual([]);
});

it('the other key of a user is not taken for one whose entry is damaged', async () => {
  const twin = 'AKIATWINAAAAAAAAAAAA';
  const createdAt = '2026-03-01T00:00:00Z';
  const stale = { createdAt, lastUsed: { at: '2026-04-01T00:00:00Z' } };
  const users = [
    {
      name: 'ann',
      accessKeys: [
        { id: keys.ann, ...stale },
        { id: twin, ...stale },
      ],
    },
  ];
  const world = await openSweepWorld({ seed: { ...seed, users } });
  const table = await openEditableLedger(world.sandbox, world.session);
  const { ledger } = table;
  await world.sweep(ageless, { ledger });
  await table.edit(sortKeys.entry(twin), unreadable);
  world.pass(1, [twin, keys.ann]);
  // One of the two is deleted by hand. The report shows one key of that second, in use, and no one lists the keys.
  world.sandbox.account.deleteAccessKey(keys.ann);
  world.pass(1, [twin]);
  const { actions, outcome } = await world.sweep(ageless, { ledger });
  expect(outcome).toBe('partial');
  expect(actions).toMatchObject([{ type: 'observe', change: 'deleted', credential: { id: keys.ann } }]);
});

it('whatever is damaged in whatever night: nothing is ever done to it, written over it or said about it', async () => {
  const damaging = fc.record({
    name: fc.constantFrom(...names),
    night: fc.integer({ min: 1, max: 6 }),
    damage: fc.constantFrom(...damages),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(damaging, { minLength: 1, maxLength: 3 }), async (plan) => {
      const world = await openWorld();
      const damaged = new Map<Name, { item: TableItem | undefined; status: string | undefined; notified: number }>();
      for (let night = 0; night < 8; night++) {
        for (const { name, damage } of plan.filter((one) => one.night === night && !damaged.has(one.name))) {
          await world.damage(name, damage.edit);
          const item = await world.entryItem(name);
          damaged.set(name, { item, status: world.statusOf(name), notified: world.notices.length });
        }
        expect((await world.sweep()).outcome).toBe(damaged.size === 0 ? 'complete' : 'partial');
        world.pass(1, []);
      }
      for (const [name, { item, status, notified }] of damaged) {
        expect(await world.entryItem(name)).toStrictEqual(item);
        expect(world.statusOf(name)).toBe(status);
        expect(world.notices.slice(notified).filter(({ body }) => body.includes(keys[name]))).toEqual([]);
      }
      for (const name of names.filter((one) => !damaged.has(one))) expect(world.statusOf(name)).toBeUndefined();
    }),
    { numRuns: 6, seed: 20_261_125 },
  );
});
