/** The ledger's records as items of its DynamoDB table; see core/lifecycle/ledger-table.ts for its keys. */
import type { LedgerEntry, LedgerEvent, SweepRecord } from '../core/lifecycle/ledger.ts';
import {
  entryCodec,
  eventCodec,
  type LedgerCodec,
  ledgerSchemaVersion,
  sweepCodec,
} from '../core/lifecycle/ledger-codec.ts';
import { ledgerCorrupt, ledgerFromNewer } from '../core/lifecycle/ledger-errors.ts';
import {
  accountPartition,
  entrySortKey,
  eventSortKey,
  ledgerTable,
  sweepSortKey,
} from '../core/lifecycle/ledger-table.ts';
import { fromItem, type Item, toItem } from './dynamodb-items.ts';
import { UnexpectedAnswer } from './live-read.ts';

const { partitionKey, sortKey, dueIndex, timeToLive } = ledgerTable;

/** Attributes beside the keys. The record itself is in one map, so that its fields and the table's never meet. */
export const attributes = {
  schema: 'schema',
  record: 'record',
  /** Of entries: what a write is conditional on. */
  version: 'version',
  /** Of entries: names the write that put it there, so that its writer knows it again. */
  writeToken: 'writeToken',
} as const;

export function itemKey(account: string, sort: string): Item {
  return { [partitionKey]: { S: accountPartition(account) }, [sortKey]: { S: sort } };
}

export function entryItem(entry: LedgerEntry, writeToken: string): Item {
  const { account, credential, version, dueAt } = entry;
  return {
    ...recordItem(account, entrySortKey(credential.id), entryCodec, entry),
    [attributes.version]: { N: String(version) },
    [attributes.writeToken]: { S: writeToken },
    ...(dueAt !== undefined && { [dueIndex.sortKey]: { S: dueAt.toISOString() } }),
  };
}

export function eventItem(event: LedgerEvent): Item {
  return recordItem(event.account, eventSortKey(event.credential.id, event.version), eventCodec, event);
}

export function sweepItem(record: SweepRecord): Item {
  return {
    ...recordItem(record.account, sweepSortKey(record.id), sweepCodec, record),
    [timeToLive]: { N: String(Math.ceil(record.expiresAt.getTime() / 1000)) },
  };
}

/** @throws KeysweepError LedgerCorrupt, LedgerFromNewerVersion */
export function readEntry(item: Item): LedgerEntry {
  const entry = readRecord(item, entryCodec);
  const { account, credential, version, dueAt } = entry;
  // What was asked by must be what the record says: else a query would have found what it should not, or missed it.
  checkSame(item, {
    ...itemKey(account, entrySortKey(credential.id)),
    [attributes.version]: { N: String(version) },
    ...(dueAt !== undefined && { [dueIndex.sortKey]: { S: dueAt.toISOString() } }),
  });
  return entry;
}

export function readEvent(item: Item): LedgerEvent {
  const event = readRecord(item, eventCodec);
  checkSame(item, itemKey(event.account, eventSortKey(event.credential.id, event.version)));
  return event;
}

export function readSweep(item: Item): SweepRecord {
  const record = readRecord(item, sweepCodec);
  checkSame(item, itemKey(record.account, sweepSortKey(record.id)));
  return record;
}

function recordItem<T>(account: string, sort: string, codec: LedgerCodec<T>, record: T): Item {
  return {
    ...itemKey(account, sort),
    [attributes.schema]: { N: String(ledgerSchemaVersion) },
    [attributes.record]: { M: toItem(codec.encode(record)) },
  };
}

function readRecord<T>(item: Item, codec: LedgerCodec<T>): T {
  const schema = Number(item[attributes.schema]?.N);
  if (schema > ledgerSchemaVersion) throw ledgerFromNewer(placeOf(item), schema, ledgerSchemaVersion);
  if (schema !== ledgerSchemaVersion) throw corrupt(item, `its ${attributes.schema} is missing or unknown`);
  const decoded = codec.decode(plain(item));
  if (!decoded.ok) throw corrupt(item, decoded.why);
  return decoded.value;
}

function plain(item: Item): unknown {
  try {
    return fromItem(item[attributes.record]?.M ?? {});
  } catch (error) {
    if (error instanceof UnexpectedAnswer) throw corrupt(item, error.message);
    throw error;
  }
}

function checkSame(item: Item, expected: Item): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = item[name]?.S ?? item[name]?.N;
    const wanted = value.S ?? value.N;
    if (found !== wanted) throw corrupt(item, `its ${name} is ${found ?? 'missing'}, but its record says ${wanted}`);
  }
}

function corrupt(item: Item, why: string) {
  return ledgerCorrupt(placeOf(item), why, 'restore the table to a point in time before it');
}

function placeOf(item: Item): string {
  return `the item ${item[partitionKey]?.S ?? '?'} ${item[sortKey]?.S ?? '?'}`;
}
