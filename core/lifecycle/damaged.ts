/**
 * Entries that are in the ledger, and cannot be understood. No one knows what was done about their credentials, so nothing
 * is decided about them and nothing written over them, until a person has repaired or removed the entry.
 */
import type { Principal } from '../model.ts';
import type { Item } from './item.ts';
import type { DamagedEntry } from './ledger.ts';
import type { Snapshot } from './snapshot.ts';

/** Stands where neither IAM nor the entry tells whose it is; no user is called so. Source: IAM API reference, `UserName`. */
const unknownUser: Principal = { kind: 'user', name: 'unknown user', arn: '' };

/** Whose credential it is, for people: as the snapshot has it, else as the entry does. */
export function userOfDamaged({ credential, principal }: DamagedEntry, { users }: Pick<Snapshot, 'users'>): Principal {
  const user = users.find(({ credentials }) => credentials.some(({ ref }) => ref.id === credential.id));
  return user?.principal ?? principal ?? unknownUser;
}

/** Items that leave the credentials alone: unknown, with what is wrong, and without an entry that anything could be written by. */
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
