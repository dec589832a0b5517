/**
 * The DynamoDB table of the ledger, as plain data: whoever makes the table (the stack) and whoever uses it agree here.
 *
 * One partition an account, with four kinds of items: the entry of a credential, its events, the sweeps, and the newest
 * snapshot that opened one. There is no secondary index: a global one cannot be read consistently, and a local one would
 * hold a partition to 10 GB and could never be removed.
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

/** What the sort keys of each kind of item begin with. */
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

/** One item an account. */
export const sweptSnapshotSortKey = 'SNAPSHOT';

export function sweepSortKey(sweepId: string): string {
  return `${sortKeyPrefixes.sweep}${sweepId}`;
}
