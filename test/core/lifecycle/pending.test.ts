import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { decide } from '../../../core/lifecycle/decide.ts';
import type { LedgerEntry, NoticeKind, SweepRecord } from '../../../core/lifecycle/ledger.ts';
import {
  hasPendingNotice,
  recordNoticeAgain,
  sweepRetention,
  sweepsToLookUp,
  withoutPending,
} from '../../../core/lifecycle/pending.ts';
import { deactivated, enforcing, entryOf, now, past, stateOf, warned } from '../../support/lifecycle-builder.ts';
import { account } from '../../support/report-builder.ts';

const policy = enforcing();

function noticed(entry: LedgerEntry, kind: NoticeKind, updatedAt = past(DAY)): LedgerEntry {
  return { ...entry, updatedAt, notice: { kind, sweep: 'earlier' } };
}

function recordOf(fields: Partial<SweepRecord> = {}): ReadonlyMap<string, SweepRecord> {
  return new Map([['earlier', { account, id: 'earlier', startedAt: past(DAY), expiresAt: now, ...fields }]]);
}

describe('a notice is pending', () => {
  const entry = noticed(warned(DAY), 'first-notice');
  it.each([
    ['until the record of its sweep says that it is delivered', entry, recordOf(), true],
    ['not any more when it does', entry, recordOf({ deliveredAt: now }), false],
    [
      'where no message of that sweep named its credential',
      entry,
      recordOf({ deliveredAt: now, undelivered: [entry.credential.id] }),
      true,
    ],
    ['not because another one is', entry, recordOf({ deliveredAt: now, undelivered: ['AKIAOTHER'] }), false],
    ['where no one knows of its sweep', entry, new Map(), true],
    ['not where there is none', warned(DAY), new Map(), false],
    [
      'not when it is so old that the record of its sweep was deleted',
      noticed(entry, 'reminder', past(sweepRetention)),
      new Map(),
      false,
    ],
    [
      'a moment before that',
      noticed(entry, 'reminder', past(sweepRetention - 1)),
      new Map<string, SweepRecord>(),
      true,
    ],
  ])('%s', (_, subject, records, expected) => {
    expect(hasPendingNotice(subject, records, now)).toBe(expected);
  });

  it('looks each sweep up once, and none that is too old', () => {
    const old = { ...noticed(entry, 'reminder', past(sweepRetention)), notice: { kind: 'reminder', sweep: 'old' } };
    expect(sweepsToLookUp([entry, entry, old as LedgerEntry, warned(DAY)], now)).toEqual(['earlier']);
  });
});

describe('what is pending is decided on again', () => {
  const decideOn = (entry: LedgerEntry) => {
    const decision = decide(stateOf({ entry: withoutPending(entry) }), policy, now);
    return decision.type === 'warn' ? decision.notice : decision.type;
  };

  it('a first notice starts the period again', () => {
    const entry = noticed(warned(13.9 * DAY), 'first-notice', past(13.9 * DAY));
    expect(decide(stateOf({ entry: withoutPending(entry) }), policy, now)).toMatchObject({
      notice: 'first-notice',
      dueAt: past(-14 * DAY),
    });
  });

  it('a reminder is given again', () => {
    expect(decideOn(noticed(warned(8 * DAY, { lastNoticeAt: past(DAY) }), 'reminder'))).toBe('reminder');
  });

  it('a final notice is given again, and opens no way to the change', () => {
    const fields = { lastNoticeAt: past(DAY), finalNoticeAt: past(DAY) };
    expect(decideOn({ ...warned(14 * DAY, fields), updatedAt: now })).toBe('deactivate');
    expect(decideOn(noticed(warned(14 * DAY, fields), 'final-notice'))).toBe('final-notice');
  });

  it('a final notice that came with an earlier write stays given', () => {
    const entry = warned(14 * DAY, { lastNoticeAt: past(2 * DAY), finalNoticeAt: past(2 * DAY) });
    expect(decideOn(noticed(entry, 'not-applied'))).toBe('deactivate');
  });

  it.each(['final-notice', 'deactivated'] as const)('a final notice before a deletion (%s) as well', (kind) => {
    const entry = {
      ...deactivated(30 * DAY, { finalNoticeAt: past(DAY) }),
      rules: ['access-key-unused' as const],
    };
    const { finalNoticeAt } = withoutPending(noticed(entry, kind)).deactivation ?? {};
    expect(finalNoticeAt).toBeUndefined();
  });

  it('a warning whose notice is pending is still withdrawn when its reason no longer exists', () => {
    const entry = withoutPending(noticed(warned(DAY), 'first-notice'));
    expect(decide({ ...stateOf({ entry }), findings: [] }, policy, now).type).toBe('resolve');
  });
});

it('a notice that is given again follows the version of the entry, and belongs to the sweep that gives it', () => {
  const entry = noticed(entryOf('restored', { version: 7 }), 'restored');
  const { entry: next, event } = recordNoticeAgain(entry, { now, sweep: 'tonight' });
  expect(next).toEqual({ ...entry, version: 8, updatedAt: now, notice: { kind: 'restored', sweep: 'tonight' } });
  expect(event).toMatchObject({ version: 8, type: 'reminded', from: 'restored', to: 'restored', sweep: 'tonight' });
});
