import { describe, expect, it } from 'vitest';
import type { ObservedPrincipal } from '../../../core/model.ts';
import { loadPolicy } from '../../../core/policy/load.ts';
import { matchCovers } from '../../../core/policy/match-covers.ts';
import { policyRemarks } from '../../../core/policy/remarks.ts';
import { policyUsage, usageProblems } from '../../../core/policy/usage.ts';
import { accessKey, asOf, known, observation, unknown, user } from '../../support/observation-builder.ts';

function exempting(...matches: readonly string[]) {
  const list = matches.map((match) => {
    return `  - { match: { ${match} }, rules: "*", reason: x, owner: sec@example.com, expires: 2030-01-01 }`;
  });
  return loadPolicy(`version: 1\nexemptions:\n${list.join('\n')}\n`, 'keysweep.yaml');
}

function overriding(...matches: readonly string[]) {
  const list = matches.map((match) => `  - { match: { ${match} }, accessKeys: { maxAge: 365d } }`);
  return loadPolicy(`version: 1\noverrides:\n${list.join('\n')}\n`, 'keysweep.yaml');
}

const tagged = (name: string, tags: ObservedPrincipal['tags']) => user({ tags, credentials: [accessKey({})] }, name);
const account = observation([
  tagged('alice', known({ Team: 'pay' })),
  tagged('bob', unknown('the tags were not read')),
  user({ credentials: [] }, 'carol'),
]);

it.each<[match: string, matched: number, possible: number, problem: string | undefined]>([
  ['user: alice', 1, 0, undefined],
  ['user: "*"', 3, 0, undefined],
  ['user: alcie', 0, 0, 'exemption 1 (user=alcie, owner sec@example.com) matches no one'],
  ['path: /machines/', 0, 0, 'exemption 1 (path=/machines/, owner sec@example.com) matches no one'],
  ['tag: { team: pay }, user: "a*"', 1, 0, undefined],
  ['tag: { team: web }, user: bob', 0, 1, undefined],
  ['account: "444455556666", user: alice', 0, 0, undefined],
  ['arn: "arn:aws:iam::444455556666:user/*"', 0, 0, undefined],
])('whom %s fits', (match, matched, possible, problem) => {
  const usage = policyUsage(account, exempting(match), asOf);
  expect(usage.exemptions[0]).toMatchObject({ number: 1, matched, possible });
  expect(usageProblems(usage)).toEqual(problem === undefined ? [] : [problem]);
});

it('an override that an earlier one covers never applies, for any user', () => {
  const usage = policyUsage(account, overriding('user: "a*"', 'user: alice', 'user: bob'), asOf);
  expect(usageProblems(usage)).toEqual(['override 2 (user=alice) never applies: override 1 covers it and comes first']);
});

it('an override of this account covers those after it, and one of users covers whatever they are found by', () => {
  const usage = policyUsage(account, overriding('account: "123456789012", user: "*"', 'tag: { Team: pay }'), asOf);
  expect(usageProblems(usage)).toEqual([
    'override 2 (tag:Team=pay) never applies: override 1 covers it and comes first',
  ]);
  const remarks = policyRemarks(overriding('arn: "*"', 'account: "111122223333"'), asOf);
  expect(remarks.map(({ kind }) => kind)).toEqual(['covered']);
});

it.each<[what: string, earlier: string, later: string, covered: number | undefined]>([
  ['the same', 'rules: "*", expires: 2030-01-01', 'rules: "*", expires: 2030-01-01', 1],
  ['one that ends later', 'rules: "*", expires: 2030-01-01', 'rules: "*", expires: 2029-12-31', 1],
  ['one that ends sooner', 'rules: "*", expires: 2029-12-31', 'rules: "*", expires: 2030-01-01', undefined],
  ['one of all rules', 'rules: "*", expires: 2030-01-01', 'rules: [access-key-unused], expires: 2030-01-01', 1],
  [
    'one of a rule alone',
    'rules: [access-key-unused], expires: 2030-01-01',
    'rules: "*", expires: 2030-01-01',
    undefined,
  ],
  [
    'one of other rules',
    'rules: [access-key-unused], expires: 2030-01-01',
    'rules: [access-key-unused, access-key-too-old], expires: 2030-01-01',
    undefined,
  ],
])('an exemption after %s for the same user', (_, earlier, later, covered) => {
  const list = [earlier, later].map((fields) => `  - { match: { user: alice }, reason: x, owner: o, ${fields} }`);
  const policy = loadPolicy(`version: 1\nexemptions:\n${list.join('\n')}\n`, 'keysweep.yaml');
  expect(policyUsage(account, policy, asOf).exemptions[1]?.coveredBy).toBe(covered);
});

describe('one match covers another', () => {
  it.each<[outer: string, inner: string, expected: boolean]>([
    ['user: "svc-*"', 'user: SVC-ci', true],
    ['user: "svc-*"', 'user: "svc-*", tag: { a: b }', true],
    ['user: "svc-*", path: /ci/', 'user: svc-1', false],
    ['user: "*"', 'user: "<root_account>"', false],
    ['tag: { Kind: "*" }', 'tag: { kind: machine, team: x }', true],
    ['tag: { kind: machine }', 'tag: { kind: "*" }', false],
    ['account: "*"', 'user: alice', true],
    ['account: "111122223333"', 'user: alice', false],
    // What speaks of users alone is covered by what covers all users.
    ['user: "*"', 'path: /machines/', true],
    ['user: "*"', 'tag: { kind: machine }', true],
    ['user: "*"', 'accessKeyId: "AKIA*"', true],
    ['user: "*"', 'credentialId: "AKIA*"', true],
    ['credentialId: "A*"', 'credentialId: "AKIA*"', true],
    ['credentialId: "A*"', 'accessKeyId: "AKIA*"', true],
    ['accessKeyId: "A*"', 'credentialId: "AKIA*"', false],
    ['credentialId: "AKIA*"', 'credentialId: "A*"', false],
    ['user: "*"', 'arn: "arn:aws:iam::111122223333:user/machines/*"', true],
    ['user: "*"', 'arn: "*"', false],
    ['user: "*"', 'account: "111122223333"', false],
    ['path: "*"', 'user: alice', true],
    ['path: "/*"', 'user: "<root_account>"', false],
    ['arn: "*"', 'user: alice', true],
    ['arn: "*"', 'user: "<root_account>"', true],
    ['arn: "*"', 'account: "111122223333"', false],
    ['arn: "*:root"', 'user: "<root_account>"', true],
    // An ARN says name, path and account, and the other way round.
    ['path: "/machines/*"', 'arn: arn:aws:iam::111122223333:user/machines/ci', true],
    ['path: "/machines/*"', 'arn: "arn:aws:iam::111122223333:user/machines/*"', true],
    ['path: /machines/', 'arn: "arn:aws:iam::111122223333:user/machines/*"', false],
    ['path: /machines/', 'arn: "arn:aws:iam::111122223333:user/machines*"', false],
    ['path: /', 'arn: arn:aws:iam::111122223333:user/ci', true],
    ['user: "CI*"', 'arn: arn:aws:iam::111122223333:user/machines/ci-7', true],
    ['user: "ci*"', 'arn: "arn:aws:iam::111122223333:user/machines/ci-*"', false],
    ['account: "1111*"', 'arn: "arn:aws:iam::111122223333:user/*"', true],
    ['arn: "*:user/machines/*"', 'path: /machines/ci/', true],
    ['arn: "*:user/machines/*"', 'path: "/machines*"', false],
    ['arn: "arn:*:iam::1111*:user/*"', 'user: ci, account: "111122223333"', true],
    ['arn: "*:user/ci"', 'user: ci, path: /', false],
  ])('%s and %s: %j', (outer, inner, expected) => {
    const [one, other] = exempting(outer, inner).exemptions;
    expect(one && other && matchCovers(one.match, other.match)).toBe(expected);
  });
});

it('says of the file alone what may not be meant', () => {
  const { exemptions } = exempting('tag: { keep: "yes" }', 'user: "a,b"', 'user: "svc-.*"', 'user: "svc-.*"');
  const remarks = policyRemarks({ ...exempting('user: x'), exemptions }, asOf);
  expect(remarks.map(({ kind }) => kind)).toEqual([
    'by-tag',
    'looks-like-a-list',
    'looks-like-a-regular-expression',
    'covered',
    'looks-like-a-regular-expression',
  ]);
  expect(remarks[0]?.text).toContain('anyone with iam:TagUser');
  expect(policyRemarks({ ...exempting('user: x') }, new Date('2030-01-02T00:00:00Z'))).toMatchObject([
    { kind: 'expired' },
  ]);
});
