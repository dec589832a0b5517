/**
 * Entries that are in the ledger, and cannot be understood. Nobody knows what was done about their credentials, so nothing
 * is decided about them and nothing written over them, until a person has repaired or removed the entry.
 */
import type { Principal } from '../model.ts';
import type { DamagedEntry, LedgerEvent } from './ledger.ts';
import { type NightTerms, sharesCaps } from './nights.ts';
import type { DeedsDone } from './plan.ts';
import type { Prepared } from './prepare.ts';
import type { Snapshot } from './snapshot.ts';

/** Stands where neither IAM nor the entry tells whose it is; no user is called so. Source: IAM API reference, `UserName`. */
const unknownUser: Principal = { kind: 'user', name: 'unknown user', arn: '' };

/** Whose credential it is, for people: as the snapshot has it, else as the entry does. */
export function holderOf({ credential, principal }: DamagedEntry, { users }: Pick<Snapshot, 'users'>): Principal {
  const user = users.find(({ credentials }) => credentials.some(({ ref }) => ref.id === credential.id));
  return user?.principal ?? principal ?? unknownUser;
}

/** Leaves the credentials alone: unknown, with what is wrong, and without an entry that anything could be written by. */
export function leaveDamaged(snapshot: Snapshot, damaged: readonly DamagedEntry[]): readonly Prepared[] {
  const account = snapshot.audit.account.id;
  return damaged.map((one): Prepared => {
    const { credential, why } = one;
    return {
      state: {
        account,
        principal: holderOf(one, snapshot),
        credential,
        tags: { known: false, why },
        sighting: { kind: 'unknown', why },
        findings: [],
      },
      decision: { type: 'leave', hold: 'unknown', why },
      isPending: false,
    };
  });
}

/** A damaged entry with what else the ledger holds of its credential. */
export interface DamagedCredential extends DamagedEntry {
  /** Records of their own. Absent where they are damaged as well. */
  readonly events?: readonly LedgerEvent[];
}

/**
 * The deeds of this night that damaged entries hide, for the caps. The events tell; a deed that was begun counts, because
 * its outcome cannot be told, and where they are damaged as well, one of each kind does. To count so in any case would be
 * simpler, but then one damaged entry and a cap of 1 would hold every other credential back for good.
 */
export function countHiddenDeeds(damaged: readonly DamagedCredential[], now: Date, terms: NightTerms): DeedsDone {
  const countOf = (...types: readonly LedgerEvent['type'][]) =>
    damaged.filter(({ events }) => {
      return events?.some(({ type, at }) => types.includes(type) && sharesCaps(terms, at, now)) ?? true;
    }).length;
  return {
    deactivations: countOf('deactivated', 'deactivation-intended'),
    deletions: countOf('deleted', 'deletion-intended'),
  };
}
