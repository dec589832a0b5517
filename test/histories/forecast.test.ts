/** Whatever has happened so far, a forecast says, date by date, what the coming nights do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import type { UseAssumption } from '../../core/lifecycle/forecast-model.ts';
import { modelledTimes } from '../../core/lifecycle/forecast-times.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { auditAccount } from '../../engine/audit/audit.ts';
import { forecastLive } from '../../engine/forecast.ts';
import { remember } from '../../engine/remember.ts';
import type { AccessKeyRecord, UserRecord } from '../../sandbox/state/records.ts';
import { forecastLine, sweepLines } from '../support/forecast-lines.ts';
import { act, histories } from './history.ts';
import { nextStart } from './rhythm.ts';
import { doAct, sweepNight } from './run-history.ts';
import { createWorld, directSource, lifeline, type World } from './world.ts';

const nights = 50;

const cases = fc.record({
  history: histories,
  /** Hours from the last night to the forecast: the same night, or another. What IAM does not show yet no one foretells. */
  gap: fc.constantFrom(5, 11, 12, 24),
  acts: fc.array(act, { maxLength: 3 }),
  /** The in-use window of machines is another one: in days. */
  ownWindow: fc.option(fc.constantFrom(1, 40), { nil: undefined }),
  use: fc.constantFrom('continue' as const, 'stop' as const),
});

/** Of the keys that are in use now, by the threshold that holds for their user. */
function keysInUse({ account, clock }: World, policy: Policy): readonly string[] {
  const now = clock.now().getTime();
  const windowOf = ({ tags }: UserRecord) => {
    const [override] = policy.overrides;
    const own = override !== undefined && tags.get('kind') === 'machine' ? override.accessKeys : undefined;
    return own?.inUseWindow ?? policy.accessKeys.inUseWindow;
  };
  const isInUse = ({ uses, status }: AccessKeyRecord, user: UserRecord) => {
    const last = uses.shown(now)?.at;
    return status === 'Active' && last !== undefined && now - last < windowOf(user);
  };
  return account.users().flatMap((user) => user.accessKeys.filter((key) => isInUse(key, user)).map(({ id }) => id));
}

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function withOwnWindow(policy: Policy, days: number | undefined): Policy {
  if (days === undefined) return policy;
  const own = { inUseWindow: days * DAY };
  const [first = { match: { tag: { kind: 'machine' } } }] = policy.overrides;
  return { ...policy, overrides: [{ ...first, accessKeys: { ...first.accessKeys, ...own } }] };
}

/** The last nights of the history, and what people did since. The policy is the one that holds in the end. */
async function playNights(world: World, { history, gap, acts, ownWindow }: Case): Promise<Policy> {
  let current = history.policies[0];
  for (const { gap: hours, jitter, behind, policy: change, acts: before, faults } of history.nights.slice(-8)) {
    world.night++;
    world.clock.set(nextStart(history.rhythm, world.clock.now(), hours, jitter));
    world.skew = -behind * HOUR;
    if (change !== undefined) current = history.policies[change % history.policies.length] ?? current;
    for (const one of before) await doAct(world, one);
    await sweepNight(world, current, faults);
  }
  world.skew = 0;
  for (const one of acts) await doAct(world, one);
  world.clock.advance(gap * HOUR);
  return withOwnWindow({ ...current, mode: 'enforce' }, ownWindow);
}

async function foresee(world: World, policy: Policy, use: UseAssumption) {
  const { account, clock, ledger } = world;
  const source = directSource(world, { users: [] }, lifeline(undefined));
  const from = clock.now();
  const audited = await auditAccount({ source }, policy, from);
  const remembered = await remember(ledger, account.id, from);
  const { forecast } = await forecastLive(source, audited, remembered, policy, { from, nights, use });
  const users = account.users();
  const ids = users.flatMap(({ name, accessKeys }) =>
    accessKeys.map(({ id, slot }) => [`${name} (access key ${slot})`, id] as const),
  );
  const foreseen = forecast.events.map((event) => forecastLine(event, new Map(ids)));
  return {
    foreseen: foreseen.toSorted(),
    unknown: forecast.unknown,
    times: modelledTimes(policy, remembered, from, nights),
  };
}

/** Sweeps start when the forecast has them start: the first by hand perhaps, the others as the schedule says. */
async function liveOn(
  world: World,
  policy: Policy,
  inUse: readonly string[],
  times: readonly Date[],
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const [night, time] of times.entries()) {
    world.night++;
    world.clock.set(time);
    const used = new Date(time.getTime() - HOUR);
    if (night > 0) for (const id of inUse) world.account.useAccessKey(id, used, 's3', 'N/A');
    const result = await sweepNight(world, policy, { users: [] });
    if (result === undefined) throw new Error('a night without faults ended in an error');
    done.push(...sweepLines(result));
  }
  return done.toSorted();
}

/**
 * Someone deleted a key, and another one of the same user and second, that the ledger does not know, is left: as long as
 * nothing is wrong with that one, no one lists it, and a sweep takes it for the deleted one as well.
 */
async function isAnyMistaken({ account, ledger }: World): Promise<boolean> {
  const { entries } = await ledger.entries(account.id);
  const second = (time: Date | number) => Math.floor(Number(time) / 1000);
  const keys = account.users().flatMap(({ name, accessKeys }) => accessKeys.map((key) => ({ name, key })));
  return entries.some(({ stage, credential, principal, createdAt }) => {
    if (stage === 'deleted' || keys.some(({ key }) => key.id === credential.id)) return false;
    return keys.some(({ name, key }) => name === principal.name && second(key.createdAt) === second(createdAt));
  });
}

describe('a forecast equals the nights that follow', () => {
  it('from whatever ledger and account a history has left', async () => {
    const kinds = new Set<string | undefined>();
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const world = createWorld(drawn.history.account, drawn.history.rhythm.start);
        const policy = await playNights(world, drawn);
        fc.pre(!(await isAnyMistaken(world)));
        const inUse = drawn.use === 'continue' ? keysInUse(world, policy) : [];
        const { foreseen, unknown, times } = await foresee(world, policy, drawn.use);
        expect(foreseen).toEqual(await liveOn(world, policy, inUse, times));
        // A clock that was ahead has left records of the future, which a sweep waits for as well.
        expect(unknown.filter(({ why }) => !why.includes('is in the future'))).toEqual([]);
        for (const text of foreseen) kinds.add(/^\S+ (observe \S+|warn \S+|\S+)/.exec(text)?.[1]);
      }),
      { numRuns: 250, seed: 12 },
    );
    expect([...kinds].toSorted()).toEqual([
      'deactivate',
      'delete',
      'observe deactivated',
      'observe deleted',
      'observe restored',
      'resolve',
      'warn deferred',
      'warn final-notice',
      'warn first-notice',
      'warn reminder',
      'warn still-waiting',
    ]);
  }, 240_000);
});
