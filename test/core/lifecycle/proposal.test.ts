import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import type { Decision, SkipReason } from '../../../core/lifecycle/decision.ts';
import { type Item, openItem } from '../../../core/lifecycle/item.ts';
import type { LedgerEntry, NoticeKind } from '../../../core/lifecycle/ledger.ts';
import { prepareWrite } from '../../../core/lifecycle/prepare.ts';
import { onlyShown, proposalOf, type ShownActions } from '../../../core/lifecycle/proposal.ts';
import { deactivated, enforcing, entryOf, now, past, stateOf, warned } from '../../support/lifecycle-builder.ts';

const moment = { now, sweep: 'tonight' };
const id = 'AKIAALICE';
const rules = ['access-key-unused'] as const;

const warn: Decision = { type: 'warn', notice: 'first-notice', rules, about: 'deactivate', dueAt: now, why: 'unused' };
const deactivate: Decision = { type: 'deactivate', rules, dueAt: past(DAY), why: 'unused' };
const remove: Decision = { type: 'delete', rules, dueAt: past(DAY), why: 'unused' };
const found: Decision = { type: 'observe', change: 'deactivated', by: 'person', why: 'inactive' };
const resolved: Decision = { type: 'resolve', why: 'in use again' };
const skip = (skipReason: SkipReason): Decision => ({ type: 'skip', skipReason, why: 'for a test' });

const ofEarlier = (entry: LedgerEntry, kind: NoticeKind): LedgerEntry => {
  return { ...entry, notice: { kind, sweep: 'earlier' } };
};
/** Its deactivation was begun by an earlier sweep. */
const begun: LedgerEntry = { ...warned(15 * DAY), intent: { action: 'deactivate', at: past(DAY), sweep: 'earlier' } };

function itemOf(decision: Decision, entry?: LedgerEntry, isPending = false): Item {
  return { ...openItem(stateOf(entry === undefined ? {} : { entry }), undefined, now), decision, isPending };
}

const writing: readonly (readonly [string, Item])[] = [
  ['a notice', itemOf(warn)],
  ['a deactivation', itemOf(deactivate, warned(15 * DAY))],
  ['a deletion', itemOf(remove, deactivated(40 * DAY))],
  ['a deactivation by someone else', itemOf(found)],
  ['a withdrawn warning', itemOf(resolved, warned(DAY))],
  ['a notice that was not delivered', itemOf(skip('compliant'), ofEarlier(warned(DAY), 'resolved'), true)],
  ['a change that is no longer due', itemOf(skip('in-use'), begun)],
];

const proposed = (item: Item) => proposalOf([item], enforcing(), moment);
const shownOf = (item: Item, shown: ShownActions) => onlyShown([item], shown, enforcing(), moment);

describe('what a sweep would write', () => {
  it.each(writing)('%s is part of it', (_, item) => {
    const { type } = item.decision;
    // Of what was begun without a notice no one was notified.
    const notices = item.state.entry === begun ? 0 : 1;
    expect(proposed(item)).toEqual({ actions: new Map([[id, type]]), unfinished: type === 'skip' ? 1 : 0, notices });
  });

  it.each([
    ['a compliant key', itemOf(skip('compliant'))],
    ['a key that waits', itemOf(skip('waiting'), warned(DAY))],
    ['a change that is stuck, since nothing is decided', itemOf(skip('unknown'), begun)],
    [
      'a decision that the ledger does not allow',
      itemOf(warn, entryOf('deleted', { deletion: { at: past(DAY), by: 'keysweep' } })),
    ],
  ])('%s is not', (_, item) => {
    expect(proposed(item)).toEqual({ actions: new Map(), unfinished: 0, notices: 0 });
    expect(shownOf(item, new Map())).toEqual([item]);
  });
});

describe('what was shown', () => {
  it.each(writing)('%s is done', (_, item) => {
    expect(shownOf(item, proposed(item).actions)).toEqual([item]);
  });

  const others: readonly Decision['type'][] = ['warn', 'deactivate', 'delete', 'observe', 'resolve', 'skip'];
  const unshown = writing.flatMap(([what, item]) => {
    const wrong = others.filter((type) => type !== item.decision.type);
    return [undefined, ...wrong].map((type) => [what, type ?? 'nothing', item] as const);
  });
  it.each(unshown)('%s is not done after %s was shown, and nothing is written about it', (_, type, item) => {
    const shown = type === 'nothing' ? [] : [[id, type] as const];
    const [kept, ...more] = shownOf(item, new Map(shown));
    expect(more).toEqual([]);
    expect(kept?.decision).toMatchObject({ type: 'skip', skipReason: 'unconfirmed' });
    expect(kept && prepareWrite(kept, enforcing(), moment)).toBeUndefined();
  });

  it('is by key: what was shown of another counts for nothing', () => {
    const [, item] = writing[1] ?? [];
    const [kept] = item === undefined ? [] : shownOf(item, new Map([['AKIABOB', 'deactivate']]));
    expect(kept?.decision).toMatchObject({ skipReason: 'unconfirmed' });
  });
});
