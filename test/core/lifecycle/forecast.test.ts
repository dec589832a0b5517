import { describe, expect, it } from 'vitest';
import { summarize } from '../../../core/audit.ts';
import { DAY, HOUR } from '../../../core/duration.ts';
import { type Forecast, type ForecastOptions, forecast } from '../../../core/lifecycle/forecast.ts';
import type { LedgerEntry, NoticeKind } from '../../../core/lifecycle/ledger.ts';
import { nothingRemembered, type Remembered } from '../../../core/lifecycle/remembered.ts';
import { takeSnapshot } from '../../../core/lifecycle/snapshot.ts';
import type { LastUse, Observation, ObservedCredential, ObservedPrincipal } from '../../../core/model.ts';
import type { Match, Policy } from '../../../core/policy/policy.ts';
import { createEvaluator } from '../../../core/rules/evaluate.ts';
import {
  deactivated,
  enforcing,
  entryOf,
  inUse,
  now,
  past,
  seen,
  usedLongAgo,
  warned,
} from '../../support/lifecycle-builder.ts';
import { account } from '../../support/report-builder.ts';

const everyDay = { timezone: 'UTC', days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const, freeze: [] };
const policy = enforcing({ calendar: everyDay });

function key(ref: { id?: string; slot?: 1 | 2 }, lastUse: LastUse, fields: Partial<ObservedCredential> = {}) {
  const createdAt = { known: true, value: past(200 * DAY) } as const;
  const base = { ref: { kind: 'access-key', ...ref }, status: { known: true, value: 'Active' }, createdAt } as const;
  return { ...base, lastUse, source: 'live', ...fields } as const satisfies ObservedCredential;
}

interface ForecastFacts {
  readonly using?: Policy;
  readonly tags?: ObservedPrincipal['tags'];
  readonly ledger?: Partial<Remembered>;
  readonly options?: Partial<ForecastOptions>;
}

function forecastOf(
  credentials: readonly ObservedCredential[],
  entries: readonly LedgerEntry[] = [],
  { using = policy, tags = { known: true, value: {} }, ledger, options }: ForecastFacts = {},
): Forecast {
  const user: ObservedPrincipal = {
    principal: { kind: 'user', name: 'alice', arn: `arn:aws:iam::${account}:user/alice` },
    createdAt: { known: true, value: past(300 * DAY) },
    password: { enabled: { known: true, value: false }, lastUse: { kind: 'never' } },
    mfaActive: { known: true, value: false },
    certificates: [],
    credentials,
    tags,
  };
  const observation: Observation = { account: { id: account, partition: 'aws' }, report: { rows: 2 }, users: [user] };
  const audit = summarize(observation, createEvaluator(observation, using, now), { requests: {}, durationMs: 0 });
  const remembered = { ...nothingRemembered, entries, ...ledger };
  const all = { from: now, nights: 60, use: 'continue', ...options } as const;
  return forecast(takeSnapshot(observation, audit), remembered, using, all);
}

function notified({ events }: Forecast, id: string): readonly string[] {
  return events
    .filter(({ credential }) => credential.id === id)
    .map(({ night, type, notice }) => `${Math.round((night.getTime() - now.getTime()) / DAY)} ${notice ?? type}`);
}

describe('forecast', () => {
  it('continues from a warning in the ledger, also for a key that no one had to name', () => {
    const result = forecastOf([key({ slot: 1 }, usedLongAgo)], [warned(10 * DAY)]);
    expect(notified(result, 'AKIAALICE')).toEqual([
      '0 reminder',
      '3 final-notice',
      '4 deactivate',
      '33 final-notice',
      '34 delete',
    ]);
  });

  it('gives the entry of a key to no other key, though both were created in the same second', () => {
    const keys = [key({ id: 'AKIAALICE' }, usedLongAgo), key({ id: 'AKIATWIN' }, inUse)];
    const result = forecastOf(keys, [warned(10 * DAY)]);
    expect(notified(result, 'AKIATWIN')[0]).toBe('0 first-notice');
    expect(notified(result, 'AKIAALICE')[0]).toBe('0 reminder');
  });

  it('says of two slots of one second that it is unknown which one the ledger means', () => {
    const result = forecastOf([key({ slot: 1 }, usedLongAgo), key({ slot: 2 }, inUse)], [warned(10 * DAY)]);
    expect(result.events).toEqual([]);
    expect(result.unknown.map(({ credential }) => credential.id)).toEqual([
      'AKIAALICE',
      'alice (access key 1)',
      'alice (access key 2)',
    ]);
  });

  it('deletes what was deactivated before, once', () => {
    const off = key({ id: 'AKIAALICE' }, usedLongAgo, { status: { known: true, value: 'Inactive' } });
    expect(notified(forecastOf([off], [deactivated(20 * DAY)]), 'AKIAALICE')).toEqual(['9 final-notice', '10 delete']);
  });

  it('says of which keys it knows too little, and why', () => {
    const open = {
      match: { tag: { kind: 'machine' } },
      rules: '*',
      reason: 'r',
      owner: 'o',
      expires: '2030-01-01',
    } as const;
    const hidden = { known: false, why: 'the tags were not read' } as const;
    const byTag = forecastOf([key({ id: 'AKIAALICE' }, usedLongAgo)], [], {
      using: { ...policy, exemptions: [open] },
      tags: hidden,
    });
    expect(byTag.events).toEqual([]);
    expect(byTag.unknown).toMatchObject([{ credential: { id: 'AKIAALICE' }, why: expect.stringContaining('tags') }]);
    const unverified = forecastOf([key({ slot: 1 }, usedLongAgo, { unverified: 'AccessDenied: ...' })]);
    expect(unverified).toMatchObject({ events: [], unknown: [{ why: 'AccessDenied: ...' }] });
  });

  const off = key({ id: 'AKIAALICE' }, usedLongAgo, { status: { known: true, value: 'Inactive' } });
  const on = key({ id: 'AKIAALICE' }, usedLongAgo);

  describe('a notice that no one has got does not count', () => {
    const undelivered = (entry: LedgerEntry, kind: NoticeKind) => ({
      ...entry,
      notice: { kind, sweep: 'undelivered' },
    });
    const final = { lastNoticeAt: past(10 * DAY), finalNoticeAt: past(10 * DAY) };
    it.each([
      [
        'a first notice starts its period again',
        undelivered(warned(10 * DAY), 'first-notice'),
        '0 first-notice',
        '14 deactivate',
      ],
      [
        'a final notice is given again',
        undelivered(warned(14 * DAY, final), 'final-notice'),
        '0 final-notice',
        '1 deactivate',
      ],
    ])('%s', (_, entry, ...expected) => {
      expect(notified(forecastOf([on], [entry]), 'AKIAALICE')).toEqual(expect.arrayContaining(expected));
      const sweep = { account, id: 'undelivered', startedAt: now, deliveredAt: now, expiresAt: now };
      const audience = forecastOf([on], [entry], { ledger: { sweeps: new Map([['undelivered', sweep]]) } });
      expect(notified(audience, 'AKIAALICE')).not.toContain(expected[0]);
    });

    it.each([
      ['notices of what has happened come before those of what will', 20, '1 first-notice'],
      [
        'notices of what has happened come in the first night, also where nothing else is due then',
        4,
        '10 first-notice',
      ],
    ])('%s', (_, ago, expected) => {
      const restored = entryOf('restored', {
        restoration: { at: past(ago * DAY), by: 'person' },
        updatedAt: past(ago * DAY),
        notice: { kind: 'restored', sweep: 'undelivered' },
      });
      expect(notified(forecastOf([on], [restored]), 'AKIAALICE')[0]).toBe(expected);
    });
  });

  it('lets no more pass in the first night than the caps of that night have left', () => {
    const due = warned(14 * DAY, { lastNoticeAt: past(DAY), finalNoticeAt: past(DAY) });
    const done = { ...deactivated(5 * HOUR), credential: { kind: 'access-key', id: 'AKIADONE' } } as const;
    const using = { ...policy, limits: { ...policy.limits, maxDeactivations: { count: 1 } } };
    const offToo = key({ id: 'AKIADONE' }, usedLongAgo, { status: { known: true, value: 'Inactive' } });
    expect(notified(forecastOf([on, offToo], [due, done], { using }), 'AKIAALICE')[0]).toBe('1 deactivate');
    expect(notified(forecastOf([on], [due], { using }), 'AKIAALICE')[0]).toBe('0 deactivate');
  });

  describe('what people have done since the ledger was written is found in the first night', () => {
    it.each([
      ['a key that they deleted', [], warned(DAY), '0 deleted'],
      ['a key that they deactivated', [off], warned(DAY), '0 deactivated'],
      ['a key that they reactivated', [on], deactivated(10 * DAY), '0 restored'],
    ])('%s', (_, keys, entry, expected) => {
      const { events } = forecastOf(keys, [entry]);
      const changes = events.map(({ night, change }) => `${(night.getTime() - now.getTime()) / DAY} ${change}`);
      expect(changes[0]).toBe(expected);
    });

    it('says nothing more of what the ledger has as deleted', () => {
      const removed = entryOf('deleted', { deletion: { at: past(DAY), by: 'keysweep' } });
      expect(forecastOf([], [removed])).toMatchObject({ events: [], unknown: [] });
    });

    it('takes a recheck for what the report does not show', () => {
      const twins = [key({ slot: 1 }, usedLongAgo), key({ slot: 2 }, inUse)];
      const liveStatuses = new Map([['AKIAALICE', seen({ status: 'Inactive' })]]);
      const result = forecastOf(twins, [deactivated(20 * DAY)], { options: { liveStatuses } });
      expect(notified(result, 'AKIAALICE')).toEqual(['9 final-notice', '10 delete']);
    });
  });

  it('assumes use only from the second night on: the first uses what is seen', () => {
    const lately = key({ id: 'AKIAALICE' }, { kind: 'used', at: past(12 * DAY) });
    const young = { ...lately, createdAt: { known: true, value: past(30 * DAY) } } as const;
    const using = { ...policy, accessKeys: { ...policy.accessKeys, maxIdle: 10 * DAY } };
    expect(notified(forecastOf([young], [], { using, options: { nights: 10 } }), 'AKIAALICE')).toEqual([
      '0 first-notice',
      '1 resolve',
    ]);
  });

  describe('the in-use window of an override', () => {
    const override = (days: number, match: Match): Policy => {
      return { ...policy, overrides: [{ match, accessKeys: { inUseWindow: days * DAY, maxIdle: 60 * DAY } }] };
    };
    const usedBefore = (days: number) => key({ id: 'AKIAALICE' }, { kind: 'used', at: past(days * DAY) });
    it.each([
      ['a longer one keeps the key in use', 30, 40, 'rotate'],
      ['a shorter one does not', 8, 3, 'deactivate'],
    ])('%s', (_, idle, window, about) => {
      const { events } = forecastOf([usedBefore(idle)], [], { using: override(window, { user: 'alice' }) });
      expect(events[0]).toMatchObject({ notice: 'first-notice', about });
    });

    const hidden = { known: false, why: 'the tags were not read' } as const;
    it.each([
      [8, ['AKIAALICE']],
      [2, []],
      [20, []],
    ])('leaves a key unknown only where it hangs on tags that are not known: used %d days ago', (idle, ids) => {
      const young = { ...usedBefore(idle), createdAt: { known: true, value: past(30 * DAY) } } as const;
      const using = override(3, { tag: { kind: 'machine' } });
      const { events, unknown } = forecastOf([young], [], { using, tags: hidden, options: { nights: 5 } });
      expect(events).toEqual([]);
      expect(unknown.map(({ credential }) => credential.id)).toEqual(ids);
    });
  });

  it('counts a key that cannot be judged in a cap in percent, as a sweep does', () => {
    const unverified = [3, 4, 5].map((n) => key({ id: `AKIA${n}` }, inUse, { unverified: 'AccessDenied' }));
    const due = [1, 2].map((n) => ({
      ...warned(14 * DAY, { lastNoticeAt: past(DAY), finalNoticeAt: past(DAY) }),
      credential: { kind: 'access-key', id: `AKIA${n}` } as const,
    }));
    const keys = [1, 2].map((n) => key({ id: `AKIA${n}` }, usedLongAgo));
    const using = { ...policy, limits: { ...policy.limits, maxDeactivations: { percent: 40 } } };
    const { events } = forecastOf([...keys, ...unverified], due, { using });
    const tonight = events.filter(({ night, type }) => night.getTime() === now.getTime() && type === 'deactivate');
    expect(tonight).toHaveLength(2);
  });

  describe('a damaged entry', () => {
    const damaged = [{ credential: { kind: 'access-key', id: 'AKIAALICE' }, why: 'a line is cut off' }] as const;
    it.each([
      ['leaves its key unknown', [on], ['AKIAALICE']],
      ['leaves its key unknown where no one sees that', [], ['AKIAALICE']],
    ])('%s', (_, keys, ids) => {
      const { events, unknown } = forecastOf(keys, [], { ledger: { damaged } });
      expect(events).toEqual([]);
      expect(unknown.map(({ credential, why }) => [credential.id, why])).toEqual(
        ids.map((id) => [id, 'a line is cut off']),
      );
    });

    it('leaves a key without an id unknown that may be the one', () => {
      const [one] = damaged;
      const principal = { kind: 'user', name: 'alice', arn: `arn:aws:iam::${account}:user/alice` } as const;
      const { unknown } = forecastOf([key({ slot: 1 }, usedLongAgo)], [], {
        ledger: { damaged: [{ ...one, principal }] },
      });
      expect(unknown[0]).toMatchObject({
        credential: { id: 'alice (access key 1)' },
        why: 'it may be AKIAALICE: a line is cut off',
      });
    });
  });

  it('leaves a key unknown where the ledger allows no way to what was found', () => {
    const begun = entryOf('compliant', { intent: { action: 'delete', at: past(DAY), sweep: 's' } });
    const { events, unknown } = forecastOf([], [begun]);
    expect(events).toEqual([]);
    expect(unknown).toMatchObject([{ why: expect.stringContaining('a deletion was begun in stage compliant') }]);
  });
});
