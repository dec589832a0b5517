/**
 * The credential report may be four hours old, and an alert about the root user wakes people. One request
 * (iam:GetAccountSummary) says what is still true.
 */
import { accessKey } from './kinds/access-key.ts';
import type { Finding, Known, ObservedPrincipal } from './model.ts';
import type { LiveRead, RootFacts } from './ports.ts';
import type { RuleId } from './rules/ids.ts';

/** The rules whose findings that request can refute. */
export const confirmableRules: readonly RuleId[] = ['root-access-key', 'root-signing-certificate', 'root-mfa-missing'];

/** Whether there is a failure that the request can confirm or refute. */
export function needsRootFacts(ofRoot: readonly Finding[]): boolean {
  return ofRoot.some(({ rule, status }) => status === 'fail' && confirmableRules.includes(rule));
}

/** The root user of the report with what was read of it since. */
export function withRootFacts(root: ObservedPrincipal, read: LiveRead<RootFacts>): ObservedPrincipal {
  if (!read.ok) return { ...root, confirmation: { known: false, why: read.problem.message } };
  const { hasAccessKey, hasMfa, hasPassword, hasSigningCertificate } = read.value;
  const { password, mfaActive, certificates } = root;
  return {
    ...root,
    confirmation: { known: true, value: 'iam:GetAccountSummary' },
    ...accessKeysNow(root, hasAccessKey),
    certificates: hasSigningCertificate === false ? [] : certificates,
    password: { ...password, enabled: known(hasPassword) ?? password.enabled },
    mfaActive: known(hasMfa) ?? mfaActive,
  };
}

type KeysOfRoot = Pick<ObservedPrincipal, 'credentials' | 'incomplete'>;

function accessKeysNow(
  { credentials, incomplete = {} }: ObservedPrincipal,
  hasAccessKey: boolean | undefined,
): KeysOfRoot {
  const { [accessKey.kind]: hidden, ...others } = incomplete;
  const keys = credentials.filter(({ ref }) => ref.kind === accessKey.kind);
  if (hasAccessKey === false) {
    return { credentials: credentials.filter((one) => !keys.includes(one)), incomplete: others };
  }
  if (hasAccessKey === undefined || keys.length > 0 || hidden !== undefined) return { credentials, incomplete };
  const why = 'root has an access key that the credential report does not show yet (iam:GetAccountSummary)';
  return { credentials, incomplete: { ...incomplete, [accessKey.kind]: why } };
}

function known(value: boolean | undefined): Known<boolean> | undefined {
  return value === undefined ? undefined : { known: true, value };
}
