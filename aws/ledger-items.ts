/** The ledger's records as items of its DynamoDB table; see core/lifecycle/ledger-table.ts for its keys. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type KeysweepError, messageOf } from '../core/error.ts';
import { kindOfId } from '../core/kinds/kinds.ts';
import type {
  DamagedEntry,
  LedgerEntries,
  LedgerEntry,
  LedgerEvent,
  SweepRecord,
  SweptSnapshot,
} from '../core/lifecycle/ledger.ts';
import {
  entryCodec,
  eventCodec,
  isCredentialId,
  type LedgerCodec,
  ledgerSchemaVersion,
  namesIn,
  sweepCodec,
  sweptSnapshotCodec,
} from '../core/lifecycle/ledger-codec.ts';
import { entryCorrupt, isDamage, ledgerCorrupt, ledgerFromNewer } from '../core/lifecycle/ledger-errors.ts';
import {
  accountPartition,
  entrySortKey,
  eventSortKey,
  ledgerTable,
  sortKeyPrefixes,
  sweepSortKey,
  sweptSnapshotSortKey,
} from '../core/lifecycle/ledger-table.ts';

export type Item = Record<string, AttributeValue>;

const { partitionKey, sortKey, timeToLive } = ledgerTable;

/** Attributes besides the keys. The record itself is in one map, so that its fields and the table's never clash. */
export const attributes = {
  schema: 'schema',
  record: 'record',
  /** Of entries and the swept snapshot: the condition of a write. */
  version: 'version',
  /** Of entries: identifies the write that stored it, so that its writer recognizes it. */
  writeToken: 'writeToken',
} as const;

export function itemKey(account: string, sort: string): Item {
  return { [partitionKey]: { S: accountPartition(account) }, [sortKey]: { S: sort } };
}

export function entryItem(entry: LedgerEntry, writeToken: string): Item {
  const { account, credential, version } = entry;
  return {
    ...recordItem(account, entrySortKey(credential.id), entryCodec, entry),
    [attributes.version]: { N: String(version) },
    [attributes.writeToken]: { S: writeToken },
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

export function sweptSnapshotItem(record: SweptSnapshot): Item {
  return {
    ...recordItem(record.account, sweptSnapshotSortKey, sweptSnapshotCodec, record),
    [attributes.version]: { N: String(record.version) },
  };
}

/** @throws KeysweepError LedgerCorrupt, LedgerFromNewerVersion */
export function readEntry(item: Item): LedgerEntry {
  const entry = readRecord(item, entryCodec);
  const { account, credential, version } = entry;
  // The keys must match the record: otherwise a query may have found an item by mistake, or missed one.
  checkSame(item, {
    ...itemKey(account, entrySortKey(credential.id)),
    [attributes.version]: { N: String(version) },
  });
  return entry;
}

/**
 * The entries of one account's items, and separately the damaged ones.
 * @throws KeysweepError LedgerCorrupt, LedgerFromNewerVersion if an item does not even identify its credential
 */
export function readEntries(items: readonly Item[]): LedgerEntries {
  const entries: LedgerEntry[] = [];
  const damaged = new Map<string, DamagedEntry>();
  const misplaced: DamagedEntry[] = [];
  for (const item of items) {
    try {
      entries.push(readEntry(item));
    } catch (error) {
      if (!isDamage(error)) throw error;
      const { own, named } = damageOf(item, error);
      damaged.set(own.credential.id, own);
      if (named !== undefined) misplaced.push(named);
    }
  }
  // A credential with an item of its own has its entry there, whatever an item elsewhere says.
  const placed = new Set(entries.map(({ credential }) => credential.id));
  for (const entry of misplaced) {
    const { id } = entry.credential;
    if (!placed.has(id) && !damaged.has(id)) damaged.set(id, entry);
  }
  return { entries, damaged: [...damaged.values()].sort((a, b) => (a.credential.id < b.credential.id ? -1 : 1)) };
}

/** `own`: for the credential in the item's key. `named`: for another credential, if the record names that one. */
function damageOf(item: Item, error: KeysweepError): { own: DamagedEntry; named?: DamagedEntry } {
  const id = item[sortKey]?.S?.slice(sortKeyPrefixes.entry.length) ?? '';
  if (!isCredentialId(id)) throw error;
  const { credential, principal } = namesIn({
    credential: part(item, 'credential'),
    principal: part(item, 'principal'),
  });
  const why = error.message;
  const holder = principal === undefined ? {} : { principal };
  // The key does not contain the kind; most ids do.
  const keyed = { kind: kindOfId(id), id };
  if (credential === undefined) return { own: { credential: keyed, ...holder, why } };
  if (credential.id === id) return { own: { credential, ...holder, why } };
  return { own: { credential: keyed, why }, named: { credential, ...holder, why } };
}

/** One field of a record; the others may be of any type. */
function part(item: Item, name: 'credential' | 'principal'): unknown {
  const value = item[attributes.record]?.M?.[name];
  try {
    return value === undefined ? undefined : fromAttributes({ [name]: value })[name];
  } catch {
    return undefined;
  }
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

export function readSweptSnapshot(item: Item): SweptSnapshot {
  const record = readRecord(item, sweptSnapshotCodec);
  const { account, version } = record;
  checkSame(item, { ...itemKey(account, sweptSnapshotSortKey), [attributes.version]: { N: String(version) } });
  return record;
}

function recordItem<T>(account: string, sort: string, codec: LedgerCodec<T>, record: T): Item {
  return {
    ...itemKey(account, sort),
    [attributes.schema]: { N: String(ledgerSchemaVersion) },
    [attributes.record]: { M: marshall(codec.encode(record)) },
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

/** A type that no ledger writes (such as a set) becomes a value that the codec refuses. */
function plain(item: Item): unknown {
  try {
    return fromAttributes(item[attributes.record]?.M ?? {});
  } catch (error) {
    throw corrupt(item, messageOf(error));
  }
}

/** Every number as a number, even those that the SDK would turn into a BigInt: the codec reports what is wrong with one. */
function fromAttributes(map: Item): Record<string, unknown> {
  return unmarshall(map, { wrapNumbers: Number });
}

function checkSame(item: Item, expected: Item): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = item[name]?.S ?? item[name]?.N;
    const wanted = value.S ?? value.N;
    if (found !== wanted) throw corrupt(item, `its ${name} is ${found ?? 'missing'}, but its record says ${wanted}`);
  }
}

function corrupt(item: Item, why: string) {
  if (item[sortKey]?.S?.startsWith(sortKeyPrefixes.entry)) return entryCorrupt(placeOf(item), why);
  return ledgerCorrupt(placeOf(item), why, 'restore the table to a point in time before it');
}

function placeOf(item: Item): string {
  return `the item ${item[partitionKey]?.S ?? '?'} ${item[sortKey]?.S ?? '?'}`;
}
