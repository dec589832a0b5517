import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import { openItem } from '../../../core/lifecycle/item.ts';
import { capacityOf, type PlanInput, plan } from '../../../core/lifecycle/plan.ts';
import type { CredentialState } from '../../../core/lifecycle/state.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import {
  deactivated,
  enforcing,
  now,
  past,
  type StateOptions,
  seen,
  stateOf,
  warned,
} from '../../support/lifecycle-builder.ts';

const fresh = { rows: 10, generatedAt: past(HOUR) };
const final = { lastNoticeAt: past(DAY), finalNoticeAt: past(DAY) };

const itemsOf = (states: readonly CredentialState[]) => states.map((state) => openItem(state, undefined, now));

/** A key that is due for deactivation. */
function due(id: string, fields: StateOptions = {}): CredentialState {
  return stateOf({ id, entry: warned(14 * DAY, final), ...fields });
}

function idle(days: number) {
  return seen({ createdAt: past(400 * DAY), lastUse: { kind: 'used', at: past(days * DAY) } });
}

function planOf(states: readonly CredentialState[], policy: Policy = enforcing(), fields: Partial<PlanInput> = {}) {
  const { actions, skipped } = plan(
    { items: itemsOf(states), report: fresh, inScope: states.length, ...fields },
    policy,
    now,
  );
  return {
    actions: actions.map(({ decision, state }) => `${decision.type} ${state.credential.id}`),
    skipped: skipped.map(({ decision, state }) => `${decision.skipReason} ${state.credential.id}`),
    why: skipped.map(({ decision }) => decision.why),
  };
}

const capped = (maxDeactivations: Policy['limits']['maxDeactivations']) =>
  enforcing({ limits: { ...enforcing().limits, maxDeactivations } });

describe('caps defer the excess, and say so', () => {
  const states = [due('A'), due('B'), due('C')];

  it.each([
    [3, ['A', 'B', 'C'], []],
    [2, ['A', 'B'], ['C']],
    [0, [], ['A', 'B', 'C']],
  ])('a cap of %i', (count, done, deferred) => {
    const { actions, skipped } = planOf(states, capped({ count }));
    expect(actions).toEqual(done.map((id) => `deactivate ${id}`));
    expect(skipped).toEqual(deferred.map((id) => `cap ${id}`));
  });

  it('counts deactivations and deletions apart', () => {
    const deletable = stateOf({
      id: 'D',
      entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }),
      liveStatus: seen({ status: 'Inactive' }),
    });
    const { actions } = planOf(
      [...states, deletable],
      enforcing({ limits: { ...enforcing().limits, maxDeactivations: { count: 1 }, maxDeletions: { count: 1 } } }),
    );
    expect(actions).toEqual(['deactivate A', 'delete D']);
  });

  it('says how many there were', () => {
    expect(planOf(states, capped({ count: 1 })).why).toEqual(Array(2).fill('deferred: maxDeactivations allows 1 of 3'));
  });

  it('defers no notices', () => {
    const warnings = ['A', 'B'].map((id) => stateOf({ id }));
    expect(planOf(warnings, capped({ count: 0 })).actions).toEqual(['warn A', 'warn B']);
  });

  it.each([
    [{ percent: 10 }, 100, 10],
    [{ percent: 10 }, 109, 10],
    [{ percent: 10 }, 9, 1],
    [{ percent: 0 }, 1000, 0],
    [{ percent: 100 }, 7, 7],
    [{ count: 4 }, 2, 4],
  ] as const)('%o of %i credentials: %i', (cap, inScope, expected) => expect(capacityOf(cap, inScope)).toBe(expected));
});

describe('rank, when caps bite', () => {
  it('interrupted changes, exposed, privileged, longest idle, id', () => {
    const interrupted = {
      ...warned(14 * DAY, final),
      intent: { action: 'deactivate', at: past(DAY), sweep: 's' } as const,
    };
    const states = [
      due('Z', { liveStatus: idle(50) }),
      due('Y', { liveStatus: idle(300) }),
      due('X', { liveStatus: idle(60), privileged: true }),
      due('W', { liveStatus: idle(55), exposed: true }),
      due('V', { liveStatus: idle(46), entry: interrupted }),
      due('U', { liveStatus: idle(50) }),
    ];
    expect(planOf(states, capped({ count: 6 })).actions.map((action) => action.at(-1))).toEqual([
      'V',
      'W',
      'X',
      'Y',
      'U',
      'Z',
    ]);
  });
});

describe('what a cap chooses among', () => {
  const states = [due('A', { user: 'a' }), due('B', { user: 'b' }), due('C', { user: 'c' })];
  const contestedBy = (policy: Policy, fields: Partial<PlanInput> = {}) => {
    const { contested } = plan({ items: itemsOf(states), report: fresh, inScope: 3, ...fields }, policy, now);
    return contested.map(({ credential }) => credential.id);
  };

  it.each([
    ['all pass', 3, 0, []],
    ['some pass', 2, 0, ['A', 'B', 'C']],
    ['one passed tonight, one more may', 2, 1, ['A', 'B', 'C']],
    ['none may pass any more', 2, 2, []],
    ['more passed tonight than may', 2, 3, []],
    ['none may ever pass', 0, 0, []],
  ])('%s', (_, count, deactivations, contested) => {
    expect(contestedBy(capped({ count }), { done: { deactivations, deletions: 0 } })).toEqual(contested);
  });

  it('is of one kind of change', () => {
    const deletable = stateOf({
      id: 'D',
      entry: deactivated(30 * DAY, { finalNoticeAt: past(DAY) }),
      liveStatus: seen({ status: 'Inactive' }),
    });
    expect(contestedBy(capped({ count: 1 }), { items: itemsOf([...states, deletable]) })).toEqual(['A', 'B', 'C']);
  });

  it('says of those who wait what they are, or that it is not known', () => {
    const exposed = ['A', 'B', 'C'].map((id) => due(id, { exposed: true, privileged: id === 'C' }));
    expect(planOf(exposed, capped({ count: 1 })).why).toEqual([
      'deferred: maxDeactivations allows 1 of 3; its user is exposed',
      'deferred: maxDeactivations allows 1 of 3; its user is exposed',
    ]);
    expect(planOf(exposed, capped({ count: 0 })).why[0]).toMatch(/allows 0 of 3; its user is exposed and privileged$/);
    expect(planOf(states, capped({ count: 1 }), { riskUnread: 'AccessDenied: no' }).why[0]).toBe(
      'deferred: maxDeactivations allows 1 of 3; it could not be read whether its user is exposed or privileged: AccessDenied: no',
    );
  });
});

describe('a report that is too old leads to no action', () => {
  it.each([
    ['exactly at the limit', past(24 * HOUR), ['deactivate A'], []],
    ['a millisecond older', past(24 * HOUR + 1), [], ['report-stale A']],
  ])('%s', (_, generatedAt, actions, skipped) => {
    expect(planOf([due('A')], enforcing(), { report: { rows: 1, generatedAt } })).toMatchObject({ actions, skipped });
  });

  it('of unknown age', () => {
    expect(planOf([due('A')], enforcing(), { report: { rows: 1 } }).skipped).toEqual(['report-stale A']);
  });
});

describe('a slow clock leads to no action', () => {
  const ahead = (minutes: number) => past(-minutes * MINUTE);

  it.each([
    ['a report 15 minutes ahead', 15 * MINUTE, ['deactivate A'], []],
    ['a millisecond more', 15 * MINUTE + 1, [], ['unknown A']],
  ])('%s', (_, lead, actions, skipped) => {
    const report = { rows: 1, generatedAt: past(-lead) };
    expect(planOf([due('A')], enforcing(), { report })).toMatchObject({ actions, skipped });
  });

  it('but to the note that someone reactivated a key', () => {
    const report = { rows: 1, generatedAt: ahead(60) };
    const again = stateOf({ id: 'B', entry: deactivated(2 * DAY) });
    expect(planOf([due('A'), again], enforcing(), { report })).toMatchObject({
      actions: ['observe B'],
      skipped: ['unknown A'],
    });
  });

  it('an entry from the future stops only its own credential', () => {
    const recorded = (minutes: number) => ({ ...warned(14 * DAY, final), updatedAt: ahead(minutes) });
    const states = [due('A', { entry: recorded(15) }), due('B', { entry: recorded(16) })];
    expect(planOf(states)).toMatchObject({ actions: ['deactivate A'], skipped: ['unknown B'] });
  });
});

it('everything is either done or skipped, once', () => {
  const states = [due('A'), stateOf({ id: 'B' }), stateOf({ id: 'C', liveStatus: { kind: 'unknown', why: 'denied' } })];
  const { actions, skipped } = planOf(states, capped({ count: 0 }));
  expect([...actions, ...skipped].map((item) => item.at(-1)).sort()).toEqual(['A', 'B', 'C']);
});
