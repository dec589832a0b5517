/** A match that no IAM principal can fit is refused, with its place and the correction: in silence it would excuse no one. */
import { describe, expect, it } from 'vitest';
import { loadPolicy, PolicyError } from '../../../core/policy/load.ts';

function problemsOf(text: string): string[] {
  try {
    loadPolicy(`version: 1\n${text}\n`, 'keysweep.yaml');
  } catch (error) {
    if (error instanceof PolicyError) return error.message.split('\n');
    throw error;
  }
  return [];
}

function exempting(match: string, rules = '"*"'): string[] {
  return problemsOf(`exemptions: [{ match: { ${match} }, rules: ${rules}, reason: x, owner: y, expires: 2027-01-01 }]`);
}

function overriding(match: string): string[] {
  return problemsOf(`overrides:\n  - match: { ${match} }\n    accessKeys: { maxAge: 365d }`);
}

describe('an exemption that can match no one is refused', () => {
  it.each<[match: string, place: string, ...expected: string[]]>([
    // A regular expression where globs are meant.
    ['user: "^al.*$"', '2:25: exemptions[0].match.user', '"^" is not allowed in a user name', 'write "al*"'],
    ['user: "^al"', 'match.user', 'write "al*"'],
    ['user: "svc-[0-9]+"', 'match.user', '"[" is not allowed in a user name (regular expressions are not supported)'],
    ['user: "(alice|bob)"', 'match.user', 'to match several names, write an entry for each'],
    ['user: "svc\\\\d"', 'match.user', 'regular expressions are not supported'],
    ['tag: { kind: "^m.*$" }', '2:32: exemptions[0].match.tag.kind', 'write "m*"'],
    ['path: "^/machines/.*$"', 'match.path', 'write "/machines/*"'],
    // What is no user name.
    ['user: "alice, bob"', 'match.user', 'write an entry for each'],
    ['user: alice;bob', 'match.user', 'write an entry for each'],
    ['user: "alice "', 'match.user', 'without spaces around it; write "alice"'],
    ['user: "alice\\n"', 'match.user', 'write "alice"'],
    ['user: " "', 'match.user', '" " is not allowed in a user name'],
    ['user: ""', 'match.user', 'expected an IAM user name'],
    ['user: müller', 'match.user', '"ü" is not allowed'],
    ['user: machines/ci', 'match.user', 'write path: "/machines/", user: "ci"'],
    ['user: /machines/', 'match.user', 'write path: "/machines/"'],
    ['user: arn:aws:iam::111122223333:user/ci', 'match.user', 'use arn for it'],
    [`user: ${'a'.repeat(65)}`, 'match.user', 'a user name has at most 64 characters'],
    [`user: "${'?'.repeat(65)}*"`, 'match.user', 'expected an IAM user name'],
    ['user: "<ROOT_ACCOUNT>"', 'match.user', 'write "<root_account>"'],
    ['user: "<root*"', 'match.user', '"<" is not allowed in a user name'],
    ['user: 4711', 'match.user', 'found 4711', 'write "4711", in quotes'],
    // A path without both slashes.
    ['path: machines', '2:25: exemptions[0].match.path', 'a slash at each end', 'write "/machines/"'],
    ['path: /machines', 'match.path', 'write "/machines/"'],
    ['path: machines/', 'match.path', 'write "/machines/"'],
    ['path: machines/*', 'match.path', 'write "/machines/*"'],
    ['path: "mach*"', 'match.path', 'write "/mach*"'],
    ['path: "//"', 'match.path', 'a slash at each end'],
    ['path: ""', 'match.path', 'write "/"'],
    ['path: "/my machines/"', 'match.path', '" " is not allowed in a path'],
    [`path: /${'a'.repeat(511)}/`, 'match.path', 'a path has at most 512 characters'],
    // What is no account.
    ['account: "1111-2222-3333"', '2:25: exemptions[0].match.account', 'write "111122223333"'],
    ['account: 1111 2222 3333', 'match.account', 'write "111122223333"'],
    ['account: 012345678901', 'match.account', 'write "012345678901", in quotes'],
    ['account: acme-prod', 'match.account', 'expected an account id of 12 digits'],
    ['account: "11112222333"', 'match.account', 'expected an account id of 12 digits'],
    ['account: "11112222333?4*"', 'match.account', 'expected an account id of 12 digits'],
    ['account: "1111*x"', 'match.account', 'expected an account id of 12 digits'],
    // An ARN of something else, or of a wrong shape.
    ['arn: arn:aws:iam::111122223333:role/ci', 'match.arn', 'role is not a user'],
    ['arn: arn:aws:iam::111122223333:group/ci', 'match.arn', 'group is not a user'],
    ['arn: arn:aws:sts::111122223333:assumed-role/ci/x', 'match.arn', 'sts assumed-role is not a user'],
    ['arn: arn:aws:s3:::bucket', 'match.arn', 's3 bucket is not a user'],
    ['arn: arn:aws:iam:::user/ci', 'match.arn', 'write "arn:aws:iam::*:user/ci"'],
    ['arn: arn:aws:iam::1111-2222-3333:user/ci', 'match.arn', 'write "arn:aws:iam::111122223333:user/ci"'],
    ['arn: arn:aws:iam:us-east-1:111122223333:user/ci', 'match.arn', 'write "arn:aws:iam::111122223333:user/ci"'],
    ['arn: arn:aws:iam::111122223333:user/machines/', 'match.arn', 'write "arn:aws:iam::111122223333:user/machines/*"'],
    ['arn: arn:aws:iam::111122223333:/machines/*', 'match.arn', 'write "arn:aws:iam::111122223333:user/machines/*"'],
    ['arn: arn:asw:iam::111122223333:user/ci', 'match.arn', 'write "arn:*:iam::111122223333:user/ci"'],
    ['arn: arn:aws:iam::111122223333:user//ci', 'match.arn', 'expected the ARN of an IAM user'],
    ['arn: user/ci', 'match.arn', 'write "arn:*:iam::*:user/ci"'],
    ['arn: "*:role"', 'match.arn', 'expected the ARN of an IAM user'],
    // What is no access key id.
    ['accessKeyId: akiaiosfodnn7example', 'match.accessKeyId', 'uppercase; write "AKIAIOSFODNN7EXAMPLE"'],
    ['credentialId: akiaiosfodnn7example', 'match.credentialId', 'uppercase; write "AKIAIOSFODNN7EXAMPLE"'],
    ['credentialId: AKIA_OSFODNN7EXAMPLE', 'match.credentialId', '16 to 128 uppercase letters and digits'],
    ['credentialId: "akia*"', 'match.credentialId', 'uppercase; write "AKIA*"'],
    ['accessKeyId: ASIAIOSFODNN7EXAMPLE', 'match.accessKeyId', 'a temporary STS key'],
    ['accessKeyId: "AIDA*"', 'match.accessKeyId', 'the id of a user'],
    ['accessKeyId: AKIA123', 'match.accessKeyId', '16 to 128', 'write "AKIA123*"'],
    ['accessKeyId: " AKIAIOSFODNN7EXAMPLE"', 'match.accessKeyId', 'write "AKIAIOSFODNN7EXAMPLE"'],
    ['credentialId: "AIDA*"', 'match.credentialId', 'the id of a user'],
    ['credentialId: ASIAIOSFODNN7EXAMPLE', 'match.credentialId', 'a temporary STS key'],
    ['credentialId: APKA123', 'match.credentialId', 'write "APKA123*"'],
    ['credentialId: APKA-IOSFODNN7EXAMPLE', 'match.credentialId', '16 to 128 uppercase letters and digits'],
    ['accessKeyId: AKIA-IOSFODNN7EXAMPLE', 'match.accessKeyId', '16 to 128 uppercase letters and digits'],
    // Tags that no user can have.
    ['tag: { "ki^nd": a }', 'match.tag.ki^nd', 'found the key "ki^nd"', '"^" is not allowed in a tag key'],
    ['tag: { "kin*": a }', 'match.tag.kin*', 'tag keys cannot be globs'],
    ['tag: { "": a }', 'match.tag', 'expected an IAM tag key'],
    [`tag: { ${'k'.repeat(129)}: a }`, 'match.tag', 'a tag key has at most 128 characters'],
    ['tag: { kind: "a|b" }', 'match.tag.kind', '"|" is not allowed in a tag value'],
    [`tag: { kind: ${'v'.repeat(257)} }`, 'match.tag.kind', 'a tag value has at most 256 characters'],
    ['tag: { kind: 4711 }', 'match.tag.kind', 'write "4711", in quotes'],
    ['tag: { kind: true }', 'match.tag.kind', 'write "true", in quotes'],
    ['tag: { Kind: "a*", kind: "*b" }', '2:25: exemptions[0].match.tag', 'differ in more than case'],
    // Parts that never fit together.
    ['user: "<root_account>", path: "/"', '2:16: exemptions[0].match', 'expected no path with <root_account>'],
    ['user: "<root_account>", tag: { a: b }', 'match', 'expected no tag with'],
    ['user: ci, arn: arn:aws:iam::111122223333:user/deploy', 'match', 'both this arn and this user'],
    ['path: /machines/, arn: "arn:aws:iam::111122223333:user/people/*"', 'match', 'both this arn and this path'],
    ['account: "444455556666", arn: "arn:aws:iam::111122223333:user/*"', 'match', 'both this arn and this account'],
    ['path: /machines/, arn: "arn:aws:iam::111122223333:root"', 'match', 'both this arn and this path'],
    ['accessKeyId: "AKIA*", credentialId: "APKA*"', 'match', 'no access key has both this accessKeyId'],
  ])('%s', (match, place, ...expected) => {
    const problems = exempting(match);
    expect(problems).toHaveLength(1);
    for (const part of [place, ...expected]) expect(problems[0]).toContain(part);
  });
});

describe('whatever could match is taken', () => {
  it.each([
    'user: "al*"',
    'user: "a+b=c,d.e@f-g_h"',
    'user: "alice,bob"',
    'user: "svc-.*"',
    `user: ${'a'.repeat(64)}`,
    `user: "${'?'.repeat(64)}*"`,
    'user: "<root_account>"',
    'user: "<root_account>", account: "111122223333", arn: "arn:*:root"',
    'path: /',
    'path: /machines/',
    'path: "/machines*"',
    'path: "/machines?"',
    'path: "/^odd|path$/"',
    'path: "*"',
    `path: /${'a'.repeat(510)}/`,
    'account: "111122223333"',
    'account: "1111*"',
    'account: "????????????"',
    'arn: arn:aws:iam::111122223333:user/machines/ci',
    'arn: arn:aws-us-gov:iam::111122223333:root',
    'arn: "arn:aws-*:iam::111122223333:user/ci"',
    'arn: "a*:user/ci"',
    'arn: "*/machines/*"',
    'arn: "*:role/*"',
    'arn: "arn:aws:iam::*:user/ci"',
    'arn: "arn:aws:iam::111122223333:user/*"',
    'accessKeyId: AKIAIOSFODNN7EXAMPLE',
    'accessKeyId: "*EXAMPLE"',
    'accessKeyId: 0PN5J17HBGZHT7JJ3X82',
    'credentialId: AKIAIOSFODNN7EXAMPLE',
    'credentialId: APKAEXAMPLEEXAMPLE12',
    'accessKeyId: "AKIA*", credentialId: "*EXAMPLE"',
    'tag: { Kostenstelle Köln: "a b" }',
    'tag: { kind: "" }',
    'tag: { "aws:cloudformation:stack-name": "*" }',
    'user: CI, arn: arn:aws:iam::111122223333:user/machines/ci',
    'path: "/machines/*", arn: "arn:aws:iam::1111*:user/machines/ci/*"',
    'path: "/machines/*", user: "ci-*", account: "1111*", arn: "*:user/machines/ci-7"',
  ])('%s', (match) => {
    expect(exempting(match)).toEqual([]);
  });
});

describe('an exemption whose rules are never about whom it matches is refused', () => {
  it.each([
    ['user: alice', '[root-mfa-missing, report-stale]', 'root-mfa-missing, report-stale do not'],
    ['user: "<root_account>"', '[access-key-unused]', 'access-key-unused does not'],
    ['accessKeyId: AKIAIOSFODNN7EXAMPLE', '[console-mfa-missing, access-keys-two-active]', 'do not'],
    ['credentialId: AKIAIOSFODNN7EXAMPLE', '[console-mfa-missing, access-keys-two-active]', 'do not'],
    ['credentialId: AKIAIOSFODNN7EXAMPLE', '[root-access-key]', 'does not'],
    ['account: "111122223333"', '[exemption-expired]', 'cannot be exempted'],
    ['arn: "arn:aws:iam::111122223333:root"', '[console-mfa-missing]', 'console-mfa-missing does not'],
    ['tag: { kind: machine }', '[root-used-recently]', 'root-used-recently does not'],
  ])('%s with %s', (match, rules, expected) => {
    const problems = exempting(match, rules);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^keysweep\.yaml:2:\d+: exemptions\[0\]\.rules: found /);
    expect(problems[0]).toContain(expected);
  });

  it.each([
    ['user: alice', '[root-mfa-missing, access-key-unused]'],
    ['account: "111122223333"', '[report-stale]'],
    ['arn: "arn:aws:iam::111122223333:*"', '[root-mfa-missing]'],
    ['accessKeyId: AKIAIOSFODNN7EXAMPLE', '[access-key-too-old]'],
    ['credentialId: AKIAIOSFODNN7EXAMPLE', '[access-key-too-old]'],
  ])('but not %s with %s', (match, rules) => {
    expect(exempting(match, rules)).toEqual([]);
  });
});

describe('an override that can match no user is refused', () => {
  it.each<[match: string, ...expected: string[]]>([
    ['path: /machines', 'overrides[0].match.path: found "/machines"', 'write "/machines/"'],
    ['user: "<root_account>"', 'overrides[0].match.user', 'are at the top of the file'],
    ['arn: "arn:aws:iam::111122223333:root"', 'overrides[0].match.arn', 'this is the root user'],
    ['account: "1111-2222-3333"', 'overrides[0].match.account', 'write "111122223333"'],
    ['user: ci, arn: arn:aws:iam::111122223333:user/deploy', '3:5: overrides[0].match', 'both this arn'],
  ])('%s', (match, ...expected) => {
    const problems = overriding(match);
    expect(problems).toHaveLength(1);
    for (const part of expected) expect(problems[0]).toContain(part);
  });

  it('and one that can is taken', () => {
    expect(overriding('path: /machines/')).toEqual([]);
    expect(overriding('arn: "arn:aws:iam::111122223333:*"')).toEqual([]);
  });
});

it('a tag that no user can have names no owner', () => {
  expect(problemsOf('notices: { ownerTag: "own|er" }')).toEqual([
    'keysweep.yaml:2:12: notices.ownerTag: found "own|er", expected an IAM tag key: "|" is not allowed in a tag key (regular expressions are not supported)',
  ]);
});
