import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import { openItem } from '../../../core/lifecycle/item.ts';
import type { LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import { plan } from '../../../core/lifecycle/plan.ts';
import { countDone, nothingRemembered } from '../../../core/lifecycle/remembered.ts';
import { deactivated, enforcing, entryOf, now, past, stateOf, warned } from '../../support/lifecycle-builder.ts';

function deleted(age: number, by: 'keysweep' | 'person' = 'keysweep'): LedgerEntry {
  return { ...deactivated(30 * DAY), stage: 'deleted', deletion: { at: past(age), by } };
}

/** Deactivated by keysweep then, and on again by someone. */
function restored(lastDeactivationAt: Date): LedgerEntry {
  return entryOf('restored', { restoration: { at: now, by: 'person' }, lastDeactivationAt });
}

describe('what counts against the caps of this night', () => {
  it.each([
    ['a deactivation just now', deactivated(0), { deactivations: 1, deletions: 0 }],
    ['a deactivation a moment less than 12 hours ago', deactivated(12 * HOUR - 1), { deactivations: 1, deletions: 0 }],
    ['none of last night', deactivated(12 * HOUR), { deactivations: 0, deletions: 0 }],
    ['one from a clock that ran ahead', deactivated(-HOUR), { deactivations: 1, deletions: 0 }],
    ['none of a person', deactivated(0, { by: 'person' }), { deactivations: 0, deletions: 0 }],
    ['one that someone has undone', restored(past(HOUR)), { deactivations: 1, deletions: 0 }],
    ['none of last night that someone has undone', restored(past(12 * HOUR)), { deactivations: 0, deletions: 0 }],
    ['a deletion', deleted(HOUR), { deactivations: 0, deletions: 1 }],
    ['no deletion by a person', deleted(HOUR, 'person'), { deactivations: 0, deletions: 0 }],
  ])('%s', (_, entry, expected) => {
    expect(countDone({ ...nothingRemembered, entries: [entry] }, now, enforcing())).toEqual(expected);
  });
});

it.each([
  [0, 2],
  [1, 1],
  [2, 0],
  [3, 0],
])('with %i done of a cap of 2, %i more may pass', (deactivations, expected) => {
  const policy = enforcing({ limits: { ...enforcing().limits, maxDeactivations: { count: 2 } } });
  const final = { lastNoticeAt: past(DAY), finalNoticeAt: past(DAY) };
  const items = ['A', 'B', 'C'].map((id) => openItem(stateOf({ id, entry: warned(14 * DAY, final) }), undefined, now));
  const report = { rows: 4, generatedAt: now };
  const input = { items, report, inScope: 3, done: { deactivations, deletions: 0 } };
  const { actions, skipped } = plan(input, policy, now);
  expect([actions.length, skipped.map(({ decision }) => decision.skipReason)]).toEqual([
    expected,
    Array(3 - expected).fill('cap'),
  ]);
});
