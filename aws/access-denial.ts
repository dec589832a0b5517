import { accountInArn } from '../core/expected-account.ts';
import { given } from '../core/given.ts';

/** What AWS says about a denied request. */
export interface AccessDenial {
  /** The action that is missing: `iam:ListAccessKeys`. */
  readonly action: string;
  /** The caller's ARN. */
  readonly caller?: string;
  /** Which policy denies it: `explicit deny in a service control policy`, `no identity-based policy allows it`. */
  readonly because?: string;
  /** ARN of the role that was not to be assumed. */
  readonly role?: string;
}

/**
 * Parses the text of an AccessDenied error; `action` is the requested action, and `role` the role to assume, used if the
 * text names none.
 * Source of the phrases: "Troubleshoot access denied error messages" in the IAM User Guide.
 */
export function parseDenial(message: string, action: string, role?: string): AccessDenial {
  const [, caller] = /\bUser: (arn:\S+) is not authorized\b/.exec(message) ?? [];
  const [, named] = /\bperform: ([\w-]+:\w+)/.exec(message) ?? [];
  const because = reasonIn(message);
  const denied = named ?? action;
  if (!denied.startsWith('sts:AssumeRole')) return { action: denied, ...given({ caller, because }) };
  const [, resource = role] = /\bon resource: (arn:[^\s,]+:role\/[^\s,]+)/.exec(message) ?? [];
  return { action: denied, ...given({ caller, because, role: resource }) };
}

function reasonIn(message: string): string | undefined {
  const [, denying] = /\bwith an explicit deny in (an? [a-z -]+?(?:policy|boundary))\b/i.exec(message) ?? [];
  if (denying !== undefined) return `explicit deny in ${denying}`;
  const [, silent] = /\bbecause no ([a-z -]+?(?:policy|boundary)) allows\b/i.exec(message) ?? [];
  return silent === undefined ? undefined : `no ${silent} allows it`;
}

/** One line for people: `the caller lacks iam:ListAccessKeys (arn:...; explicit deny in a service control policy)`. */
export function describeDenial({ action, caller, because, role }: AccessDenial): string {
  const details = [caller, because].filter((part) => part !== undefined).join('; ');
  const on = role === undefined ? '' : ` on ${role} in account ${accountInArn(role)}`;
  return `the caller lacks ${action}${on}${details === '' ? '' : ` (${details})`}`;
}

/** What the user can do about a denial. */
export function hintForDenial({ action, because = '' }: AccessDenial): string {
  if (action === 'sts:AssumeRole') {
    return 'Check that the role exists, that its trust policy names the caller, and that --external-id is the one it requires.';
  }
  if (because.includes('service control policy') || because.includes('resource control policy')) {
    return `Ask the administrators of the organization to allow ${action}: an organization policy denies it.`;
  }
  if (because.includes('permissions boundary')) return `Allow ${action} in the caller's permissions boundary.`;
  if (because.includes('session policy')) return `Allow ${action} in the session policy of the assumed role.`;
  if (because.includes('VPC endpoint policy')) return `Allow ${action} in the VPC endpoint policy.`;
  if (because.startsWith('explicit deny')) return `Remove the statement that denies ${action}, or use another caller.`;
  return `Allow ${action} in an IAM policy of the caller.`;
}
