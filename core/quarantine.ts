/**
 * The managed policies with which AWS quarantines a user: it attaches one of them when it finds an access key of the user
 * exposed. Source: AWS Managed Policy Reference Guide.
 */
import type { Quarantine } from './model.ts';
import type { LiveRead } from './ports.ts';

const first = 'AWSCompromisedKeyQuarantine';

/** Those that exist, oldest first. */
export const quarantinePolicies: readonly string[] = [first, `${first}V2`, `${first}V3`];

/** Whether an AWS managed policy is one of them, or a version to come. */
export function isQuarantinePolicy(name: string): boolean {
  return name.startsWith(first);
}

/** What is known once the users of each policy were read. An answer that is missing leaves the others true. */
export function quarantineOf(
  answers: readonly { readonly policy: string; readonly users: LiveRead<readonly string[]> }[],
): Quarantine {
  const policies = new Map<string, string[]>();
  let unread: string | undefined;
  for (const { policy, users } of answers) {
    if (!users.ok) unread ??= users.problem.message;
    for (const name of users.ok ? users.value : []) policies.set(name, [...(policies.get(name) ?? []), policy]);
  }
  const users = [...policies].map(([name, own]) => ({ name, policies: own }));
  return unread === undefined ? { users } : { users, unread };
}
