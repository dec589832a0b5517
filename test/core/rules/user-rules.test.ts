import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import type { ObservedCredential, ObservedPrincipal } from '../../../core/model.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import { verdictsOf } from '../../support/findings-of.ts';
import {
  accessKey,
  ago,
  asOf,
  known,
  never,
  observation,
  policyWith,
  unknown,
  unknownUse,
  used,
  user,
} from '../../support/observation-builder.ts';

function withKeys(...credentials: ObservedCredential[]): ObservedPrincipal {
  return user({ credentials });
}

const ahead = (by: number) => `(${ago(-by).toISOString()}) is in the future: a clock is wrong, or that date is`;

const inactive = known('Inactive') as ObservedCredential['status'];

describe('access-key-too-old: active, and age > maxAge', () => {
  const created = (age: number, fields: Partial<ObservedCredential> = {}) =>
    verdictsOf('access-key-too-old', withKeys(accessKey({ createdAt: known(ago(age)), ...fields })));

  it.each<[string, string[], string[]]>([
    ['a millisecond under', created(90 * DAY - 1), []],
    ['exactly at the limit', created(90 * DAY), []],
    ['a millisecond over', created(90 * DAY + 1), ['fail created more than 90 days ago (limit 90)']],
    ['long over', created(500 * DAY), ['fail created 500 days ago (limit 90)']],
    ['in use or not', created(500 * DAY, { lastUse: used(0) }), ['fail created 500 days ago (limit 90)']],
    ['inactive', created(500 * DAY, { status: inactive }), []],
    ['expired', created(500 * DAY, { status: known('Expired') }), []],
    ['created after the moment judged, as clocks differ', created(-15 * MINUTE), []],
    [
      'created after that',
      created(-15 * MINUTE - 1),
      [`error cannot be judged: its creation ${ahead(15 * MINUTE + 1)}`],
    ],
    ['status unknown', created(500 * DAY, { status: unknown('no status') }), ['error cannot be judged: no status']],
    ['status unknown, but young', created(DAY, { status: unknown() }), []],
    ['age unknown', created(0, { createdAt: unknown('N/A') }), ['error cannot be judged: N/A']],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected));
});

describe('access-key-unused: active, used before, and idle >= maxIdle', () => {
  const idle = (age: number, fields: Partial<ObservedCredential> = {}) =>
    verdictsOf(
      'access-key-unused',
      withKeys(accessKey({ createdAt: known(ago(400 * DAY)), lastUse: used(age), ...fields })),
    );

  it.each<[string, string[], string[]]>([
    ['a millisecond under', idle(45 * DAY - 1), []],
    ['exactly at the limit', idle(45 * DAY), ['fail unused for 45 days (limit 45)']],
    ['long over', idle(120 * DAY), ['fail unused for 120 days (limit 45)']],
    ['used after the moment judged, as clocks differ', idle(-15 * MINUTE), []],
    ['used after that', idle(-15 * MINUTE - 1), [`error cannot be judged: its last use ${ahead(15 * MINUTE + 1)}`]],
    ['used after that, but younger than the limit', idle(-DAY, { createdAt: known(ago(45 * DAY - 1)) }), []],
    ['inactive', idle(120 * DAY, { status: inactive }), []],
    ['never used', idle(0, { lastUse: never }), []],
    ['last use unknown', idle(0, { lastUse: unknownUse('denied') }), ['error cannot be judged: denied']],
    [
      'last use unknown, but younger than the limit',
      idle(0, { lastUse: unknownUse(), createdAt: known(ago(45 * DAY - 1)) }),
      [],
    ],
    [
      'last use unknown, as old as the limit',
      idle(0, { lastUse: unknownUse('denied'), createdAt: known(ago(45 * DAY)) }),
      ['error cannot be judged: denied'],
    ],
    [
      'unconfirmed',
      idle(120 * DAY, { unverified: 'denied' }),
      ['error unused for 120 days (limit 45) according to the report; not confirmed: denied'],
    ],
    ['unconfirmed, but in use by the report', idle(DAY, { unverified: 'denied' }), []],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected));
});

describe('access-key-never-used: active, never used, and age >= neverUsedGrace', () => {
  const fresh = (age: number, fields: Partial<ObservedCredential> = {}) =>
    verdictsOf('access-key-never-used', withKeys(accessKey({ createdAt: known(ago(age)), lastUse: never, ...fields })));

  it.each<[string, string[], string[]]>([
    ['a millisecond under', fresh(7 * DAY - 1), []],
    ['exactly at the limit', fresh(7 * DAY), ['fail never used for 7 days (limit 7)']],
    ['800 days old', fresh(800 * DAY), ['fail never used for 800 days (limit 7)']],
    ['used once, long ago', fresh(800 * DAY, { lastUse: used(700 * DAY) }), []],
    ['inactive', fresh(800 * DAY, { status: inactive }), []],
    ['last use unknown', fresh(800 * DAY, { lastUse: unknownUse('denied') }), ['error cannot be judged: denied']],
    ['last use unknown, within the grace', fresh(7 * DAY - 1, { lastUse: unknownUse() }), []],
    ['age unknown', fresh(0, { createdAt: unknown('N/A') }), ['error cannot be judged: N/A']],
    [
      'used after the moment judged',
      fresh(800 * DAY, { lastUse: used(-DAY) }),
      [`error cannot be judged: its last use ${ahead(DAY)}`],
    ],
    ['created after the moment judged', fresh(-DAY), [`error cannot be judged: its creation ${ahead(DAY)}`]],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected));
});

describe('access-key-inactive: inactive, and >= maxInactive since creation and last use', () => {
  const off = (age: number, fields: Partial<ObservedCredential> = {}) =>
    verdictsOf(
      'access-key-inactive',
      withKeys(accessKey({ status: inactive, createdAt: known(ago(age)), lastUse: never, ...fields })),
    );

  it.each<[string, string[], string[]]>([
    ['a millisecond under', off(90 * DAY - 1), []],
    ['exactly at the limit', off(90 * DAY), ['fail inactive and unused for 90 days (limit 90)']],
    ['old, used a millisecond under the limit', off(900 * DAY, { lastUse: used(90 * DAY - 1) }), []],
    [
      'old, used exactly at the limit',
      off(900 * DAY, { lastUse: used(90 * DAY) }),
      ['fail inactive and unused for 90 days (limit 90)'],
    ],
    [
      'expired counts as inactive',
      off(90 * DAY, { status: known('Expired') }),
      ['fail inactive and unused for 90 days (limit 90)'],
    ],
    ['active', off(900 * DAY, { status: known('Active') }), []],
    ['deactivated since the report was made', off(900 * DAY, { lastSeenActiveAt: ago(HOUR) }), []],
    [
      'seen active exactly at the limit',
      off(900 * DAY, { lastSeenActiveAt: ago(90 * DAY) }),
      ['fail inactive and unused for 90 days (limit 90)'],
    ],
    ['last use unknown', off(900 * DAY, { lastUse: unknownUse('denied') }), ['error cannot be judged: denied']],
    ['last use unknown, but young', off(90 * DAY - 1, { lastUse: unknownUse() }), []],
    [
      'used after the moment judged',
      off(900 * DAY, { lastUse: used(-DAY) }),
      [`error cannot be judged: its last use ${ahead(DAY)}`],
    ],
    ['created after the moment judged', off(-DAY), [`error cannot be judged: its creation ${ahead(DAY)}`]],
    ['seen active as clocks differ', off(900 * DAY, { lastSeenActiveAt: ago(-15 * MINUTE) }), []],
    [
      'seen active after that',
      off(900 * DAY, { lastSeenActiveAt: ago(-15 * MINUTE - 1) }),
      [`error cannot be judged: the last time it was seen active ${ahead(15 * MINUTE + 1)}`],
    ],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected));
});

describe('access-keys-two-active: one finding for the user', () => {
  const second = accessKey({ ref: { kind: 'access-key', slot: 2 } });

  it.each<[string, ObservedPrincipal, string[]]>([
    ['one key', withKeys(accessKey()), []],
    ['two active keys', withKeys(accessKey(), second), ['fail 2 active access keys: slot 1, slot 2']],
    ['one of two inactive', withKeys(accessKey(), { ...second, status: inactive }), []],
    [
      'one of two unknown',
      withKeys(accessKey(), { ...second, status: unknown() }),
      ['error possibly 2 active access keys: slot 1, slot 2; not confirmed: for a test'],
    ],
    [
      'unconfirmed',
      withKeys(accessKey({ unverified: 'denied' }), second),
      ['error possibly 2 active access keys: slot 1, slot 2; not confirmed: denied'],
    ],
    [
      'one key, and maybe more',
      { ...withKeys(accessKey()), incomplete: { 'access-key': 'more keys' } },
      ['error cannot be judged: more keys'],
    ],
    [
      'two keys, and maybe more',
      { ...withKeys(accessKey(), second), incomplete: { 'access-key': 'more keys' } },
      ['fail 2 active access keys: slot 1, slot 2'],
    ],
  ])('%s', (_, subject, expected) => expect(verdictsOf('access-keys-two-active', subject)).toEqual(expected));
});

describe('a last use that could not be read live', () => {
  const old = accessKey({ createdAt: known(ago(400 * DAY)), lastUse: used(300 * DAY), lastUseUnverified: 'denied' });

  it('makes what rests on it an error, and nothing else', () => {
    const subject = withKeys(old, accessKey({ ref: { kind: 'access-key', slot: 2 } }));
    expect(verdictsOf('access-key-unused', subject)).toEqual([
      'error unused for 300 days (limit 45) according to the report; not confirmed: denied',
    ]);
    expect(verdictsOf('access-key-too-old', subject)).toEqual(['fail created 400 days ago (limit 90)']);
    expect(verdictsOf('access-keys-two-active', subject)).toHaveLength(1);
    expect(verdictsOf('access-keys-two-active', subject)[0]).toMatch(/^fail/);
  });
});

describe('several keys', () => {
  it('judges each on its own: the first being inactive hides nothing of the second', () => {
    const stale = accessKey({
      ref: { kind: 'access-key', slot: 2 },
      lastUse: used(120 * DAY),
      createdAt: known(ago(200 * DAY)),
    });
    const findings = evaluate(observation([withKeys(accessKey({ status: inactive }), stale)]), defaultPolicy, asOf);
    expect(findings.map(({ rule, credential }) => [rule, credential?.slot])).toEqual([
      ['access-key-unused', 2],
      ['access-key-too-old', 2],
    ]);
  });

  it('says so where there may be more keys than are seen', () => {
    expect(verdictsOf('access-key-unused', user({ incomplete: { 'access-key': 'more keys' } }))).toEqual([
      'error cannot be judged for all keys: more keys',
    ]);
  });
});

describe('console passwords', () => {
  const withPassword = (fields: Partial<ObservedPrincipal['password']>, others: Partial<ObservedPrincipal> = {}) =>
    user({
      password: { enabled: known(true), lastUse: used(DAY), lastChanged: ago(400 * DAY), ...fields },
      mfaActive: known(true),
      ...others,
    });
  const enabledUnknown = unknown('no word on it');

  it.each<[string, ObservedPrincipal, string[]]>([
    ['a millisecond under', withPassword({ lastUse: used(45 * DAY - 1) }), []],
    ['exactly at the limit', withPassword({ lastUse: used(45 * DAY) }), ['fail unused for 45 days (limit 45)']],
    ['never used', withPassword({ lastUse: never }), []],
    ['disabled', withPassword({ lastUse: used(500 * DAY), enabled: known(false) }), []],
    ['last use unknown', withPassword({ lastUse: unknownUse('?') }), ['error cannot be judged: ?']],
    [
      'enabled unknown',
      withPassword({ lastUse: used(500 * DAY), enabled: enabledUnknown }),
      ['error cannot be judged: no word on it'],
    ],
    [
      'used after the moment judged',
      withPassword({ lastUse: used(-DAY) }),
      [`error cannot be judged: its last use ${ahead(DAY)}`],
    ],
    [
      'changed lately, which is no use',
      withPassword({ lastUse: used(45 * DAY), lastChanged: ago(DAY) }),
      ['fail unused for 45 days (limit 45)'],
    ],
  ])('console-password-unused: %s', (_, subject, expected) =>
    expect(verdictsOf('console-password-unused', subject)).toEqual(expected),
  );

  it.each<[string, ObservedPrincipal, string[]]>([
    ['a millisecond under', withPassword({ lastUse: never, lastChanged: ago(7 * DAY - 1) }), []],
    [
      'exactly at the limit',
      withPassword({ lastUse: never, lastChanged: ago(7 * DAY) }),
      ['fail never used for 7 days (limit 7)'],
    ],
    ['changed lately on an old user', withPassword({ lastUse: never, lastChanged: ago(DAY) }), []],
    [
      'changed before the creation of the user: of an earlier one of the same name',
      withPassword({ lastUse: never, lastChanged: ago(500 * DAY) }, { createdAt: known(ago(7 * DAY - 1)) }),
      [],
    ],
    [
      'the same, at the limit',
      withPassword({ lastUse: never, lastChanged: ago(500 * DAY) }, { createdAt: known(ago(7 * DAY)) }),
      ['fail never used for 7 days (limit 7)'],
    ],
    ['used', withPassword({ lastUse: used(500 * DAY), lastChanged: ago(600 * DAY) }), []],
    ['last use unknown', withPassword({ lastUse: unknownUse('?') }), ['error cannot be judged: ?']],
    [
      'changed after the moment judged',
      withPassword({ lastUse: never, lastChanged: ago(-DAY) }),
      [`error cannot be judged: its last change ${ahead(DAY)}`],
    ],
  ])('console-password-never-used: %s', (_, subject, expected) =>
    expect(verdictsOf('console-password-never-used', subject)).toEqual(expected),
  );

  it.each<[string, ObservedPrincipal['createdAt'], string[]]>([
    ['the creation of the user', known(ago(7 * DAY)), ['fail never used for 7 days (limit 7)']],
    ['the creation of the user, a millisecond under', known(ago(7 * DAY - 1)), []],
    [
      'nothing at all',
      unknown(),
      ['error cannot be judged: neither the password nor the user has a known date: for a test'],
    ],
  ])('console-password-never-used: counts from %s where the change is not known', (_, createdAt, expected) => {
    const subject = user({ createdAt, password: { enabled: known(true), lastUse: never }, mfaActive: known(true) });
    expect(verdictsOf('console-password-never-used', subject)).toEqual(expected);
  });

  const yearly = policyWith({ consolePasswords: { ...defaultPolicy.consolePasswords, maxAge: 365 * DAY } });
  it.each<[string, ObservedPrincipal, string[]]>([
    ['a millisecond under', withPassword({ lastChanged: ago(365 * DAY - 1) }), []],
    ['exactly at the limit', withPassword({ lastChanged: ago(365 * DAY) }), []],
    [
      'a millisecond over',
      withPassword({ lastChanged: ago(365 * DAY + 1) }),
      ['fail changed more than 365 days ago (limit 365)'],
    ],
    [
      'before the creation of the user',
      withPassword({ lastChanged: ago(500 * DAY) }, { createdAt: known(ago(DAY)) }),
      [],
    ],
    ['after the moment judged, as clocks differ', withPassword({ lastChanged: ago(-15 * MINUTE) }), []],
    [
      'after that',
      withPassword({ lastChanged: ago(-15 * MINUTE - 1) }),
      [`error cannot be judged: its last change ${ahead(15 * MINUTE + 1)}`],
    ],
  ])('console-password-too-old: %s', (_, subject, expected) =>
    expect(verdictsOf('console-password-too-old', subject, yearly)).toEqual(expected),
  );

  it('console-password-too-old: says nothing unless maxAge is set', () => {
    expect(verdictsOf('console-password-too-old', withPassword({ lastChanged: ago(5000 * DAY) }))).toEqual([]);
  });

  it.each<[string, ObservedPrincipal, string[]]>([
    ['password and MFA', withPassword({}), []],
    ['password without MFA', withPassword({}, { mfaActive: known(false) }), ['fail password without MFA']],
    ['no password, no MFA', user(), []],
    ['MFA unknown', withPassword({}, { mfaActive: unknown('?') }), ['error cannot be judged: ?']],
    [
      'enabled unknown, no MFA',
      withPassword({ enabled: enabledUnknown }, { mfaActive: known(false) }),
      ['error cannot be judged: no word on it'],
    ],
    ['enabled unknown, but MFA', withPassword({ enabled: enabledUnknown }), []],
  ])('console-mfa-missing: %s', (_, subject, expected) =>
    expect(verdictsOf('console-mfa-missing', subject)).toEqual(expected),
  );

  const allUsers = policyWith({ rules: { 'user-mfa-missing': { enabled: true } } });

  it.each<[string, ObservedPrincipal, string[]]>([
    ['password and MFA', withPassword({}), []],
    ['password without MFA', withPassword({}, { mfaActive: known(false) }), ['fail no MFA device']],
    ['keys alone, no MFA', withKeys(accessKey()), ['fail no MFA device']],
    ['no credential at all, no MFA', user(), ['fail no MFA device']],
    ['no password, but MFA', user({ mfaActive: known(true) }), []],
    ['MFA unknown', user({ mfaActive: unknown('?') }), ['error cannot be judged: ?']],
  ])('user-mfa-missing: %s', (_, subject, expected) =>
    expect(verdictsOf('user-mfa-missing', subject, allUsers)).toEqual(expected),
  );

  it('user-mfa-missing: says nothing unless the policy enables it', () => {
    expect(verdictsOf('user-mfa-missing', user())).toEqual([]);
    const severe = policyWith({ rules: { 'user-mfa-missing': { enabled: true, severity: 'low' } } });
    expect(verdictsOf('user-mfa-missing', user(), severe)).toEqual(['fail no MFA device']);
  });
});
