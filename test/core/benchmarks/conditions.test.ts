import { describe, expect, it } from 'vitest';
import { both, olderThan, unusedFor, unusedForMoreThan, withoutMfa } from '../../../core/benchmarks/conditions.ts';
import { DAY } from '../../../core/duration.ts';
import type { Evidence } from '../../../core/model.ts';
import { ago, asOf } from '../../support/observation-builder.ts';

const daysAgo = (age: number) => ago(age).toISOString();
const keyUsed = (age: number, createdAge = 400 * DAY): Evidence => {
  return { createdAt: daysAgo(createdAge), lastUsed: 'used', lastUsedAt: daysAgo(age) };
};
const keyNeverUsed = (age: number): Evidence => ({ createdAt: daysAgo(age), lastUsed: 'never', lastUsedAt: null });
const passwordUsed = (age: number, setAge: number): Evidence => {
  return { setAt: daysAgo(setAge), lastUsed: 'used', lastUsedAt: daysAgo(age) };
};
const passwordNeverUsed = (age: number): Evidence => ({ setAt: daysAgo(age), lastUsed: 'never', lastUsedAt: null });

describe('conditions of controls', () => {
  it.each<[string, Evidence, boolean]>([
    ['a key used exactly 45 days ago', keyUsed(45 * DAY), true],
    ['a key used a millisecond less than 45 days ago', keyUsed(45 * DAY - 1), false],
    ['a key never used, created exactly 45 days ago', keyNeverUsed(45 * DAY), true],
    ['a key never used, created a millisecond later', keyNeverUsed(45 * DAY - 1), false],
    ['a key whose last use lies before its creation', keyUsed(100 * DAY, 44 * DAY), false],
    ['a password used exactly 45 days ago', passwordUsed(45 * DAY, 300 * DAY), true],
    ['a password used 45 days ago and changed yesterday', passwordUsed(45 * DAY, DAY), true],
    [
      'a password of a user created since',
      { ...passwordUsed(100 * DAY, 44 * DAY), userCreatedAt: daysAgo(44 * DAY) },
      false,
    ],
    ['a password of a user created before', { ...passwordUsed(45 * DAY, DAY), userCreatedAt: daysAgo(46 * DAY) }, true],
    ['a password never used, set exactly 45 days ago', passwordNeverUsed(45 * DAY), true],
    ['a password never used, set a millisecond later', passwordNeverUsed(45 * DAY - 1), false],
    ['a use that is unknown', { createdAt: daysAgo(400 * DAY), lastUsed: 'unknown', lastUsedAt: null }, false],
    [
      'a use that IAM does not track',
      { createdAt: daysAgo(400 * DAY), lastUsed: 'untracked', lastUsedAt: null },
      false,
    ],
    ['a creation that is unknown', { createdAt: null, lastUsed: 'never', lastUsedAt: null }, false],
    ['no facts at all', {}, false],
  ])('unused for 45 days or more: %s', (_, evidence, holds) => {
    expect(unusedFor(45).holds(evidence, asOf)).toBe(holds);
  });

  it.each<[string, Evidence, boolean]>([
    ['used exactly 90 days ago', keyUsed(90 * DAY), false],
    ['used a millisecond earlier', keyUsed(90 * DAY + 1), true],
    ['never used, created exactly 90 days ago', keyNeverUsed(90 * DAY), false],
    ['never used, created a millisecond earlier', keyNeverUsed(90 * DAY + 1), true],
  ])('unused for more than 90 days: %s', (_, evidence, holds) => {
    expect(unusedForMoreThan(90).holds(evidence, asOf)).toBe(holds);
  });

  it.each<[string, Evidence, boolean]>([
    ['created exactly 90 days ago', keyUsed(DAY, 90 * DAY), false],
    ['created a millisecond earlier', keyUsed(DAY, 90 * DAY + 1), true],
    ['set exactly 90 days ago', passwordUsed(DAY, 90 * DAY), false],
    ['set a millisecond earlier', passwordUsed(DAY, 90 * DAY + 1), true],
    ['of unknown age', { createdAt: null }, false],
  ])('older than 90 days: %s', (_, evidence, holds) => {
    expect(olderThan(90).holds(evidence, asOf)).toBe(holds);
  });

  it('counts a password as the only factor only if there is no MFA for certain', () => {
    const onlyFactor = both(olderThan(90), withoutMfa);
    const old = passwordUsed(DAY, 91 * DAY);
    expect(onlyFactor.holds({ ...old, mfaActive: false }, asOf)).toBe(true);
    expect(onlyFactor.holds({ ...old, mfaActive: true }, asOf)).toBe(false);
    expect(onlyFactor.holds({ ...old, mfaActive: null }, asOf)).toBe(false);
    expect(onlyFactor.holds({ ...passwordUsed(DAY, 90 * DAY), mfaActive: false }, asOf)).toBe(false);
  });
});
