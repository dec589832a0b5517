import { describe, expect, it } from 'vitest';
import { asListed, byName, describeUnlisted } from '../../core/confirm-users.ts';
import { DAY, HOUR, MINUTE } from '../../core/duration.ts';
import type { LastUse, ObservedPrincipal } from '../../core/model.ts';
import type { ListedUser } from '../../core/ports.ts';
import { ago, known, never, unknown, unknownUse, used, user } from '../support/observation-builder.ts';

/** Alice, created 400 days ago. */
function alice(fields: Partial<ObservedPrincipal> = {}): ObservedPrincipal {
  return user({ createdAt: known(ago(400 * DAY)), ...fields });
}

const reported = { generatedAt: ago(2 * HOUR) };

function listed(created: number, signIn?: number): ListedUser {
  const { principal } = user();
  const about = { principal, createdAt: ago(created) };
  return signIn === undefined ? about : { ...about, passwordLastUsedAt: ago(signIn) };
}

function withUse(lastUse: LastUse): ObservedPrincipal {
  return alice({ password: { enabled: known(true), lastUse } });
}

describe('a user of the report, as IAM lists it now', () => {
  it.each<[string, ObservedPrincipal, ListedUser | undefined, boolean]>([
    ['the same', alice(), listed(400 * DAY), true],
    ['not listed', alice(), undefined, false],
    ['created up to a minute later, as roundings differ', alice(), listed(400 * DAY - MINUTE), true],
    ['created later: another user of that name', alice(), listed(400 * DAY - MINUTE - 1), false],
    ['created up to a minute earlier', alice(), listed(400 * DAY + MINUTE), true],
    ['created earlier: another user, renamed to that name', alice(), listed(400 * DAY + MINUTE + 1), false],
    ['of unknown creation, created long before the report', user({ createdAt: unknown() }), listed(400 * DAY), true],
    ['of unknown creation, created while AWS made the report', user({ createdAt: unknown() }), listed(HOUR), true],
    ['of unknown creation, created after that', user({ createdAt: unknown() }), listed(HOUR - 1), false],
  ])('%s', (_, one, other, exists) => {
    expect(asListed(one, other, reported, false)).toEqual(exists ? one : undefined);
  });

  it.each([
    ['not listed', undefined, true],
    ['listed with the same creation', listed(400 * DAY), true],
    ['listed with another creation', listed(DAY), false],
  ])('shown by another read, %s', (_, other, exists) => {
    expect(asListed(alice(), other, reported, true)).toEqual(exists ? alice() : undefined);
  });

  it.each([
    [[], []],
    [['a'], ['whether user a still exists: iam:ListUsers does not show it, but another request did']],
    [
      ['a', 'b', 'c'],
      ['whether 3 users still exist: iam:ListUsers does not show them, but other requests did: a, b, c'],
    ],
    [
      ['a', 'b', 'c', 'd'],
      ['whether 4 users still exist: iam:ListUsers does not show them, but other requests did: a, b, c and 1 more'],
    ],
  ])('not listed, but shown by another read: %j', (names, said) => {
    expect(describeUnlisted(names)).toEqual(said);
  });

  it('of unknown creation, in a report of unknown age, is taken for the same', () => {
    const one = user({ createdAt: unknown() });
    expect(asListed(one, listed(0), {}, false)).toBe(one);
  });

  it.each<[string, LastUse, number | undefined, LastUse]>([
    ['none', used(90 * DAY), undefined, used(90 * DAY)],
    ['a later one', used(90 * DAY), HOUR, used(HOUR)],
    ['an earlier one: both may lag', used(HOUR), 90 * DAY, used(HOUR)],
    ['the first', never, HOUR, used(HOUR)],
    ['one where the report does not say', unknownUse(), HOUR, used(HOUR)],
  ])('with a sign-in, %s', (_, before, signIn, after) => {
    expect(asListed(withUse(before), listed(400 * DAY, signIn), reported, false)?.password.lastUse).toEqual(after);
  });

  it('is found by its name in any case', () => {
    expect(byName([listed(DAY)])('Alice')?.principal.name).toBe('alice');
    expect(byName([listed(DAY)])('bob')).toBeUndefined();
  });
});
