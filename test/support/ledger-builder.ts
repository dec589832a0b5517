/** Ledger records as plain data, for tests of the ledgers. */
import type { LedgerEntry, LedgerEvent, SweepRecord } from '../../core/lifecycle/ledger.ts';

export const account = '111122223333';
export const otherAccount = '444455556666';

/** Version 1 of an entry in stage `warned`, with nothing that is optional but the warning. */
export function ledgerEntry(id = 'AKIAALICEONEAAAAAAAA', fields: Partial<LedgerEntry> = {}): LedgerEntry {
  const at = new Date('2026-11-18T04:30:00.123Z');
  return {
    account,
    credential: { kind: 'access-key', id },
    principal: { kind: 'user', name: 'alice', arn: `arn:aws:iam::${account}:user/alice` },
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    version: 1,
    stage: 'warned',
    since: at,
    updatedAt: at,
    rules: ['access-key-unused'],
    warning: { firstNoticeAt: at, lastNoticeAt: at, deactivateAt: new Date('2026-12-02T04:30:00.123Z') },
    ...fields,
  };
}

/** Everything that an entry can have. */
export function fullEntry(id = 'AKIAALICEONEAAAAAAAA', fields: Partial<LedgerEntry> = {}): LedgerEntry {
  const at = (day: number) => new Date(Date.UTC(2026, 10, day, 4, 30, 0, day));
  return ledgerEntry(id, {
    principal: { kind: 'user', name: 'zoë, "the" <boss>\n', arn: `arn:aws-us-gov:iam::${account}:user/a/zoë` },
    stage: 'deactivated',
    rules: ['access-key-unused', 'access-key-too-old', 'access-key-inactive'],
    warning: { firstNoticeAt: at(1), lastNoticeAt: at(2), deactivateAt: at(15), finalNoticeAt: at(14) },
    deactivation: { at: at(15), by: 'keysweep', deleteAt: at(20), finalNoticeAt: at(19) },
    restoration: { at: at(21), by: 'person', who: 'bob', why: 'it was needed "after all" — really' },
    lastDeactivationAt: at(15),
    deletion: { at: at(22), by: 'person' },
    intent: { action: 'delete', at: at(22), sweep: '2026-11-22T04:30:00Z/1' },
    notice: { kind: 'not-applied', sweep: '2026-11-22T04:30:00Z/1' },
    ...fields,
  });
}

/** The next version of an entry. */
export function following(entry: LedgerEntry, fields: Partial<LedgerEntry> = {}): LedgerEntry {
  return { ...entry, version: entry.version + 1, ...fields };
}

/** The event that goes with an entry. */
export function eventFor(entry: LedgerEntry, fields: Partial<LedgerEvent> = {}): LedgerEvent {
  return {
    account: entry.account,
    credential: entry.credential,
    version: entry.version,
    at: entry.updatedAt,
    sweep: 'sweep-1',
    type: 'reminded',
    by: 'keysweep',
    from: entry.stage,
    to: entry.stage,
    detail: `version ${entry.version}`,
    ...fields,
  };
}

export function sweepRecord(id = 'sweep-1', fields: Partial<SweepRecord> = {}): SweepRecord {
  return {
    account,
    id,
    startedAt: new Date('2026-11-18T04:30:00.000Z'),
    expiresAt: new Date('2027-11-18T04:30:00.000Z'),
    ...fields,
  };
}
