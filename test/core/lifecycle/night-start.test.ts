import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import type { Decision } from '../../../core/lifecycle/decision.ts';
import type { LedgerEntry, NoticeKind } from '../../../core/lifecycle/ledger.ts';
import {
  entryTonight,
  nothingRemembered,
  settleTonight,
  startNight,
  withDelivered,
} from '../../../core/lifecycle/night-start.ts';
import { deactivated, enforcing, entryOf, now, past, stateOf, warned } from '../../support/lifecycle-builder.ts';

const noticed = (entry: LedgerEntry, kind: NoticeKind): LedgerEntry => ({
  ...entry,
  notice: { kind, sweep: 'earlier' },
});
const pending = noticed(warned(3 * DAY), 'first-notice');
const noSweeps = new Map();

describe('an entry, as a night takes it', () => {
  it('counts as it stands where its notice is delivered, and without the notice where that is pending', () => {
    const told = warned(3 * DAY);
    expect(entryTonight(told, noSweeps, now)).toEqual({ entry: told, isPending: false, delivered: told });
    const { entry, isPending, delivered } = entryTonight(pending, noSweeps, now);
    expect({ entry, isPending }).toEqual({ entry: pending, isPending: true });
    expect(delivered.warning).toBeUndefined();
  });

  it('is decided on without what is pending, and written on as the ledger has it', () => {
    const tonight = entryTonight(pending, noSweeps, now);
    const state = withDelivered(stateOf({ entry: pending }), tonight);
    expect(state.entry).toBe(tonight.delivered);
    const decision: Decision = { type: 'resolve', why: 'exempt' };
    const settled = settleTonight({ state, decision }, tonight, now, enforcing());
    expect(settled).toMatchObject({ decision, isPending: true });
    expect(settled.state.entry).toBe(pending);
  });

  it('is first told what has happened to it', () => {
    const tonight = entryTonight(noticed(entryOf('restored'), 'restored'), noSweeps, now);
    const warn: Decision = {
      type: 'warn',
      notice: 'first-notice',
      rules: ['access-key-unused'],
      dueAt: now,
      about: 'retire',
      why: 'unused',
    };
    expect(settleTonight({ state: stateOf(), decision: warn }, tonight, now, enforcing()).decision).toMatchObject({
      type: 'leave',
      hold: 'waiting',
    });
    expect(settleTonight({ state: stateOf(), decision: warn }, undefined, now, enforcing())).toMatchObject({
      decision: warn,
      isPending: false,
    });
  });
});

it('a night starts with what was done in it before, and not with what an earlier one did', () => {
  const entries = [
    deactivated(5 * HOUR),
    { ...deactivated(12 * HOUR), credential: { kind: 'access-key', id: 'AKIA2' } },
  ];
  const { entries: byId, done } = startNight(
    { ...nothingRemembered, entries: entries as LedgerEntry[] },
    now,
    enforcing(),
  );
  expect(done).toEqual({ deactivations: 1, deletions: 0 });
  expect([...byId.keys()]).toEqual(['AKIAALICE', 'AKIA2']);
  expect(startNight(nothingRemembered, past(0), enforcing()).done).toEqual({ deactivations: 0, deletions: 0 });
});
