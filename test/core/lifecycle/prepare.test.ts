import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import type { Decision, SkipReason } from '../../../core/lifecycle/decision.ts';
import type { LedgerEntry, NoticeKind } from '../../../core/lifecycle/ledger.ts';
import { prepareWrite } from '../../../core/lifecycle/prepare.ts';
import { deactivated, enforcing, now, past, stateOf, warned } from '../../support/lifecycle-builder.ts';

const moment = { now, sweep: 'tonight' };

function prepare(entry: LedgerEntry | undefined, decision: Decision, isPending = false) {
  const state = stateOf(entry === undefined ? {} : { entry });
  return prepareWrite({ state, decision, isPending }, enforcing(), moment)?.entry;
}

const deactivate: Decision = {
  type: 'deactivate',
  rules: ['access-key-unused'],
  dueAt: past(DAY),
  why: 'access-key-unused',
};
const skip = (skipReason: SkipReason): Decision => ({ type: 'skip', skipReason, why: 'for a test' });

/** An entry whose deactivation an earlier sweep began and did not finish. */
function begun(kind?: NoticeKind): LedgerEntry {
  const intent = { action: 'deactivate', at: past(DAY), sweep: 'earlier' } as const;
  return { ...warned(14 * DAY), intent, ...(kind === undefined ? {} : { notice: { kind, sweep: 'earlier' } }) };
}

describe('a change', () => {
  it.each([
    ['is announced', warned(14 * DAY), false, 'deactivated'],
    ['is announced again where the notice was not delivered', begun('deactivated'), true, 'deactivated'],
    ['is not announced twice', begun('deactivated'), false, undefined],
    ['that was taken over before is not announced either', begun(), false, undefined],
    ['is announced again after it was called off', begun('not-applied'), false, 'deactivated'],
  ])('%s', (_, entry, isPending, notice) => {
    expect(prepare(entry, deactivate, isPending)).toMatchObject({
      intent: { action: 'deactivate', sweep: 'tonight' },
      ...(notice === undefined ? {} : { notice: { kind: notice, sweep: 'tonight' } }),
    });
    if (notice === undefined) expect(prepare(entry, deactivate, isPending)?.notice).toBeUndefined();
  });
});

describe('a change that was begun and is found done', () => {
  const done: Decision = { type: 'observe', change: 'deactivated', by: 'keysweep', why: 'interrupted' };
  it('has no second notice', () => {
    expect(prepare(begun('deactivated'), done)).toMatchObject({ stage: 'deactivated', deactivation: { at: now } });
    expect(prepare(begun('deactivated'), done)?.notice).toBeUndefined();
  });

  it.each([
    ['the notice was not delivered', begun('deactivated'), true],
    ['it was called off in between', begun('not-applied'), false],
  ])('has a notice where %s', (_, entry, isPending) => {
    expect(prepare(entry, done, isPending)?.notice).toEqual({ kind: 'deactivated', sweep: 'tonight' });
  });

  it('has a notice where someone else did it', () => {
    expect(prepare(warned(14 * DAY), { ...done, by: 'person' })?.notice?.kind).toBe('deactivated');
  });
});

describe('a credential that is skipped', () => {
  it('needs no write', () => {
    expect(prepare(warned(DAY), skip('waiting'))).toBeUndefined();
    expect(prepare(undefined, skip('compliant'))).toBeUndefined();
  });

  it.each(['in-use', 'calendar', 'cap', 'mode', 'exempt', 'waiting'] as const)(
    'has the change that was begun called off: %s',
    (skipReason) => {
      const entry = prepare(begun('deactivated'), skip(skipReason));
      expect(entry).toMatchObject({ stage: 'warned', notice: { kind: 'not-applied', sweep: 'tonight' } });
      expect(entry?.intent).toBeUndefined();
    },
  );

  it('has it called off without a notice where none was delivered', () => {
    const entry = prepare(begun('deactivated'), skip('in-use'), true);
    expect(entry?.stage).toBe('warned');
    expect([entry?.intent, entry?.notice]).toEqual([undefined, undefined]);
  });

  it.each(['unknown', 'report-stale', 'no-time'] as const)('keeps the change that was begun: %s', (skipReason) => {
    expect(prepare(begun('deactivated'), skip(skipReason))).toBeUndefined();
  });

  it.each(['deactivated', 'deleted', 'restored', 'resolved', 'not-applied'] as const)(
    'repeats an undelivered notice of what happened: %s',
    (kind) => {
      const entry = { ...deactivated(DAY), notice: { kind, sweep: 'earlier' } };
      expect(prepare(entry, skip('waiting'), true)?.notice).toEqual({ kind, sweep: 'tonight' });
      expect(prepare(entry, skip('waiting'), false)).toBeUndefined();
    },
  );

  it.each(['first-notice', 'reminder', 'final-notice'] as const)(
    'does not repeat a notice of what may no longer come: %s',
    (kind) => {
      const entry = { ...warned(DAY), notice: { kind, sweep: 'earlier' } };
      expect(prepare(entry, skip('unknown'), true)).toBeUndefined();
    },
  );
});
