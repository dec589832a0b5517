/** The registry: every rule, in the order of the catalogue. */
import { accessKeyInactive } from './access-key-inactive.ts';
import { accessKeyNeverUsed } from './access-key-never-used.ts';
import { accessKeyTooOld } from './access-key-too-old.ts';
import { accessKeyUnused } from './access-key-unused.ts';
import { accessKeysTwoActive } from './access-keys-two-active.ts';
import { consoleMfaMissing } from './console-mfa-missing.ts';
import { consolePasswordNeverUsed } from './console-password-never-used.ts';
import { consolePasswordTooOld } from './console-password-too-old.ts';
import { consolePasswordUnused } from './console-password-unused.ts';
import { exemptionExpired } from './exemption-expired.ts';
import type { RuleId } from './ids.ts';
import { reportStale } from './report-stale.ts';
import { rootAccessKey } from './root-access-key.ts';
import { rootMfaMissing } from './root-mfa-missing.ts';
import { rootUsedRecently } from './root-used-recently.ts';
import type { Rule } from './rule.ts';

const registry: Readonly<Record<RuleId, Rule>> = {
  'root-access-key': rootAccessKey,
  'root-mfa-missing': rootMfaMissing,
  'root-used-recently': rootUsedRecently,
  'access-key-unused': accessKeyUnused,
  'access-key-never-used': accessKeyNeverUsed,
  'access-key-too-old': accessKeyTooOld,
  'access-key-inactive': accessKeyInactive,
  'access-keys-two-active': accessKeysTwoActive,
  'console-mfa-missing': consoleMfaMissing,
  'console-password-unused': consolePasswordUnused,
  'console-password-never-used': consolePasswordNeverUsed,
  'console-password-too-old': consolePasswordTooOld,
  'report-stale': reportStale,
  'exemption-expired': exemptionExpired,
};

export const rules: readonly Rule[] = Object.values(registry);

export function ruleById(id: RuleId): Rule {
  return registry[id];
}
