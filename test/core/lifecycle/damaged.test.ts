import { describe, expect, it } from 'vitest';
import { HOUR } from '../../../core/duration.ts';
import { userOfDamaged } from '../../../core/lifecycle/damaged.ts';
import type { DamagedEntry, LedgerEvent } from '../../../core/lifecycle/ledger.ts';
import { countDone, type DamagedCredential, nothingRemembered } from '../../../core/lifecycle/remembered.ts';
import { eventFor } from '../../support/ledger-builder.ts';
import { deactivated, enforcing, now, past } from '../../support/lifecycle-builder.ts';

const entry = deactivated(0);
const damaged: DamagedEntry = { credential: entry.credential, why: 'damaged' };
const hiddenDone = (entries: readonly DamagedCredential[]) =>
  countDone({ ...nothingRemembered, damaged: entries }, now, enforcing());

describe('what a damaged entry counts against the caps of this night', () => {
  const event = (type: LedgerEvent['type'], age: number) => eventFor(entry, { type, at: past(age) });
  const nothing = { deactivations: 0, deletions: 0 };
  const one = { deactivations: 1, deletions: 0 };

  it.each([
    ['a deactivation just now', [event('deactivated', 0)], one],
    ['a deactivation a moment less than 12 hours ago', [event('deactivated', 12 * HOUR - 1)], one],
    ['none of last night', [event('deactivated', 12 * HOUR)], nothing],
    ['one from a clock that ran ahead', [event('deactivated', -HOUR)], one],
    ['one that was only begun', [event('deactivation-intended', HOUR)], one],
    ['one, though begun and done', [event('deactivation-intended', HOUR), event('deactivated', HOUR)], one],
    ['one that someone has undone', [event('deactivated', HOUR), event('restored', 0)], one],
    ['a deletion', [event('deleted', HOUR)], { deactivations: 0, deletions: 1 }],
    ['a deletion that was only begun', [event('deletion-intended', HOUR)], { deactivations: 0, deletions: 1 }],
    ['nothing where it was only warned', [event('warned', HOUR)], nothing],
    ['nothing without a history', [], nothing],
    ['one of each where its history is damaged as well', undefined, { deactivations: 1, deletions: 1 }],
  ])('%s', (_, events, expected) => {
    expect(hiddenDone([{ ...damaged, ...(events === undefined ? {} : { events }) }])).toEqual(expected);
  });

  it('is counted for each', () => {
    expect(hiddenDone([damaged, damaged, { ...damaged, events: [] }])).toEqual({
      deactivations: 2,
      deletions: 2,
    });
    expect(hiddenDone([])).toEqual(nothing);
  });
});

describe('the user of a damaged entry', () => {
  const other = { kind: 'user', name: 'bob', arn: 'arn:aws:iam::111122223333:user/bob' } as const;
  const key = { ref: { kind: 'access-key', id: entry.credential.id } } as const;
  const listing = { users: [{ principal: other, credentials: [key] }] } as unknown as Parameters<
    typeof userOfDamaged
  >[1];

  it.each([
    ['as IAM lists the key, whatever the entry says', { ...damaged, principal: entry.principal }, listing, 'bob'],
    ['else as the entry says', { ...damaged, principal: entry.principal }, { users: [] }, 'alice'],
    ['else no one', damaged, { users: [] }, 'unknown user'],
  ])('is %s', (_, one, snapshot, expected) => {
    expect(userOfDamaged(one, snapshot).name).toBe(expected);
  });
});
