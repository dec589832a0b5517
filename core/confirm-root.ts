/**
 * The credential report may be four hours old, damaged, or silent about the root user, and an alert about it wakes people.
 * One request (iam:GetAccountSummary) says what is true now.
 */
import { given } from './given.ts';
import { accessKey } from './kinds/access-key.ts';
import type { Account, Finding, Known, ObservedCredential, ObservedPrincipal } from './model.ts';
import { partitionFacts } from './partitions.ts';
import type { LiveRead, RootFacts } from './ports.ts';
import type { RuleId } from './rules/ids.ts';

const action = 'iam:GetAccountSummary';

/** What a failure of a rule rests on: the facts that must be known to confirm it. */
type Needed = (facts: RootFacts) => Readonly<Record<string, boolean | undefined>>;

/** The rules whose findings that request can confirm, refute or settle. It says nothing of past uses. */
const confirmable = {
  'root-access-key': ({ hasAccessKey }) => ({ 'an access key': hasAccessKey }),
  'root-signing-certificate': ({ hasSigningCertificate }) => ({ 'a signing certificate': hasSigningCertificate }),
  'root-mfa-missing': ({ hasMfa, hasPassword, hasAccessKey }) => {
    const isUsable = hasPassword === true || hasAccessKey === true;
    return { MFA: hasMfa, ...(isUsable ? {} : { 'a password': hasPassword, 'an access key': hasAccessKey }) };
  },
} as const satisfies Partial<Record<RuleId, Needed>>;

export const confirmableRules = Object.keys(confirmable) as readonly (keyof typeof confirmable)[];

export function isConfirmable(rule: RuleId): boolean {
  return Object.hasOwn(confirmable, rule);
}

/**
 * Whether there is anything that the request can confirm, refute or settle. Not where accounts have no root user: what it
 * would say there is not known.
 */
export function needsRootFacts(ofRoot: readonly Finding[], { partition }: Pick<Account, 'partition'>): boolean {
  if (partitionFacts(partition).rootUser === 'none') return false;
  return ofRoot.some(({ rule, status }) => status !== 'exempt' && isConfirmable(rule));
}

/** The root user of the report with what was read of it since. A fact that the answer leaves out stays as it was. */
export function withRootFacts(root: ObservedPrincipal, read: LiveRead<RootFacts>): ObservedPrincipal {
  if (!read.ok) return { ...root, confirmation: confirmationBy(() => read.problem.message) };
  const { hasMfa, hasPassword, hasAccessKey, hasSigningCertificate } = read.value;
  // From here on each fact is known or unknown by itself.
  const { unreadable: _, hiddenCertificates: __, ...reported } = root;
  return {
    ...reported,
    confirmation: confirmationBy((rule) => unsaid(confirmable[rule](read.value))),
    onlyInIam: {
      accessKey: hasAccessKey === true && accessKeysOf(root).length === 0,
      certificate: hasSigningCertificate === true && root.certificates.length === 0,
    },
    ...accessKeysNow(root, read.value),
    ...certificatesNow(root, read.value),
    password: { ...root.password, enabled: known(hasPassword) ?? root.password.enabled },
    mfaActive: known(hasMfa) ?? root.mfaActive,
  };
}

/** @param doubt why the findings of a rule are not confirmed; undefined if they are */
function confirmationBy(
  doubt: (rule: keyof typeof confirmable) => string | undefined,
): NonNullable<ObservedPrincipal['confirmation']> {
  const entries = confirmableRules.map((rule): [RuleId, Known<string>] => {
    const why = doubt(rule);
    return [rule, why === undefined ? { known: true, value: action } : { known: false, why }];
  });
  return Object.fromEntries(entries);
}

function unsaid(facts: Readonly<Record<string, boolean | undefined>>): string | undefined {
  const [missing] = Object.entries(facts).flatMap(([what, value]) => (value === undefined ? what : []));
  return missing === undefined ? undefined : `${action} does not say whether root has ${missing}`;
}

function accessKeysOf({ credentials }: ObservedPrincipal): readonly ObservedCredential[] {
  return credentials.filter(({ ref }) => ref.kind === accessKey.kind);
}

type KeysOfRoot = Pick<ObservedPrincipal, 'credentials' | 'incomplete' | 'removed'>;

function accessKeysNow(root: ObservedPrincipal, { hasAccessKey }: Pick<RootFacts, 'hasAccessKey'>): KeysOfRoot {
  const { credentials, incomplete = {} } = root;
  const { [accessKey.kind]: hidden, ...others } = incomplete;
  const keys = accessKeysOf(root);
  if (hasAccessKey === false) {
    const removed = { credentials: keys, ...(hidden === undefined ? {} : { hidden }) };
    return { credentials: credentials.filter((one) => !keys.includes(one)), incomplete: others, removed };
  }
  if (hasAccessKey === undefined || keys.length > 0) return { credentials, incomplete };
  const why = notShown('an access key');
  return { credentials, incomplete: { ...incomplete, [accessKey.kind]: why } };
}

function certificatesNow(
  { certificates, hiddenCertificates }: ObservedPrincipal,
  { hasSigningCertificate }: Pick<RootFacts, 'hasSigningCertificate'>,
): Pick<ObservedPrincipal, 'certificates' | 'hiddenCertificates'> {
  if (hasSigningCertificate === false) return { certificates: [] };
  if (hasSigningCertificate === undefined || certificates.length > 0)
    return { certificates, ...given({ hiddenCertificates }) };
  return { certificates, hiddenCertificates: notShown('a signing certificate') };
}

function notShown(what: string): string {
  return `root has ${what} that the credential report does not show (${action})`;
}

function known(value: boolean | undefined): Known<boolean> | undefined {
  return value === undefined ? undefined : { known: true, value };
}
