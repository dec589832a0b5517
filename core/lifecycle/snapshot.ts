import { given } from '../given.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Audit, Observation, ObservedCredential, ObservedPrincipal } from '../model.ts';
import { plausibleCredentials } from '../plausible-creation.ts';

/** What an audit hands to the sweep: its findings, and every user with credentials as observed. Plain data. */
export interface Snapshot {
  readonly schema: 'keysweep/snapshot/v1';
  /** Unique: a snapshot opens one sweep. Printable ASCII without spaces and slashes. */
  readonly id: string;
  readonly audit: Audit;
  readonly users: readonly SnapshotUser[];
  /** Names of all users in the account in lower case: a user that is not among them no longer exists. */
  readonly userNames: readonly string[];
}

/** A user who has credentials, or whose credentials are not all known. */
export type SnapshotUser = Pick<ObservedPrincipal, 'principal' | 'unreadable' | 'credentials' | 'tags' | 'incomplete'>;

/** The id of a snapshot that is not stored and opens no sweep. */
const unkept = 'unkept';

/** The snapshot of an observation and the audit that was made of it. */
export function takeSnapshot(observation: Observation, audit: Audit, id = unkept): Snapshot {
  const users = observation.users
    .filter(({ credentials, incomplete }) => credentials.length > 0 || incomplete !== undefined)
    .map((user) => {
      const { principal, unreadable, tags, incomplete } = user;
      const credentials = plausibleCredentials(user);
      return { principal, ...given({ unreadable }), credentials, tags, ...given({ incomplete }) };
    });
  return {
    schema: 'keysweep/snapshot/v1',
    id,
    audit,
    users,
    userNames: observation.users.map(({ principal }) => principal.name.toLowerCase()),
  };
}

/** Active, and of a kind that can be deactivated: the base of caps in percent. */
export function isInScope(one: ObservedCredential): boolean {
  return isActive(one) && kindOf(one.ref.kind).off === 'status';
}

export function activeCredentials({ users }: Snapshot): readonly ObservedCredential[] {
  return users.flatMap(({ credentials }) => credentials).filter(isActive);
}

function isActive({ status }: ObservedCredential): boolean {
  return status.known && status.value === 'Active';
}
