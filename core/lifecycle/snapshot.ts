import type { Audit, Observation, ObservedPrincipal } from '../model.ts';

/** What an audit hands to the rotation: its findings, and every user with access keys as observed. Plain data. */
export interface Snapshot {
  readonly schema: 'keysweep/snapshot/v1';
  /** Tells it from every other snapshot: it opens one sweep. Printable ASCII without blanks and slashes. */
  readonly id: string;
  readonly audit: Audit;
  readonly users: readonly SnapshotUser[];
  /** Names of all users of the account in lower case: a user that is not among them is gone. */
  readonly userNames: readonly string[];
}

/** A user with access keys. */
export type SnapshotUser = Pick<ObservedPrincipal, 'principal' | 'credentials' | 'tags' | 'credentialsIncomplete'>;

/** The id of a snapshot that is kept nowhere, and opens no sweep. */
const unkept = 'unkept';

/** The snapshot of an observation and the audit that was made of it. */
export function takeSnapshot(observation: Observation, audit: Audit, id = unkept): Snapshot {
  const users = observation.users
    .filter(({ credentials, credentialsIncomplete }) => credentials.length > 0 || credentialsIncomplete !== undefined)
    .map(({ principal, credentials, tags, credentialsIncomplete }) => ({
      principal,
      credentials,
      tags,
      ...(credentialsIncomplete === undefined ? {} : { credentialsIncomplete }),
    }));
  return {
    schema: 'keysweep/snapshot/v1',
    id,
    audit,
    users,
    userNames: observation.users.map(({ principal }) => principal.name.toLowerCase()),
  };
}

/** Active access keys of the account: what caps in percent are counted in. */
export function countActiveKeys({ users }: Snapshot): number {
  return users
    .flatMap(({ credentials }) => credentials)
    .filter(({ status }) => status.known && status.value === 'Active').length;
}
