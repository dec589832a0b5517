/**
 * Ledger entries that cannot be read. It is unknown what was done to their credentials, so nothing is decided about these
 * and nothing overwrites the entry, until a person has repaired or removed it.
 */
import type { Principal } from '../model.ts';
import type { Item } from './item.ts';
import type { DamagedEntry } from './ledger.ts';
import type { Snapshot } from './snapshot.ts';

/** Used if neither IAM nor the entry names the user. No real user has this name. Source: IAM API reference, `UserName`. */
const unknownUser: Principal = { kind: 'user', name: 'unknown user', arn: '' };

/** The user with the credential, for people: from the snapshot, otherwise from the entry. */
export function userOfDamaged({ credential, principal }: DamagedEntry, { users }: Pick<Snapshot, 'users'>): Principal {
  const user = users.find(({ credentials }) => credentials.some(({ ref }) => ref.id === credential.id));
  return user?.principal ?? principal ?? unknownUser;
}

/** Items that skip the credentials as unknown, say what is wrong, and have no entry, so that nothing can be written. */
export function skipDamaged(snapshot: Snapshot, damaged: readonly DamagedEntry[]): readonly Item[] {
  const account = snapshot.audit.account.id;
  return damaged.map((one): Item => {
    const { credential, why } = one;
    return {
      state: {
        account,
        principal: userOfDamaged(one, snapshot),
        credential,
        tags: { known: false, why },
        liveStatus: { kind: 'unknown', why },
        findings: [],
      },
      damage: why,
      decision: { type: 'skip', skipReason: 'unknown', why },
      isPending: false,
      outcome: 'planned',
    };
  });
}
