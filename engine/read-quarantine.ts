import type { Quarantine } from '../core/model.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';
import { quarantineOf, quarantinePolicies } from '../core/quarantine.ts';
import { isChecked } from '../core/rules/index.ts';

/** Whom AWS has quarantined: three requests for an account of any size, or none, and undefined, if the rule is off. */
export async function readQuarantine(
  source: Pick<CredentialSource, 'usersWithPolicy'>,
  policy: Pick<Policy, 'rules'>,
): Promise<Quarantine | undefined> {
  if (!isChecked('user-quarantined', policy)) return undefined;
  const answers = quarantinePolicies.map(async (name) => ({ policy: name, users: await source.usersWithPolicy(name) }));
  return quarantineOf(await Promise.all(answers));
}
