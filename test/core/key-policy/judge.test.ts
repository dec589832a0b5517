import { describe, expect, it } from 'vitest';
import { judgeKeyPolicy } from '../../../core/key-policy/judge.ts';
import { type KeyStatement, keyUses } from '../../../core/key-policy/uses.ts';

const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/0b1c2d3e-0000-4000-8000-000000000000';
const key = { keyArn, account: '111122223333', forwarder: true };
const required = keyUses(key).map(({ statement }) => statement);

/** The verdicts of a policy, by use. */
function verdicts(statements: readonly unknown[], of = key): Readonly<Record<string, string>> {
  const judged = judgeKeyPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), of);
  return Object.fromEntries(judged.map(({ use, verdict }) => [use, verdict]));
}

function whyOf(use: string, statements: readonly unknown[]): string | undefined {
  return judgeKeyPolicy(JSON.stringify({ Statement: statements }), key).find((one) => one.use === use)?.why;
}

/** The required statements, one of them changed. */
function changing(Sid: string, changes: object): readonly object[] {
  return required.map((statement: KeyStatement) => (statement.Sid === Sid ? { ...statement, ...changes } : statement));
}

const allAllowed = { roles: 'allowed', alarms: 'allowed', handover: 'allowed', slack: 'allowed', logs: 'allowed' };

describe('a key policy', () => {
  it('with the statements that keysweep prints allows every use', () => {
    expect(verdicts(required)).toEqual(allAllowed);
  });

  it.each(['aws', 'aws-us-gov', 'aws-cn'])('the same in the partition %s', (partition) => {
    const of = { ...key, keyArn: keyArn.replace('arn:aws', `arn:${partition}`) };
    const uses = keyUses(of);
    expect(
      verdicts(
        uses.map(({ statement }) => statement),
        of,
      ),
    ).toEqual(allAllowed);
    expect(JSON.stringify(uses)).not.toMatch(new RegExp(`arn:(?!${partition}:)`));
  });

  it.each(required.map(({ Sid }, at) => [Sid, keyUses(key)[at]?.use]))('without %s lacks %s alone', (Sid, use) => {
    expect(verdicts(required.filter((one) => one.Sid !== Sid))).toEqual({ ...allAllowed, [String(use)]: 'missing' });
  });

  it('as the KMS console makes it allows the roles alone', () => {
    const standard = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:*',
      Resource: '*',
    };
    expect(verdicts([standard])).toEqual({
      roles: 'allowed',
      alarms: 'missing',
      handover: 'missing',
      slack: 'missing',
      logs: 'missing',
    });
  });

  it('needs nothing for a forwarder that is not there', () => {
    expect(verdicts(required, { ...key, forwarder: false })).not.toHaveProperty('slack');
  });

  it.each<[what: string, sid: string, changes: object, use: string, verdict: string]>([
    ['one action alone', 'Alarms', { Action: 'kms:Decrypt' }, 'alarms', 'missing'],
    ['actions by wildcards', 'Alarms', { Action: ['kms:D*', 'KMS:generatedatakey'] }, 'alarms', 'allowed'],
    ['every action', 'Alarms', { Action: '*' }, 'alarms', 'allowed'],
    [
      'several services',
      'Alarms',
      { Principal: { Service: ['sqs.amazonaws.com', 'cloudwatch.amazonaws.com'] } },
      'alarms',
      'allowed',
    ],
    ['another key', 'Alarms', { Resource: `${keyArn.slice(0, -1)}1` }, 'alarms', 'missing'],
    ['this key by its ARN', 'Alarms', { Resource: [keyArn] }, 'alarms', 'allowed'],
    ['everyone', 'Alarms', { Principal: '*' }, 'alarms', 'uncertain'],
    [
      'another account’s root',
      'RolesByTheirOwnPolicies',
      { Principal: { AWS: 'arn:aws:iam::444455556666:root' } },
      'roles',
      'uncertain',
    ],
    [
      'the account by its number',
      'RolesByTheirOwnPolicies',
      { Principal: { AWS: '111122223333' } },
      'roles',
      'allowed',
    ],
    [
      'roles by name',
      'RolesByTheirOwnPolicies',
      { Principal: { AWS: ['arn:aws:iam::111122223333:role/a'] } },
      'roles',
      'uncertain',
    ],
    [
      'the source account of CloudWatch',
      'Alarms',
      { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } },
      'alarms',
      'uncertain',
    ],
    [
      'the source account of EventBridge',
      'DeadLettersOfTheBus',
      { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } },
      'handover',
      'missing',
    ],
    [
      'the source ARN of EventBridge',
      'DeadLettersOfTheBus',
      { Condition: { ArnLike: { 'AWS:SourceArn': '*' } } },
      'handover',
      'missing',
    ],
    ['logs without a condition', 'Logs', { Condition: undefined }, 'logs', 'allowed'],
    [
      'one log group alone',
      'Logs',
      {
        Condition: {
          ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-central-1:111122223333:log-group:a' },
        },
      },
      'logs',
      'uncertain',
    ],
    [
      'the logs of another region',
      'Logs',
      { Principal: { Service: 'logs.us-east-1.amazonaws.com' } },
      'logs',
      'missing',
    ],
    ['what it does not apply to', 'Alarms', { Action: undefined, NotAction: 'kms:Create*' }, 'alarms', 'uncertain'],
  ])('with %s', (_, sid, changes, use, verdict) => {
    expect(verdicts(changing(sid, changes))).toEqual({ ...allAllowed, [use]: verdict });
  });

  const logArn = 'kms:EncryptionContext:aws:logs:arn';
  const logGroups = 'arn:aws:logs:eu-central-1:111122223333:log-group:';

  it.each<[operator: string, value: unknown, verdict: string]>([
    ['StringLike', `${logGroups}*`, 'allowed'],
    ['StringLike', '*', 'allowed'],
    ['StringLike', ['nothing', 'arn:aws:logs:eu-*:111122223333:*'], 'allowed'],
    ['StringLike', `${logGroups}?*`, 'allowed'],
    ['StringLike', `${logGroups}????????????????????`, 'uncertain'],
    ['StringLike', `${logGroups}Keysweep-*`, 'uncertain'],
    ['StringLike', '\u0024{aws:PrincipalAccount}*', 'uncertain'],
    ['StringLikeIfExists', `${logGroups}*`, 'allowed'],
    // A wildcard is a character like any other here, and no name of a log group has it.
    ['StringEquals', `${logGroups}*`, 'missing'],
    ['StringEquals', '*', 'missing'],
    ['StringEquals', [`${logGroups}*`, `${logGroups}?`], 'missing'],
    ['StringEquals', [`${logGroups}*`, `${logGroups}a`], 'uncertain'],
    ['StringEquals', `${logGroups}a`, 'uncertain'],
    ['StringEqualsIfExists', `${logGroups}*`, 'missing'],
    ['StringEqualsIgnoreCase', `${logGroups}*`, 'missing'],
    ['StringNotEquals', `${logGroups}*`, 'uncertain'],
    // Each of the six parts of an ARN is compared on its own.
    ['ArnLike', `${logGroups}*`, 'allowed'],
    ['ArnEquals', `${logGroups}*`, 'allowed'],
    ['ArnEquals', 'arn:*:logs:*:*:*', 'allowed'],
    ['ArnLike', 'arn:aws:logs:*:log-group:*', 'uncertain'],
    ['ArnLike', '*', 'uncertain'],
    ['ArnLike', 'arn:aws:logs:*:111122223333:log-group:a*', 'uncertain'],
    ['ArnLikeIfExists', `${logGroups}*`, 'allowed'],
    ['ArnNotLike', `${logGroups}*`, 'uncertain'],
    ['ForAnyValue:ArnLike', `${logGroups}*`, 'uncertain'],
    ['ForAllValues:ArnLike', `${logGroups}*`, 'uncertain'],
    ['Null', 'false', 'allowed'],
    ['Null', 'true', 'missing'],
    ['Null', ['true', 'false'], 'allowed'],
    ['Null', 'maybe', 'uncertain'],
  ])('for logs where %s %j is required: %s', (operator, value, verdict) => {
    const condition = { Condition: { [operator]: { [logArn]: value } } };
    expect(verdicts(changing('Logs', condition))).toEqual({ ...allAllowed, logs: verdict });
  });

  it.each<[operator: string, value: unknown, verdict: string]>([
    ['StringEquals', '111122223333', 'missing'],
    ['ForAnyValue:StringEquals', '111122223333', 'missing'],
    ['ForAnyValue:StringNotEquals', '111122223333', 'missing'],
    ['Null', 'false', 'missing'],
    // What holds where the key is not sent.
    ['StringEqualsIfExists', '111122223333', 'allowed'],
    ['StringNotEquals', '444455556666', 'allowed'],
    ['ForAllValues:StringEquals', '111122223333', 'allowed'],
    ['Null', 'true', 'allowed'],
    ['Null', [true], 'allowed'],
  ])('for the bus where %s %j of the source is required: %s', (operator, value, verdict) => {
    const condition = { Condition: { [operator]: { 'aws:SourceAccount': value } } };
    expect(verdicts(changing('DeadLettersOfTheBus', condition))).toEqual({ ...allAllowed, handover: verdict });
  });

  it('with several conditions needs all of them', () => {
    const both = { ArnLike: { [logArn]: `${logGroups}*` }, StringEquals: { 'aws:SourceAccount': '111122223333' } };
    expect(verdicts(changing('Logs', { Condition: both }))).toEqual({ ...allAllowed, logs: 'uncertain' });
  });

  const everyone = ['*', { AWS: '*' }, { AWS: ['*'] }, { AWS: ['arn:aws:iam::111122223333:role/a', '*'] }];
  const denial = { Sid: 'Denial', Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' };
  const allUncertain = Object.fromEntries(Object.keys(allAllowed).map((use) => [use, 'uncertain']));

  it.each(everyone)('with a denial for everyone, as %j, is uncertain throughout', (Principal) => {
    expect(verdicts([...required, { ...denial, Principal }])).toEqual(allUncertain);
  });

  it.each(everyone)('with a permission for everyone, as %j, is uncertain where nothing else allows it', (Principal) => {
    expect(verdicts([{ ...denial, Effect: 'Allow', Principal }])).toEqual(allUncertain);
    expect(verdicts([...required, { ...denial, Effect: 'Allow', Principal }])).toEqual(allAllowed);
  });

  it.each<[what: string, changes: object, uncertain: readonly string[]]>([
    ['for roles', { Principal: { AWS: 'arn:aws:iam::111122223333:role/a' } }, ['roles']],
    ['for one service', { Principal: { Service: ['events.amazonaws.com'] } }, ['handover']],
    ['for every service', { Principal: { Service: '*' } }, ['alarms', 'handover', 'slack', 'logs']],
    ['of what only logs need', { Action: 'kms:ReEncrypt*' }, ['logs']],
    ['of a description', { Action: 'kms:DescribeKey' }, ['logs']],
    ['of everything but what keys are used for', { Action: undefined, NotAction: 'kms:*' }, []],
    ['of everything but reading', { Action: undefined, NotAction: 'kms:Decrypt' }, Object.keys(allAllowed)],
    ['for everyone but one', { Principal: undefined, NotPrincipal: { AWS: '111122223333' } }, Object.keys(allAllowed)],
  ])('with a denial %s is uncertain there alone', (_, changes, uncertain) => {
    const expected = { ...allAllowed, ...Object.fromEntries(uncertain.map((use) => [use, 'uncertain'])) };
    expect(verdicts([...required, { ...denial, ...changes }])).toEqual(expected);
  });

  it('is not uncertain because of a statement for someone else', () => {
    const others = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:role/a' },
      NotAction: 'kms:Create*',
    };
    expect(verdicts([...required.slice(0, 1), { ...others, Resource: '*' }])).toMatchObject({ alarms: 'missing' });
  });

  it.each(['arn:aws:kms:*:111122223333:key/*', `${keyArn.slice(0, -1)}?`])('with the resource %s', (Resource) => {
    expect(verdicts(changing('Alarms', { Resource }))).toEqual(allAllowed);
  });

  it('with a denial is uncertain where that may apply, and says which one', () => {
    expect(whyOf('alarms', [...required, denial])).toBe('the statement Denial may deny it');
    const harmless = { ...denial, Action: ['kms:ScheduleKeyDeletion', 'kms:PutKeyPolicy'] };
    expect(verdicts([...required, harmless])).toEqual(allAllowed);
  });

  it('says why', () => {
    const condition = { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } };
    expect(whyOf('handover', changing('DeadLettersOfTheBus', condition))).toBe(
      'the statement DeadLettersOfTheBus requires aws:SourceAccount, which EventBridge does not send',
    );
    expect(whyOf('alarms', required.slice(0, 1))).toBe(
      'no statement allows cloudwatch.amazonaws.com kms:Decrypt, kms:GenerateDataKey',
    );
    expect(whyOf('alarms', required)).toBeUndefined();
    expect(whyOf('logs', changing('Logs', { Condition: { StringEquals: { [logArn]: '*' } } }))).toBe(
      'the statement Logs has the condition StringEquals * on kms:EncryptionContext:aws:logs:arn, which no log group meets',
    );
  });
});

describe('its text', () => {
  const policy = JSON.stringify({ Statement: required });

  it.each([
    ['the policy', policy],
    ['the answer of the AWS CLI', JSON.stringify({ Policy: policy, PolicyName: 'default' })],
    ['a JSON string', JSON.stringify(policy)],
    ['one statement without a list', JSON.stringify({ Statement: required[0] })],
  ])('may be %s', (_, text) => {
    expect(judgeKeyPolicy(text, key)[0]?.verdict).toBe('allowed');
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '"text"',
    '<html>',
    '{"Statement": []}',
    '{"Statement": [null]}',
    '{"Statement": "all"}',
  ])('is refused where it is none: %j', (text) => {
    expect(() => judgeKeyPolicy(text, key)).toThrow(expect.objectContaining({ code: 'KeyPolicyInvalid' }));
  });
});
