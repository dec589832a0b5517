import { describe, expect, it } from 'vitest';
import { summarize } from '../../../core/audit.ts';
import { DAY } from '../../../core/duration.ts';
import { type Forecast, forecast } from '../../../core/lifecycle/forecast.ts';
import type { LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import { takeSnapshot } from '../../../core/lifecycle/snapshot.ts';
import type { LastUse, Observation, ObservedAccessKey, ObservedPrincipal } from '../../../core/model.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import { deactivated, enforcing, inUse, now, past, usedLongAgo, warned } from '../../support/lifecycle-builder.ts';
import { account } from '../../support/report-builder.ts';

const everyDay = { timezone: 'UTC', days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const, freeze: [] };
const policy = enforcing({ calendar: everyDay });

function key(ref: { id?: string; slot?: 1 | 2 }, lastUse: LastUse, fields: Partial<ObservedAccessKey> = {}) {
  const createdAt = { known: true, value: past(200 * DAY) } as const;
  const base = { ref: { kind: 'access-key', ...ref }, status: { known: true, value: 'Active' }, createdAt } as const;
  return { ...base, lastUse, source: 'live', ...fields } as const satisfies ObservedAccessKey;
}

function forecastOf(
  accessKeys: readonly ObservedAccessKey[],
  entries: readonly LedgerEntry[] = [],
  using: Policy = policy,
  tags: ObservedPrincipal['tags'] = { known: true, value: {} },
): Forecast {
  const user: ObservedPrincipal = {
    principal: { kind: 'user', name: 'alice', arn: `arn:aws:iam::${account}:user/alice` },
    createdAt: { known: true, value: past(300 * DAY) },
    password: { enabled: { known: true, value: false }, lastUse: { kind: 'never' } },
    mfaActive: { known: true, value: false },
    accessKeys,
    tags,
  };
  const observation: Observation = { account: { id: account, partition: 'aws' }, report: { rows: 2 }, users: [user] };
  const audit = summarize(observation, using, now, { requests: {}, durationMs: 0 });
  return forecast(takeSnapshot(observation, audit), entries, using, { from: now, nights: 60, use: 'continue' });
}

function told({ events }: Forecast, id: string): readonly string[] {
  return events
    .filter(({ credential }) => credential.id === id)
    .map(({ night, type, notice }) => `${Math.round((night.getTime() - now.getTime()) / DAY)} ${notice ?? type}`);
}

describe('forecast', () => {
  it('goes on from a warning in the ledger, also for a key that nobody had to name', () => {
    const result = forecastOf([key({ slot: 1 }, usedLongAgo)], [warned(10 * DAY)]);
    expect(told(result, 'AKIAALICE')).toEqual([
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
    expect(told(result, 'AKIATWIN')[0]).toBe('0 first-notice');
    expect(told(result, 'AKIAALICE')[0]).toBe('0 reminder');
  });

  it('gives an entry to neither of two slots of the same second', () => {
    const result = forecastOf([key({ slot: 1 }, usedLongAgo), key({ slot: 2 }, inUse)], [warned(10 * DAY)]);
    expect(told(result, 'AKIAALICE')).toEqual([]);
    expect(told(result, 'alice (access key 2)')[0]).toBe('0 first-notice');
  });

  it('deletes what was deactivated before, once', () => {
    const off = key({ id: 'AKIAALICE' }, usedLongAgo, { status: { known: true, value: 'Inactive' } });
    expect(told(forecastOf([off], [deactivated(20 * DAY)]), 'AKIAALICE')).toEqual(['9 final-notice', '10 delete']);
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
    const byTag = forecastOf([key({ id: 'AKIAALICE' }, usedLongAgo)], [], { ...policy, exemptions: [open] }, hidden);
    expect(byTag.events).toEqual([]);
    expect(byTag.unknown).toMatchObject([{ credential: { id: 'AKIAALICE' }, why: expect.stringContaining('tags') }]);
    const unverified = forecastOf([key({ slot: 1 }, usedLongAgo, { unverified: 'AccessDenied: ...' })]);
    expect(unverified).toMatchObject({ events: [], unknown: [{ why: 'AccessDenied: ...' }] });
  });
});
