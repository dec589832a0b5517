import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import type { Finding, ObservedPrincipal } from '../../../core/model.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { describeMatch } from '../../../core/policy/match.ts';
import type { Exemption, Match, Override } from '../../../core/policy/policy.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import { ruleIds } from '../../../core/rules/ids.ts';
import { rules } from '../../../core/rules/index.ts';
import { clip } from '../../../reports/mail-text.ts';
import {
  accessKey,
  ago,
  asOf,
  known,
  observation,
  policyWith,
  rootUser,
  unknown,
  used,
  user,
} from '../../support/observation-builder.ts';

const staleKey = accessKey({ lastUse: used(70 * DAY), createdAt: known(ago(80 * DAY)) });
const stale = user({ credentials: [staleKey] });

function exemptionOf(match: Match, fields: Partial<Exemption> = {}): Exemption {
  return {
    match,
    rules: '*',
    reason: 'tested each quarter',
    owner: 'sec@example.com',
    expires: '2027-06-30',
    ...fields,
  };
}

function only(findings: readonly Finding[]): Finding {
  expect(findings).toHaveLength(1);
  return findings[0] as Finding;
}

function judge(subject: ObservedPrincipal, policy = defaultPolicy): Finding {
  return only(evaluate(observation([subject]), policy, asOf));
}

describe('a finding', () => {
  it('carries rule, severity, subject, credential, reason, evidence and controls', () => {
    expect(judge(stale)).toEqual({
      id: 'access-key-unused:123456789012:user:alice:slot-1',
      rule: 'access-key-unused',
      severity: 'high',
      status: 'fail',
      principal: { kind: 'user', name: 'alice', arn: 'arn:aws:iam::123456789012:user/alice' },
      credential: { kind: 'access-key', slot: 1 },
      reason: 'unused for 70 days (limit 45)',
      evidence: {
        status: 'Active',
        createdAt: '2026-09-03T02:30:00.000Z',
        ageDays: 80,
        lastUsed: 'used',
        lastUsedAt: '2026-09-13T02:30:00.000Z',
        idleDays: 70,
        source: 'report',
      },
      controls: expect.arrayContaining([
        'CIS-3.0:1.12',
        'CIS-7.0:2.11',
        'SecurityHub:IAM.22',

        'NIST-800-53r5:AC-2(3)',
      ]),
    });
  });

  it('is named by the key id where it is known', () => {
    const named = user({ credentials: [{ ...staleKey, ref: { kind: 'access-key', id: 'AKIAX', slot: 2 } }] });
    expect(judge(named).id).toBe('access-key-unused:123456789012:user:alice:AKIAX');
  });
});

describe('settings of a rule', () => {
  it('off: no finding', () => {
    expect(
      evaluate(observation([stale]), policyWith({ rules: { 'access-key-unused': { enabled: false } } }), asOf),
    ).toEqual([]);
  });

  it('severity: replaces the rule’s own', () => {
    const policy = policyWith({ rules: { 'access-key-unused': { enabled: true, severity: 'info' } } });
    expect(judge(stale, policy).severity).toBe('info');
  });
});

describe('exemptions', () => {
  it.each<[string, Match]>([
    ['user', { user: 'alice' }],
    ['user in another case', { user: 'ALICE' }],
    ['user glob', { user: 'al*' }],
    ['path', { path: '/' }],
    ['arn', { arn: 'arn:aws:iam::*:user/alice' }],
    ['account', { account: '123456789012' }],
    ['access key id', { accessKeyId: 'AKIA?' }],
    ['tag', { tag: { team: 'pay*' } }],
    ['all of several', { user: 'alice', account: '1234*', tag: { team: 'payments' } }],
  ])('by %s: the finding stays visible as exempt', (_, match) => {
    const subject = user({
      credentials: [{ ...staleKey, ref: { kind: 'access-key', id: 'AKIAX' } }],
      tags: known({ team: 'payments' }),
    });
    const finding = judge(subject, policyWith({ exemptions: [exemptionOf(match)] }));
    expect(finding.status).toBe('exempt');
    expect(finding.reason).toBe('unused for 70 days (limit 45)');
    expect(finding.exemption).toEqual({
      number: 1,
      match: describeMatch(match),
      reason: 'tested each quarter',
      owner: 'sec@example.com',
      expires: '2027-06-30',
    });
  });

  it.each<[string, Match]>([
    ['another user', { user: 'malice' }],
    ['a part of the name: globs are anchored', { user: 'alic' }],
    ['another path', { path: '/machines/*' }],
    ['another account', { account: '999999999999' }],
    ['another key', { accessKeyId: 'AKIAY' }],
    ['another value of the tag', { tag: { team: 'web' } }],
    ['a tag that the user lacks', { tag: { missing: '*' } }],
    ['one part of several', { user: 'alice', account: '999999999999' }],
  ])('by %s: no exemption', (_, match) => {
    const subject = user({
      credentials: [{ ...staleKey, ref: { kind: 'access-key', id: 'AKIAX' } }],
      tags: known({ team: 'payments' }),
    });
    expect(judge(subject, policyWith({ exemptions: [exemptionOf(match)] })).status).toBe('fail');
  });

  it('covers only the rules that it names', () => {
    const policy = policyWith({ exemptions: [exemptionOf({ user: 'alice' }, { rules: ['access-key-too-old'] })] });
    expect(judge(stale, policy).status).toBe('fail');
  });

  it('an expired one excuses nothing and is a finding itself', () => {
    const policy = policyWith({ exemptions: [exemptionOf({ user: 'alice' }, { expires: '2026-11-21' })] });
    const findings = evaluate(observation([stale]), policy, asOf);
    expect(findings.map(({ rule, status }) => [rule, status])).toEqual([
      ['access-key-unused', 'fail'],
      ['exemption-expired', 'fail'],
    ]);
  });

  it.each<[string, Match, string]>([
    ['tags that could not be read', { tag: { team: '*' } }, 'the tags were not read'],
    ['a key id that is not known', { accessKeyId: 'AKIA*' }, 'the access key id is not known'],
  ])('one that hangs on %s makes the finding an error', (_, match, why) => {
    const finding = judge(stale, policyWith({ exemptions: [exemptionOf(match)] }));
    expect(finding.status).toBe('error');
    expect(finding.reason).toContain('an exemption may apply');
    expect(finding.reason).toContain(why);
  });

  it('one that surely holds outweighs one that might', () => {
    const policy = policyWith({ exemptions: [exemptionOf({ tag: { a: 'b' } }), exemptionOf({ user: 'alice' })] });
    expect(judge(stale, policy).status).toBe('exempt');
  });

  it('one by access key id never matches the root user: ids of its keys are never known', () => {
    const root = rootUser({ credentials: [accessKey({ lastUse: { kind: 'never' } })] });
    const policy = policyWith({ exemptions: [exemptionOf({ accessKeyId: 'AKIA*' })] });
    expect(only(evaluate(observation([], { root }), policy, asOf)).status).toBe('fail');
  });

  it.each<[string, Match, string]>([
    ['account', { account: '1234*' }, 'exempt'],
    ['the ARN of root', { arn: 'arn:aws:iam::123456789012:root' }, 'fail'],
    ['a user named like the account', { user: '123456789012' }, 'fail'],
  ])('by %s: a finding about the account is %s', (_, match, expected) => {
    const old = observation([], { report: { rows: 1, generatedAt: ago(3 * DAY) } });
    expect(only(evaluate(old, policyWith({ exemptions: [exemptionOf(match)] }), asOf)).status).toBe(expected);
  });

  it.each<[string, Match, Record<string, string>, string]>([
    ['the case of a tag key does not count', { tag: { Keep: 'true' } }, { keep: 'true' }, 'exempt'],
    ['two keys that IAM takes for one', { tag: { keep: 'true' } }, { keep: 'true', Keep: 'false' }, 'error'],
    ['the same, where both say it', { tag: { keep: 'true' } }, { keep: 'true', Keep: 'true' }, 'exempt'],
    ['the case of a tag value does', { tag: { keep: 'True' } }, { keep: 'true' }, 'fail'],
    [
      'composed and decomposed letters are the same',
      { tag: { owner: 'Ren\u00e9e' } },
      { owner: 'Rene\u0301e' },
      'exempt',
    ],
    [
      '? is one character, whatever it takes to write it',
      { tag: { owner: 'own-?' } },
      { owner: 'own-\u{20bb7}' },
      'exempt',
    ],
    ['a tag may be called like anything', { tag: { constructor: '*' } }, {}, 'fail'],
  ])('%s', (_, match, tags, expected) => {
    const subject = user({ credentials: [staleKey], tags: known(tags) });
    expect(judge(subject, policyWith({ exemptions: [exemptionOf(match)] })).status).toBe(expected);
  });

  it('a path is taken from the right place of the ARN', () => {
    const odd = user({ credentials: [staleKey] });
    const principal = { ...odd.principal, arn: 'arn:aws:iam::123456789012:user/:user/x/alice' };
    expect(judge({ ...odd, principal }, policyWith({ exemptions: [exemptionOf({ path: '/:user/x/' })] })).status).toBe(
      'exempt',
    );
  });

  it('a user glob does not reach the root user; its own name does', () => {
    const root = rootUser({ credentials: [accessKey({ lastUse: { kind: 'never' } })] });
    const statusWith = (name: string) => {
      return only(evaluate(observation([], { root }), policyWith({ exemptions: [exemptionOf({ user: name })] }), asOf))
        .status;
    };
    expect(statusWith('*')).toBe('fail');
    expect(statusWith('<root_account>')).toBe('exempt');
  });
});

describe('overrides', () => {
  const machines: Override = { match: { tag: { kind: 'machine' } }, accessKeys: { maxIdle: 75 * DAY } };
  const statuses = (subject: ObservedPrincipal, overrides: Override[]) =>
    evaluate(observation([subject]), policyWith({ overrides }), asOf).map(({ status }) => status);

  it('changes the thresholds of those it matches', () => {
    expect(statuses({ ...stale, tags: known({ kind: 'machine' }) }, [machines])).toEqual([]);
    expect(statuses({ ...stale, tags: known({ kind: 'person' }) }, [machines])).toEqual(['fail']);
  });

  it('the first match wins', () => {
    const alice: Override = { match: { user: 'alice' }, accessKeys: { maxIdle: 30 * DAY } };
    const tagged = { ...stale, tags: known({ kind: 'machine' }) };
    expect(statuses(tagged, [alice, machines])).toEqual(['fail']);
    expect(statuses(tagged, [machines, alice])).toEqual([]);
  });

  it('leaves the other thresholds as they are', () => {
    const old = user({
      tags: known({ kind: 'machine' }),
      credentials: [accessKey({ createdAt: known(ago(91 * DAY)) })],
    });
    expect(statuses(old, [machines])).toEqual(['fail']);
  });

  it.each<[string, number, string[]]>([
    ['fails either way', 78, ['fail']],
    ['fails one way', 60, ['error']],
    ['passes either way', 10, []],
  ])('whose match is not known: a key that %s', (_, idleDays, expected) => {
    const subject = user({ credentials: [{ ...staleKey, lastUse: used(idleDays * DAY) }], tags: unknown('denied') });
    expect(statuses(subject, [machines])).toEqual(expected);
  });

  it('sees a stricter limit that only might hold', () => {
    const strict: Override = { match: { tag: { kind: 'machine' } }, accessKeys: { maxIdle: 5 * DAY } };
    const finding = judge(
      user({ credentials: [accessKey({ lastUse: used(10 * DAY) })], tags: unknown('denied') }),
      policyWith({ overrides: [strict] }),
    );
    expect(finding).toMatchObject({ status: 'error', reason: 'cannot be judged: an override may apply: denied' });
  });
});

describe('order', () => {
  it('is worst first, with what is excused last', () => {
    const policy = policyWith({ exemptions: [exemptionOf({ user: 'excused' })] });
    const users = [
      user({ credentials: [accessKey({ createdAt: known(ago(100 * DAY)) })] }, 'old'),
      user({ credentials: [staleKey] }, 'Zoe'),
      user({ credentials: [staleKey] }, 'excused'),
      user({ credentials: [{ ...staleKey, unverified: 'denied' }] }, 'denied'),
      user({ credentials: [staleKey] }, 'adam'),
    ];
    const root = rootUser({ credentials: [accessKey({ lastUse: { kind: 'never' } })] });
    const findings = evaluate(observation(users, { root }), policy, asOf);
    expect(findings.map(({ severity, status, principal }) => `${severity} ${status} ${principal.name}`)).toEqual([
      'critical fail <root_account>',
      'high fail adam',
      'high fail Zoe',
      'high error denied',
      'medium fail old',
      'high exempt excused',
    ]);
  });
});

describe('the catalogue', () => {
  it('holds every rule once, in order', () => {
    expect(rules.map(({ id }) => id)).toEqual(ruleIds);
  });

  it.each(rules)('$id says what it is, why it matters and what to do', ({ title, why, remedy }) => {
    expect(title).toMatch(/^[A-Z].{10,60}[^.]$/);
    expect(why).toMatch(/^[A-Z].{30,}\.$/);
    expect(remedy).toMatch(/^[A-Z].{30,}\.$/s);
    // Mails show no more of it.
    expect(clip(remedy)).toBe(remedy);
  });
});
