import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import type { Observation, ObservedCredential, ObservedPrincipal } from '../../../core/model.ts';
import type { Exemption } from '../../../core/policy/policy.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import { severeVerdictsOf } from '../../support/findings-of.ts';
import {
  accessKey,
  ago,
  known,
  never,
  observation,
  policyWith,
  rootUser,
  unknown,
  unknownUse,
  used,
} from '../../support/observation-builder.ts';

function withRoot(fields: Partial<ObservedPrincipal>): Observation {
  return observation([], { root: rootUser(fields) });
}

const key = accessKey({ lastUse: never });
const inactiveKey: ObservedCredential = { ...key, ref: { kind: 'access-key', slot: 2 }, status: known('Inactive') };
const password = { enabled: known(true), lastUse: never } as const;
const noPassword = { enabled: known(false), lastUse: never } as const;
const dead = { ...password, enabled: unknown('no word') };

describe('root-access-key: one finding for each key that exists', () => {
  it.each<[string, readonly ObservedCredential[], string[]]>([
    ['no key', [], []],
    ['an active key', [key], ['critical fail root has an access key, active']],
    ['an inactive key', [inactiveKey], ['high fail root has an access key, inactive']],
    [
      'both',
      [key, inactiveKey],
      ['critical fail root has an access key, active', 'high fail root has an access key, inactive'],
    ],
    ['a key of unknown status', [{ ...key, status: unknown('no word') }], ['critical error cannot be judged: no word']],
    [
      'a used key',
      [{ ...key, lastUse: used(2 * DAY) }],
      ['critical fail root has an access key, active, last used 2026-11-20'],
    ],
  ])('%s', (_, credentials, expected) =>
    expect(severeVerdictsOf('root-access-key', withRoot({ credentials }))).toEqual(expected),
  );
});

describe('root-mfa-missing: no MFA although root has a password or a key', () => {
  it.each<[string, Partial<ObservedPrincipal>, string[]]>([
    ['MFA', { mfaActive: known(true), password }, []],
    ['password without MFA', { mfaActive: known(false), password }, ['critical fail root can sign in without MFA']],
    [
      'key without password or MFA',
      { mfaActive: known(false), password: noPassword, credentials: [key] },
      ['critical fail root has an access key and no MFA'],
    ],
    ['no credentials at all', { mfaActive: known(false), password: noPassword }, []],
    ['MFA unknown', { mfaActive: unknown('no word'), password }, ['critical error cannot be judged: no word']],
    ['MFA unknown without credentials', { mfaActive: unknown(), password: noPassword }, []],
    [
      'password unknown without MFA',
      { mfaActive: known(false), password: dead },
      ['critical error cannot be judged: no word'],
    ],
  ])('%s', (_, fields, expected) => expect(severeVerdictsOf('root-mfa-missing', withRoot(fields))).toEqual(expected));
});

describe('root-used-recently: latest use by password or key < recentUse', () => {
  it.each<[string, Partial<ObservedPrincipal>, string[]]>([
    ['never used', { password }, []],
    ['password used exactly at the limit', { password: { ...password, lastUse: used(30 * DAY) } }, []],
    [
      'password used a millisecond under',
      { password: { ...password, lastUse: used(30 * DAY - 1) } },
      ['high fail used 29 days ago by password (limit 30)'],
    ],
    [
      'key used today, password idle',
      { password: { ...password, lastUse: used(900 * DAY) }, credentials: [{ ...key, lastUse: used(3 * HOUR) }] },
      ['high fail used 3 hours ago by access key in slot 1 (limit 30)'],
    ],
    [
      'second key used',
      { credentials: [key, { ...inactiveKey, lastUse: used(2 * DAY) }] },
      ['high fail used 2 days ago by access key in slot 2 (limit 30)'],
    ],
    [
      'password unknown',
      { password: { ...password, lastUse: unknownUse('no word') } },
      ['high error cannot be judged: password: no word'],
    ],
    [
      'used after the moment judged',
      { password: { ...password, lastUse: used(-DAY) } },
      [expect.stringMatching(/^high error cannot be judged: password: its last use .* is in the future/)],
    ],
    [
      'used after the moment judged, and a key used today',
      { password: { ...password, lastUse: used(-DAY) }, credentials: [{ ...key, lastUse: used(HOUR) }] },
      ['high fail used 1 hour ago by access key in slot 1 (limit 30)'],
    ],
    [
      'password unknown, key used',
      { password: { ...password, lastUse: unknownUse() }, credentials: [{ ...key, lastUse: used(HOUR) }] },
      ['high fail used 1 hour ago by access key in slot 1 (limit 30)'],
    ],
  ])('%s', (_, fields, expected) => expect(severeVerdictsOf('root-used-recently', withRoot(fields))).toEqual(expected));
});

describe('report-stale: generation time known and older than maxReportAge', () => {
  it.each<[string, Observation['report'], string[]]>([
    ['exactly at the limit', { rows: 1, generatedAt: ago(24 * HOUR) }, []],
    [
      'a millisecond over',
      { rows: 1, generatedAt: ago(24 * HOUR + 1) },
      ['medium fail generated 24 hours ago (limit 1d)'],
    ],
    ['not known', { rows: 1 }, []],
    ['a little later than the moment judged: clocks differ', { rows: 1, generatedAt: ago(-HOUR) }, []],
    [
      'later than the moment judged',
      { rows: 1, generatedAt: ago(-HOUR - 1) },
      [expect.stringMatching(/^medium error cannot be judged: .* check the clock and --as-of$/)],
    ],
    [
      'a saved report with facts from after the moment judged',
      { rows: 1, newestDate: ago(-DAY) },
      [expect.stringMatching(/^medium error/)],
    ],
    ['a saved report with old facts', { rows: 1, newestDate: ago(500 * DAY) }, []],
  ])('%s', (_, report, expected) =>
    expect(severeVerdictsOf('report-stale', observation([], { report }))).toEqual(expected),
  );
});

describe('exemption-expired: one finding for each', () => {
  const exemption: Exemption = {
    match: { user: 'bob' },
    rules: '*',
    reason: 'r',
    owner: 'o@example.com',
    expires: '2026-11-21',
  };
  const text = 'medium fail exemption for user=bob (all rules) expired after 2026-11-21; owner o@example.com';

  it.each<[string, Exemption[], string[]]>([
    ['the last day is over', [exemption], [text]],
    ['the last day is today', [{ ...exemption, expires: '2026-11-22' }], []],
    ['two, one expired', [{ ...exemption, expires: '2030-01-01' }, exemption], [text]],
    ['the same written twice', [exemption, { ...exemption }], [text]],
    ['exempted itself', [exemption, { ...exemption, match: { account: '*' }, expires: '2030-01-01' }], [text]],
  ])('%s', (_, exemptions, expected) =>
    expect(severeVerdictsOf('exemption-expired', observation([]), policyWith({ exemptions }))).toEqual(expected),
  );

  it.each([
    ['2026-11-22T23:59:59.999Z', 0],
    ['2026-11-23T00:00:00.000Z', 1],
  ])('an exemption to 2026-11-22 at %s: %i findings', (time, count) => {
    const policy = policyWith({ exemptions: [{ ...exemption, expires: '2026-11-22' }] });
    const findings = evaluate(observation([]), policy, new Date(time)).filter(
      ({ rule }) => rule === 'exemption-expired',
    );
    expect(findings).toHaveLength(count);
  });
});
