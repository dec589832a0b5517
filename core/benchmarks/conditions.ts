/** The conditions under which the findings of a rule violate a control. They read what lastUseEvidence and its callers write. */
import { DAY } from '../duration.ts';
import type { Evidence } from '../model.ts';
import type { Condition } from './benchmark.ts';

/**
 * Not used for at least so many days: since the last use, or, if there was none, since the credential was created or the
 * password set. Nothing can be idle for longer than it exists.
 */
export function unusedFor(days: number): Condition {
  return {
    text: `unused for ${days} days or more (never used: since its creation)`,
    holds: (evidence, asOf) => atLeast(idleSince(evidence), days, asOf),
  };
}

/** Not used for more than so many days. */
export function unusedForMoreThan(days: number): Condition {
  return {
    text: `unused for more than ${days} days (never used: since its creation)`,
    holds: (evidence, asOf) => moreThan(idleSince(evidence), days, asOf),
  };
}

/** Created, or set if it is a password, more than so many days ago. */
export function olderThan(days: number): Condition {
  return {
    text: `older than ${days} days`,
    holds: (evidence, asOf) => moreThan(startOf(evidence), days, asOf),
  };
}

/** Both. */
export function both(one: Condition, other: Condition): Condition {
  return {
    text: `${one.text}, and ${other.text}`,
    holds: (evidence, asOf) => one.holds(evidence, asOf) && other.holds(evidence, asOf),
  };
}

/** The user has no MFA device for certain. */
export const withoutMfa: Condition = {
  text: 'the user has no MFA device',
  holds: ({ mfaActive }) => mfaActive === false,
};

function idleSince({ lastUsed, lastUsedAt, createdAt, setAt, userCreatedAt }: Evidence): Date | undefined {
  if (lastUsed === 'never') return startOf({ createdAt, setAt });
  if (lastUsed !== 'used') return undefined;
  // A password may have been set again since its last use, which is no use; but it is not older than its user.
  const [use, creation] = [timeIn(lastUsedAt), timeIn(createdAt) ?? timeIn(userCreatedAt)];
  return use !== undefined && creation !== undefined && creation > use ? creation : use;
}

/** When a credential was created, or a password set. */
function startOf({ createdAt, setAt }: Partial<Evidence>): Date | undefined {
  return timeIn(createdAt) ?? timeIn(setAt);
}

function timeIn(value: Evidence[string] | undefined): Date | undefined {
  return typeof value === 'string' ? new Date(value) : undefined;
}

function atLeast(since: Date | undefined, days: number, asOf: Date): boolean {
  return since !== undefined && asOf.getTime() - since.getTime() >= days * DAY;
}

function moreThan(since: Date | undefined, days: number, asOf: Date): boolean {
  return since !== undefined && asOf.getTime() - since.getTime() > days * DAY;
}
