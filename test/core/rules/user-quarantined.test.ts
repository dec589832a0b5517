import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { riskOf } from '../../../core/lifecycle/risk.ts';
import type { Finding, ObservedPrincipal, Quarantine } from '../../../core/model.ts';
import { observeUnreported } from '../../../core/observe.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import type { Match } from '../../../core/policy/policy.ts';
import { quarantineOf, quarantinePolicies } from '../../../core/quarantine.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import { criticalAlert } from '../../../reports/alert.ts';
import { clip } from '../../../reports/mail-text.ts';
import { auditOf } from '../../support/audit-fixture.ts';
import { findingsOf } from '../../support/findings-of.ts';
import {
  accessKey,
  asOf,
  known,
  never,
  observation,
  policyWith,
  rootUser,
  unknown,
  used,
  user,
} from '../../support/observation-builder.ts';

const [v1 = '', v2 = '', v3 = ''] = quarantinePolicies;
const alice = user({ credentials: [accessKey()] });

function judge(quarantine: Quarantine | undefined, policy = defaultPolicy): readonly Finding[] {
  const seen = observation([alice], quarantine === undefined ? {} : { quarantine });
  return findingsOf('user-quarantined', seen, policy);
}

function inShort(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, status, principal, reason }) => `${severity} ${status} ${principal.kind} ${reason}`);
}

const quarantined = (...policies: string[]): Quarantine => ({ users: [{ name: 'alice', policies }] });

describe('user-quarantined', () => {
  it.each<[string, Quarantine | undefined, string[]]>([
    ['not read, as for a saved report', undefined, []],
    ['no one', { users: [] }, []],
    ['a user', quarantined(v3), [`critical fail user quarantined with ${v3}`]],
    ['a user, by two policies', quarantined(v1, v3), [`critical fail user quarantined with ${v1}, ${v3}`]],
    [
      'a user who is not in the report',
      { users: [{ name: 'bob', policies: [v2] }] },
      [`critical fail user quarantined with ${v2}; the credential report does not show a user of this name`],
    ],
    [
      'a user who is in the report with another case',
      { users: [{ name: 'ALICE', policies: [v2] }] },
      [`critical fail user quarantined with ${v2}`],
    ],
    [
      'the policies could not be read',
      { users: [], unread: 'AccessDenied' },
      ['critical error account cannot be judged: AccessDenied'],
    ],
    [
      'not all policies could be read',
      { ...quarantined(v1), unread: 'Throttled' },
      [`critical fail user quarantined with ${v1}`, 'critical error account cannot be judged: Throttled'],
    ],
  ])('%s', (_, quarantine, expected) => expect(inShort(judge(quarantine))).toEqual(expected));

  it('comes first of all findings, also before root’s, whether the key is in use or not', () => {
    const root = rootUser({ credentials: [accessKey({ lastUse: never })], mfaActive: known(false) });
    const rules = evaluate(observation([alice], { root, quarantine: quarantined(v3) }), defaultPolicy, asOf).map(
      ({ rule }) => rule,
    );
    expect(rules.slice(0, 3)).toEqual(['user-quarantined', 'root-access-key', 'root-mfa-missing']);
  });

  it.each([
    ['active keys', [accessKey(), accessKey({ status: known('Inactive') })], 1],
    ['keys whose status is not known', [accessKey({ status: unknown() })], null],
    ['no key', [], 0],
  ])('counts %s', (_, credentials, activeAccessKeys) => {
    const seen = observation([{ ...alice, credentials }]);
    const [finding] = evaluate({ ...seen, quarantine: quarantined(v3) }, defaultPolicy, asOf);
    expect(finding).toMatchObject({ rule: 'user-quarantined', evidence: { quarantinePolicies: v3, activeAccessKeys } });
  });

  it('judges a user whose row is unreadable', () => {
    const seen = observation([{ ...alice, credentials: [], unreadable: 'line 2 is damaged' }]);
    const own = (quarantine: Quarantine) => findingsOf('user-quarantined', { ...seen, quarantine });
    expect(own({ users: [] })).toEqual([]);
    expect(own(quarantined(v3))).toMatchObject([{ status: 'fail', evidence: { activeAccessKeys: null } }]);
  });

  describe('a user who is not in the report yet', () => {
    const quarantine: Quarantine = { users: [{ name: 'bob', policies: [v2] }] };
    const arn = 'arn:aws:iam::123456789012:user/ci/bob';
    const bob = observeUnreported({ kind: 'user', name: 'bob', arn }, { isNameReused: false });
    const tagged = { ...bob, tags: known({ kind: 'lab' }) };
    const excuse = (match: Match) =>
      policyWith({ exemptions: [{ match, rules: '*', reason: 'r', owner: 'o', expires: '2030-01-01' }] });
    const night = (unreported: readonly ObservedPrincipal[], match: Match) =>
      evaluate(observation([alice], { quarantine, unreported }), excuse(match), asOf);

    it.each([
      [[], 'the credential report does not show a user of this name'],
      [['Bob'], 'the credential report shows an earlier user of this name'],
    ])('says what the report shows under its name if %j no longer exist', (missingUsers, said) => {
      const [finding] = findingsOf('user-quarantined', observation([], { quarantine, missingUsers }));
      expect(finding?.reason).toBe(`quarantined with ${v2}; ${said}`);
    });

    it('has the same finding on the night when it is', () => {
      const [first] = findingsOf('user-quarantined', observation([], { quarantine }));
      const [second] = findingsOf('user-quarantined', observation([user({}, 'bob')], { quarantine }));
      expect(first).toMatchObject({ id: second?.id, principal: { kind: 'user', name: 'bob' } });
      expect(first?.evidence).toMatchObject({ activeAccessKeys: null, passwordEnabled: null });
    });

    it.each<[string, readonly ObservedPrincipal[], Match, string]>([
      ['its name', [], { user: 'bob' }, 'exempt'],
      ['another name', [], { user: 'alice' }, 'fail'],
      ['a path that was read', [bob], { path: '/ci/' }, 'exempt'],
      ['another path', [bob], { path: '/' }, 'fail'],
      ['a path that was not read', [], { path: '/' }, 'error'],
      ['an ARN that was read', [bob], { arn: 'arn:aws:iam::*:user/ci/*' }, 'exempt'],
      ['an ARN that was not read', [], { arn: 'arn:aws:iam::*:user/ci/*' }, 'error'],
      ['a tag that was read', [tagged], { tag: { kind: 'lab' } }, 'exempt'],
      ['a tag that was not read', [bob], { tag: { kind: 'lab' } }, 'error'],
    ])('can be exempted by %s', (_, unreported, match, status) => {
      expect(night(unreported, match).map((finding) => `${finding.rule} ${finding.status}`)).toEqual([
        `user-quarantined ${status}`,
      ]);
    });

    it('says why an exemption cannot be judged', () => {
      expect(night([], { path: '/' })[0]?.reason).toContain(
        'an exemption may apply (path=/, owner o): the path of the user was not read',
      );
    });
  });

  it('can be exempted by user', () => {
    const exemption = { match: { user: 'alice' }, rules: ['user-quarantined'], reason: 'r', owner: 'o' } as const;
    const policy = policyWith({ exemptions: [{ ...exemption, expires: '2030-01-01' }] });
    expect(judge(quarantined(v3), policy).map(({ status }) => status)).toEqual(['exempt']);
  });

  it('is urgent: it raises the alert', () => {
    const alert = criticalAlert(auditOf([...judge(quarantined(v3))]));
    expect(alert?.subject).toContain('1 critical finding');
    expect(alert?.body).toMatch(/deactivate the user’s keys/);
    expect(criticalAlert(auditOf([...judge({ users: [], unread: 'AccessDenied' })]))?.subject).toContain(
      'not possible',
    );
  });

  it.each([
    [[v1], false],
    [[v2], true],
    [[v3], true],
    [[v1, v3], true],
  ])('says what %j denies to production', (policies, readsDenied) => {
    const [finding] = judge(quarantined(...policies));
    expect(finding?.remedy?.includes('s3:GetObject')).toBe(readsDenied);
    expect(finding?.remedy).toMatch(/support case.*detach-user-policy.*ec2:RunInstances.*iam:UpdateAccessKey/);
    expect(clip(finding?.remedy ?? '...')).not.toMatch(/\.\.\.$/);
  });

  it('judges a name that is also a property of objects', () => {
    const names = ['__proto__', 'constructor'];
    const users = names.map((name) => user({ credentials: [accessKey({ lastUse: used(DAY) })] }, name));
    const seen = observation(users);
    expect(evaluate({ ...seen, quarantine: { users: [] } }, defaultPolicy, asOf)).toEqual([]);
    const quarantine = { users: names.map((name) => ({ name, policies: [v3] })) };
    expect(evaluate({ ...seen, quarantine }, defaultPolicy, asOf).map(({ principal }) => principal.name)).toEqual(
      names,
    );
  });
});

describe('quarantineOf', () => {
  const problem = { code: 'throttled', message: 'Throttled' } as const;

  it('joins the policies of each user', () => {
    const answers = [
      { policy: v1, users: { ok: true, value: ['a'] } },
      { policy: v2, users: { ok: true, value: [] } },
      { policy: v3, users: { ok: true, value: ['b', 'a'] } },
    ] as const;
    expect(quarantineOf(answers)).toEqual({
      users: [
        { name: 'a', policies: [v1, v3] },
        { name: 'b', policies: [v3] },
      ],
    });
  });

  it('keeps what is known if an answer is missing, and says so', () => {
    const answers = [
      { policy: v1, users: { ok: false, problem } },
      { policy: v2, users: { ok: true, value: ['a'] } },
    ] as const;
    expect(quarantineOf(answers)).toEqual({ users: [{ name: 'a', policies: [v2] }], unread: 'Throttled' });
  });
});

it.each(quarantinePolicies)('%s makes a user exposed', (name) => {
  const direct = [`arn:aws-cn:iam::aws:policy/${name}`];
  expect(riskOf({ direct, viaGroups: [] }).exposed).toBe(true);
});
