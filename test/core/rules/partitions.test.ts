import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import type { Finding } from '../../../core/model.ts';
import { observeReport } from '../../../core/observe.ts';
import { partitionFacts } from '../../../core/partitions.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { parseReport } from '../../../core/report/parse.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import { consolePage, consoleUrl } from '../../../reports/aws-places.ts';
import { clip } from '../../../reports/mail-text.ts';
import { ago, asOf } from '../../support/observation-builder.ts';
import { awsTime, keyFields, type Row, reportBytes, rootRow, userRow } from '../../support/report-builder.ts';

/** The findings about the root user in a report of the partition. */
function rootFindings(partition: string, root: Row | undefined): readonly Finding[] {
  const rows = [...(root === undefined ? [] : [root]), userRow('admin')].map((row) => ({
    ...row,
    arn: (row.arn ?? '').replace('arn:aws:', `arn:${partition}:`),
  }));
  const observation = observeReport(parseReport(reportBytes(rows)));
  return evaluate(observation, defaultPolicy, asOf).filter(({ principal }) => principal.kind === 'root');
}

function inShort(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, status, severity }) => `${rule} ${severity} ${status}`);
}

const created = awsTime(ago(100 * DAY));
const key = keyFields(1, { created });
const usedKey = keyFields(1, { created, lastUsed: awsTime(ago(DAY)) });
const certificate: Row = { cert_1_active: 'true', cert_1_last_rotated: created };
/** As GovCloud writes it. */
const signInless: Row = {
  password_enabled: 'not_supported',
  mfa_active: 'false',
  password_next_rotation: 'not_supported',
};
const unsaid: Row = { ...signInless, password_last_used: 'not_supported', password_last_changed: 'not_supported' };
const unjudged = ['root-access-key', 'root-signing-certificate', 'root-mfa-missing'].map(
  (rule) => `${rule} critical error`,
);
const unjudgedWithoutSignIn = [
  'root-access-key critical error',
  'root-signing-certificate critical error',
  'root-used-recently high error',
];
const damaged = rootRow({ mfa_active: 'perhaps' });

describe('rules on the root user, by partition', () => {
  it.each<[string, string, Row | undefined, string[]]>([
    ['aws-cn', 'no row: there is no root user', undefined, []],
    ['aws-cn', 'a row all the same', rootRow(key), ['root-access-key critical fail']],
    [
      'aws-cn',
      'a row with a password and no MFA',
      rootRow({ mfa_active: 'false' }),
      ['root-mfa-missing critical fail'],
    ],
    ['aws-cn', 'a row without credentials', rootRow(signInless), []],
    ['aws-cn', 'a damaged row', damaged, [...unjudged, 'root-used-recently high error']],
    ['aws-us-gov', 'a password and no MFA, which cannot be', rootRow({ mfa_active: 'false' }), []],
    ['aws-us-gov', 'no credentials', rootRow(unsaid), []],
    ['aws-us-gov', 'no credentials, in other words', rootRow(signInless), []],
    ['aws-us-gov', 'an idle key', rootRow({ ...unsaid, ...key }), ['root-access-key critical fail']],
    [
      'aws-us-gov',
      'a used key',
      rootRow({ ...unsaid, ...usedKey }),
      ['root-access-key critical fail', 'root-used-recently high fail'],
    ],
    ['aws-us-gov', 'a certificate', rootRow({ ...unsaid, ...certificate }), ['root-signing-certificate critical fail']],
    ['aws-us-gov', 'no row', undefined, unjudgedWithoutSignIn],
    ['aws-us-gov', 'a damaged row', damaged, unjudgedWithoutSignIn],
    ['aws', 'a damaged row', damaged, [...unjudged, 'root-used-recently high error']],
    ['aws', 'no row', undefined, [...unjudged, 'root-used-recently high error']],
    ['aws', 'password not said, no MFA', rootRow(signInless), ['root-mfa-missing critical fail']],
    [
      'aws',
      'nothing said of the password',
      rootRow(unsaid),
      ['root-mfa-missing critical fail', 'root-used-recently high error'],
    ],
    ['aws-eusc', 'no row', undefined, [...unjudged, 'root-used-recently high error']],
    ['aws-iso', 'password not said, no MFA', rootRow(signInless), ['root-mfa-missing critical fail']],
  ])('%s, %s', (partition, _, root, expected) => {
    expect(inShort(rootFindings(partition, root))).toEqual(expected);
  });

  it.each(['constructor', '__proto__', ''])('takes the partition %j for aws', (name) => {
    expect(partitionFacts(name).rootUser).toBe('full');
  });
});

describe('what to do about root credentials fits the account', () => {
  const every = { ...key, ...certificate, mfa_active: 'false' };
  const noPassword = { password_enabled: 'false', password_last_used: 'N/A' };

  it.each<[string, string, Row, boolean]>([
    ['root has a password', 'aws', rootRow(every), true],
    ['the report does not say', 'aws', rootRow({ ...every, password_enabled: 'not_supported' }), true],
    ['root has no password', 'aws', rootRow({ ...every, ...noPassword }), false],
    ['root cannot sign in', 'aws-us-gov', rootRow({ ...every, ...unsaid }), false],
    ['root cannot sign in, whatever the report says', 'aws-us-gov', rootRow(every), false],
  ])('%s (%s)', (_, partition, root, canSignIn) => {
    const findings = rootFindings(partition, root);
    expect(findings.length).toBeGreaterThanOrEqual(2);
    for (const finding of findings.filter(({ rule }) => rule !== 'root-used-recently')) {
      expect(finding.remedy).toMatch(canSignIn ? /sign in as root/i : /^(?!.*sign in as root)/i);
      expect(clip(finding.remedy ?? '...')).not.toMatch(/\.\.\.$/);
      const account = { id: '123456789012', partition };
      expect(consolePage(finding, account) !== undefined).toBe(canSignIn);
      expect(consoleUrl(finding, account) !== undefined).toBe(canSignIn);
    }
  });

  it('names centralized root access where root has no password', () => {
    const [finding] = rootFindings('aws', rootRow({ ...every, ...noPassword }));
    expect(finding?.remedy).toMatch(/Root access management.*sts:AssumeRoot.*IAMDeleteRootUserCredentials/);
  });
});
