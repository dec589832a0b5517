/** Hand-made audits, for tests of what is made of an audit. */
import type { Audit, Finding, FindingStatus, Severity } from '../../core/model.ts';
import { severities } from '../../core/model.ts';
import { findingId } from '../../core/rules/finding.ts';

export const account = { id: '123456789012', partition: 'aws', alias: 'acme-prod' };
export const asOf = new Date('2026-11-22T02:30:00Z');

export function user(name: string): Finding['principal'] {
  return { kind: 'user', name, arn: `arn:aws:iam::${account.id}:user/${name}` };
}

export const root: Finding['principal'] = {
  kind: 'root',
  name: '<root_account>',
  arn: `arn:aws:iam::${account.id}:root`,
};

export function finding(changes: Partial<Finding> = {}): Finding {
  const rule = changes.rule ?? 'access-key-unused';
  const principal = changes.principal ?? user('alice');
  const credential = changes.credential ?? { kind: 'access-key', id: 'AKIAY34FZKBOKMUTVV7A', slot: 1 };
  return {
    id: findingId({ id: rule }, { credential }, { account: account.id, principal }),
    rule,
    severity: 'high',
    status: 'fail',
    principal,
    credential,
    reason: 'unused for 120 days (limit 45)',
    evidence: { status: 'Active', createdAt: '2025-01-02T03:04:05.000Z', idleDays: 120.25 },
    controls: ['CIS-3.0:1.12', 'SecurityHub:IAM.22'],
    ...changes,
  };
}

/** A finding about a principal and none of its credentials. */
export function findingWithoutCredential(changes: Partial<Finding> = {}): Finding {
  const { credential: _, ...rest } = finding({
    rule: 'console-mfa-missing',
    reason: 'password without MFA',
    ...changes,
  });
  const { rule, principal } = rest;
  return { ...rest, id: changes.id ?? findingId({ id: rule }, {}, { account: account.id, principal }) };
}

export function rootKeyFinding(changes: Partial<Finding> = {}): Finding {
  return finding({
    rule: 'root-access-key',
    severity: 'critical',
    principal: root,
    credential: { kind: 'access-key', slot: 1 },
    reason: 'active access key of the root user',
    evidence: {
      status: 'Active',
      createdAt: '2019-03-04T05:06:07.000Z',
      lastUsed: 'used',
      lastUsedAt: '2026-11-20T21:22:23.000Z',
      lastUsedService: 's3',
      lastUsedRegion: 'us-east-1',
    },
    ...changes,
  });
}

export const exemption = {
  number: 1,
  match: 'user=break-glass-*',
  reason: 'sealed emergency access, tested each quarter',
  owner: 'security@example.com',
  expires: '2027-06-30',
};

/** An audit of these findings, in this order, with the sums that belong to them. */
export function auditOf(findings: readonly Finding[], changes: Partial<Audit> = {}): Audit {
  const count = (status: FindingStatus) => findings.filter((one) => one.status === status).length;
  const failed = (severity: Severity) =>
    findings.filter((one) => one.status === 'fail' && one.severity === severity).length;
  const bySeverity = Object.fromEntries(severities.map((severity) => [severity, failed(severity)]));
  return {
    schema: 'keysweep/audit/v1',
    account,
    asOf,
    report: { generatedAt: new Date('2026-11-22T02:18:00Z'), rows: 52 },
    summary: {
      fail: count('fail'),
      exempt: count('exempt'),
      error: count('error'),
      bySeverity: bySeverity as Record<Severity, number>,
    },
    findings,
    stats: { requests: { 'iam:GetCredentialReport': 2, 'iam:GenerateCredentialReport': 1 }, durationMs: 812 },
    ...changes,
  };
}

/** One of everything: each severity, each status, with and without credential. */
export const mixedAudit = auditOf([
  rootKeyFinding(),
  finding({ principal: user('alice') }),
  finding({
    principal: user('deploy-to-production-from-the-old-build-server'),
    credential: { kind: 'access-key', id: 'AKIAY34FZKBOAAAAAAAA', slot: 2 },
    reason: 'unused for 400 days (limit 45)',
  }),
  findingWithoutCredential({ severity: 'medium', principal: user('bob+ops@example.com') }),
  finding({ rule: 'console-password-unused', severity: 'medium', credential: { kind: 'console-password' } }),
  findingWithoutCredential({ rule: 'access-keys-two-active', severity: 'low', reason: '2 active access keys' }),
  finding({
    rule: 'access-key-never-used',
    status: 'error',
    principal: user('carol'),
    reason: 'cannot be judged: AccessDenied: the caller lacks iam:GetAccessKeyLastUsed',
  }),
  finding({ status: 'exempt', principal: user('break-glass-1'), exemption }),
]);
