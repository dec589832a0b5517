import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import type { Decision } from '../../../core/lifecycle/decision.ts';
import { deliveredState, openItem, pastNoticeFirst } from '../../../core/lifecycle/item.ts';
import type { LedgerEntry, NoticeKind } from '../../../core/lifecycle/ledger.ts';
import { countDone, nothingRemembered } from '../../../core/lifecycle/remembered.ts';
import { deactivated, enforcing, entryOf, now, past, stateOf, warned } from '../../support/lifecycle-builder.ts';

const undelivered = (entry: LedgerEntry, kind: NoticeKind): LedgerEntry => ({
  ...entry,
  notice: { kind, sweep: 'undelivered' },
});
const noSweeps = new Map();
const itemOf = (entry?: LedgerEntry) => openItem(stateOf(entry === undefined ? {} : { entry }), noSweeps, now);

describe('an item, as a night begins with it', () => {
  it('counts as it is where its notice was sent', () => {
    const notified = itemOf(warned(3 * DAY));
    expect(notified.isPending).toBe(false);
    expect(deliveredState(notified)).toBe(notified.state);
  });

  it('is decided on without the notice where that is not out, and written on as the ledger has it', () => {
    const entry = undelivered(warned(3 * DAY), 'first-notice');
    const item = itemOf(entry);
    expect(item.isPending).toBe(true);
    expect(item.state.entry).toEqual(entry);
    expect(deliveredState(item).entry?.warning).toBeUndefined();
  });

  it('counts every notice as given where it is said that all are out', () => {
    const entry = undelivered(warned(3 * DAY), 'first-notice');
    expect(openItem(stateOf({ entry }), undefined, now).isPending).toBe(false);
  });

  it('is skipped, as unknown, until something is decided', () => {
    expect(itemOf().decision).toMatchObject({ type: 'skip', skipReason: 'unknown' });
  });

  it('first gets the notice of what has happened to it', () => {
    const decision: Decision = {
      type: 'warn',
      notice: 'first-notice',
      rules: ['access-key-unused'],
      dueAt: now,
      about: 'deactivate',
      why: 'unused',
    };
    const restored = { ...itemOf(undelivered(entryOf('restored'), 'restored')), decision };
    expect(pastNoticeFirst(restored, now, enforcing()).decision).toMatchObject({ type: 'skip', skipReason: 'waiting' });
    const unknown = { ...itemOf(), decision };
    expect(pastNoticeFirst(unknown, now, enforcing())).toBe(unknown);
  });
});

it('a night starts with what was done in it before, and not with what an earlier one did', () => {
  const entries: LedgerEntry[] = [
    deactivated(5 * HOUR),
    { ...deactivated(12 * HOUR), credential: { kind: 'access-key', id: 'AKIA2' } },
  ];
  expect(countDone({ ...nothingRemembered, entries }, now, enforcing())).toEqual({ deactivations: 1, deletions: 0 });
  expect(countDone(nothingRemembered, past(0), enforcing())).toEqual({ deactivations: 0, deletions: 0 });
});
