/**
 * The DynamoDB table of the ledger, as plain data, shared by the stack that creates it and the code that uses it.
 *
 * One partition per account, with four types of items: the entry of a credential, its events, the sweeps, and the newest
 * snapshot that opened a sweep. There is no secondary index: a global one cannot be read consistently, and a local one would
 * limit a partition to 10 GB and could never be removed.
 */
export const ledgerTable = {
  /** Every key is a string. */
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Attribute with the time after which DynamoDB may delete an item, in seconds since 1970. Only sweeps have it. */
  timeToLive: 'expires',
} as const;

/** The partition of one account. */
export function accountPartition(account: string): string {
  return `ACCOUNT#${account}`;
}

/** What the sort keys of each type of item begin with. */
export const sortKeyPrefixes = { entry: 'CREDENTIAL#', event: 'EVENT#', sweep: 'SWEEP#' } as const;

export function entrySortKey(credentialId: string): string {
  return `${sortKeyPrefixes.entry}${credentialId}`;
}

/** What the sort keys of all events of one credential begin with. */
export function eventSortKeyPrefix(credentialId: string): string {
  return `${sortKeyPrefixes.event}${credentialId}#`;
}

/** Sorts by version: with leading zeros. */
export function eventSortKey(credentialId: string, version: number): string {
  return `${eventSortKeyPrefix(credentialId)}${String(version).padStart(10, '0')}`;
}

/** One item per account. */
export const sweptSnapshotSortKey = 'SNAPSHOT';

export function sweepSortKey(sweepId: string): string {
  return `${sortKeyPrefixes.sweep}${sweepId}`;
}
