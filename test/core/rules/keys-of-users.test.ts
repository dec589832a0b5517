import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../core/duration.ts';
import type { ObservedCredential, ObservedPrincipal } from '../../../core/model.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import type { RuleId } from '../../../core/rules/ids.ts';
import { findingsOf, verdictsOf } from '../../support/findings-of.ts';
import {
  accessKey,
  ago,
  known,
  never,
  policyWith,
  unknown,
  unknownUse,
  used,
  user,
} from '../../support/observation-builder.ts';

function exempting(rule: RuleId) {
  const exemption = { match: { user: 'alice' }, rules: [rule], reason: 'r', owner: 'o', expires: '2030-01-01' };
  return policyWith({ exemptions: [exemption] });
}

describe('access-key-at-user-creation: never used, and made within a minute of a user with a password', () => {
  const withPassword = { enabled: known(true), lastUse: used(DAY), lastChanged: ago(DAY) };

  /** A user created `age` ago, with a key created `apart` ms later. */
  function made(
    age: number,
    apart: number,
    key: Partial<ObservedCredential> = {},
    fields: Partial<ObservedPrincipal> = {},
  ): ObservedPrincipal {
    const credentials = [accessKey({ createdAt: known(ago(age - apart)), lastUse: never, ...key })];
    return user({ createdAt: known(ago(age)), password: withPassword, mfaActive: known(true), credentials, ...fields });
  }
  const fails = (days: number) => [`fail created with its user, never used for ${days} days (limit 7)`];
  const impossible = expect.stringMatching(
    /^error cannot be judged: its creation .* is before the creation of its user .*, which is impossible$/,
  );

  it.each<[string, ObservedPrincipal, string[]]>([
    ['in the same second', made(60 * DAY, 0), fails(60)],
    ['a millisecond less than a minute later', made(60 * DAY, MINUTE - 1), fails(59)],
    ['a minute later', made(60 * DAY, MINUTE), []],
    ['a day later', made(60 * DAY, DAY), []],
    ['a little earlier, as clocks differ', made(60 * DAY, 1 - MINUTE), fails(60)],
    ['before its user', made(60 * DAY, -MINUTE), [impossible]],
    ['a millisecond within the grace', made(7 * DAY - 1, 0), []],
    ['exactly at the end of the grace', made(7 * DAY, 0), fails(7)],
    ['used since', made(60 * DAY, 0, { lastUse: used(59 * DAY) }), []],
    ['inactive', made(60 * DAY, 0, { status: known('Inactive') }), []],
    ['no password', made(60 * DAY, 0, {}, { password: { enabled: known(false), lastUse: never } }), []],
    [
      'password unknown',
      made(60 * DAY, 0, {}, { password: { ...withPassword, enabled: unknown('no word') } }),
      ['error cannot be judged: no word'],
    ],
    [
      'password unknown, made later',
      made(60 * DAY, DAY, {}, { password: { ...withPassword, enabled: unknown() } }),
      [],
    ],
    ['creation of the key unknown', made(60 * DAY, 0, { createdAt: unknown('N/A') }), ['error cannot be judged: N/A']],
    ['creation of the user unknown', made(60 * DAY, 0, {}, { createdAt: unknown('?') }), ['error cannot be judged: ?']],
    ['last use unknown', made(60 * DAY, 0, { lastUse: unknownUse('denied') }), ['error cannot be judged: denied']],
    ['last use unknown, made later', made(60 * DAY, DAY, { lastUse: unknownUse('denied') }), []],
    ['status unknown', made(60 * DAY, 0, { status: unknown('no status') }), ['error cannot be judged: no status']],
    [
      'last use not confirmed',
      made(60 * DAY, 0, { lastUseUnverified: 'denied' }),
      [`error ${fails(60)[0]?.slice('fail '.length)} according to the report; not confirmed: denied`],
    ],
  ])('%s', (_, subject, expected) => expect(verdictsOf('access-key-at-user-creation', subject)).toEqual(expected));

  it('uses the grace of the policy', () => {
    const grace = policyWith({ accessKeys: { ...defaultPolicy.accessKeys, neverUsedGrace: 90 * DAY } });
    expect(verdictsOf('access-key-at-user-creation', made(89 * DAY, 0), grace)).toEqual([]);
    expect(verdictsOf('access-key-at-user-creation', made(90 * DAY, 0), grace)).toHaveLength(1);
  });

  it('judges each key on its own, names it, and gives the creation of both', () => {
    const [first] = made(60 * DAY, 2000).credentials;
    const later = accessKey({ ref: { kind: 'access-key', slot: 2 }, createdAt: known(ago(DAY)), lastUse: never });
    const subject = { ...made(60 * DAY, 0), credentials: [later, ...(first === undefined ? [] : [first])] };
    expect(findingsOf('access-key-at-user-creation', subject)).toMatchObject([
      {
        credential: { kind: 'access-key', slot: 1 },
        evidence: { userCreatedAt: ago(60 * DAY).toISOString(), createdAt: ago(60 * DAY - 2000).toISOString() },
        controls: ['CIS-3.0:1.11', 'CIS-4.0:1.11', 'CIS-5.0:1.10', 'CIS-6.0:2.10'],
      },
    ]);
  });

  it('can be exempted', () => {
    const policy = exempting('access-key-at-user-creation');
    expect(findingsOf('access-key-at-user-creation', made(60 * DAY, 0), policy)[0]?.status).toBe('exempt');
  });
});

describe('user-many-keys: more than two keys or certificates', () => {
  const live = (id: string) => accessKey({ ref: { kind: 'access-key', id }, source: 'live' });
  const inSlots = [accessKey(), accessKey({ ref: { kind: 'access-key', slot: 2 } })];
  const hidden = { moreThanShown: '1 access key', incomplete: { 'access-key': 'more than the report shows' } } as const;
  const certificate = { active: known(true), uploadedAt: known(ago(DAY)) };
  const twoCertificates = [
    { slot: 1 as const, ...certificate },
    { slot: 2 as const, ...certificate },
  ];
  const reported = 'more than two access keys or certificates according to the credential report (1 access key)';

  it.each<[string, Partial<ObservedPrincipal>, string[]]>([
    ['none', {}, []],
    ['two, and the report has no such column', { credentials: inSlots }, []],
    ['two, listed live', { credentials: [live('AKIA1'), live('AKIA2')] }, []],
    [
      'three, listed live, whatever the report says',
      { credentials: [live('AKIA1'), live('AKIA2'), live('AKIA3')] },
      ['fail 3 access keys: AKIA1, AKIA2, AKIA3'],
    ],
    [
      'three, whatever their status',
      {
        credentials: [
          live('AKIA1'),
          ...[2, 3].map((at) => ({ ...live(`AKIA${at}`), status: known('Inactive') as never })),
        ],
      },
      ['fail 3 access keys: AKIA1, AKIA2, AKIA3'],
    ],
    ['more, says the report, and nothing was listed', { credentials: inSlots, ...hidden }, [`fail ${reported}`]],
    [
      'more, says the report, and the list was denied',
      { credentials: inSlots.map((key) => ({ ...key, unverified: 'denied' })), ...hidden },
      [`error ${reported}; not confirmed: denied`],
    ],
    [
      'more, says the report, but IAM lists two: one was deleted since',
      { credentials: [live('AKIA1'), live('AKIA2')], moreThanShown: '1 access key' },
      [],
    ],
    [
      'more, says the report, and they can only be certificates',
      { credentials: [live('AKIA1')], certificates: twoCertificates, moreThanShown: '1 certificate' },
      ['fail more than two signing certificates according to the credential report (1 certificate)'],
    ],
  ])('%s', (_, fields, expected) => expect(verdictsOf('user-many-keys', user(fields))).toEqual(expected));

  it('can be exempted', () => {
    const [finding] = findingsOf(
      'user-many-keys',
      user({ credentials: inSlots, ...hidden }),
      exempting('user-many-keys'),
    );
    expect(finding).toMatchObject({ status: 'exempt', evidence: { additionalCredentials: '1 access key' } });
  });
});
