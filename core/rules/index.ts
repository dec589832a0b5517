/** The registry: every rule, in the order of the catalog. */
import type { Finding } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { accessKeyAtUserCreation } from './access-key-at-user-creation.ts';
import { accessKeysTwoActive } from './access-keys-two-active.ts';
import { consoleMfaMissing } from './console-mfa-missing.ts';
import { consolePasswordNeverUsed } from './console-password-never-used.ts';
import { consolePasswordTooOld } from './console-password-too-old.ts';
import { consolePasswordUnused } from './console-password-unused.ts';
import { credentialRules } from './credential-rules.ts';
import { exemptionExpired } from './exemption-expired.ts';
import { type OwnRuleId, type RuleId, ruleIds } from './ids.ts';
import { reportStale } from './report-stale.ts';
import { rootAccessKey } from './root-access-key.ts';
import { rootMfaMissing } from './root-mfa-missing.ts';
import { rootSigningCertificate } from './root-signing-certificate.ts';
import { rootUsedRecently } from './root-used-recently.ts';
import type { Rule } from './rule.ts';
import { signingCertificateActive } from './signing-certificate-active.ts';
import { userManyKeys } from './user-many-keys.ts';
import { userMfaMissing } from './user-mfa-missing.ts';
import { userQuarantined } from './user-quarantined.ts';

const ownRules: Readonly<Record<OwnRuleId, Rule>> = {
  'user-quarantined': userQuarantined,
  'root-access-key': rootAccessKey,
  'root-signing-certificate': rootSigningCertificate,
  'root-mfa-missing': rootMfaMissing,
  'root-used-recently': rootUsedRecently,
  'access-key-at-user-creation': accessKeyAtUserCreation,
  'access-keys-two-active': accessKeysTwoActive,
  'user-many-keys': userManyKeys,
  'signing-certificate-active': signingCertificateActive,
  'console-mfa-missing': consoleMfaMissing,
  'user-mfa-missing': userMfaMissing,
  'console-password-unused': consolePasswordUnused,
  'console-password-never-used': consolePasswordNeverUsed,
  'console-password-too-old': consolePasswordTooOld,
  'report-stale': reportStale,
  'exemption-expired': exemptionExpired,
};

const byId: ReadonlyMap<RuleId, Rule> = new Map(
  [...credentialRules, ...Object.values(ownRules)].map((rule) => [rule.id, rule]),
);

export const rules: readonly Rule[] = ruleIds.map(ruleById);

/** Whether a policy has the rule checked. */
export function isChecked(id: RuleId, policy: Pick<Policy, 'rules'>): boolean {
  return policy.rules[id]?.enabled ?? ruleById(id).isOffByDefault !== true;
}

/** What to do about findings of one rule, each way once. */
export function remediesOf(rule: RuleId, findings: readonly Pick<Finding, 'remedy'>[]): readonly string[] {
  return [...new Set(findings.map(({ remedy }) => remedy ?? ruleById(rule).remedy))];
}

export function ruleById(id: RuleId): Rule {
  const rule = byId.get(id);
  if (rule === undefined) throw new RangeError(`no rule is called ${id}`);
  return rule;
}
