import { given } from '../core/given.ts';
/** What AWS says about a denied request. */
export interface AccessDenial {
  /** The action that is missing: `iam:ListAccessKeys`. */
  readonly action: string;
  /** The caller's ARN. */
  readonly caller?: string;
  /** Which policy is in the way: `explicit deny in a service control policy`, `no identity-based policy allows it`. */
  readonly because?: string;
}

/**
 * Reads the text of an AccessDenied answer; `action` is what was asked for and counts where the text names none.
 * Source of the phrases: "Troubleshoot access denied error messages" in the IAM user guide.
 */
export function parseDenial(message: string, action: string): AccessDenial {
  const [, caller] = /\bUser: (arn:\S+) is not authorized\b/.exec(message) ?? [];
  const [, named] = /\bperform: ([\w-]+:\w+)/.exec(message) ?? [];
  const because = reasonIn(message);
  return {
    action: named ?? action,
    ...given({ caller, because }),
  };
}

function reasonIn(message: string): string | undefined {
  const [, denying] = /\bwith an explicit deny in (an? [a-z -]+?(?:policy|boundary))\b/i.exec(message) ?? [];
  if (denying !== undefined) return `explicit deny in ${denying}`;
  const [, silent] = /\bbecause no ([a-z -]+?(?:policy|boundary)) allows\b/i.exec(message) ?? [];
  return silent === undefined ? undefined : `no ${silent} allows it`;
}

/** One line for people: `the caller lacks iam:ListAccessKeys (arn:...; explicit deny in a service control policy)`. */
export function describeDenial({ action, caller, because }: AccessDenial): string {
  const details = [caller, because].filter((part) => part !== undefined).join('; ');
  return `the caller lacks ${action}${details === '' ? '' : ` (${details})`}`;
}

/** What the person can do about a denial. */
export function hintForDenial({ action, because = '' }: AccessDenial): string {
  if (action === 'sts:AssumeRole') {
    return 'check that the role exists, that its trust policy names the caller, and that --external-id is what it asks for';
  }
  if (because.includes('service control policy') || because.includes('resource control policy')) {
    return `an organization policy stands in the way of ${action}; ask whoever manages the organization`;
  }
  if (because.includes('permissions boundary')) return `let the caller's permissions boundary allow ${action}`;
  if (because.includes('session policy')) return `let the session policy of the assumed role allow ${action}`;
  if (because.includes('VPC endpoint policy')) return `let the VPC endpoint's policy allow ${action}`;
  if (because.startsWith('explicit deny')) return `remove the statement that denies ${action}, or use another caller`;
  return `allow ${action} in an IAM policy of the caller`;
}
