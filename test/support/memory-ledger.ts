import type { Ledger, LedgerEntry, LedgerEvent, SweepRecord, SweptSnapshot } from '../../core/lifecycle/ledger.ts';
import {
  checkWrite,
  entryCodec,
  eventCodec,
  type JsonRecord,
  sweepCodec,
  sweptSnapshotCodec,
} from '../../core/lifecycle/ledger-codec.ts';

/** What is asked of a ledger. */
export type LedgerCall =
  | { readonly kind: 'read'; readonly method: 'entries' | 'entry' | 'events' | 'sweep' | 'sweptSnapshot' }
  | { readonly kind: 'write'; readonly entry: LedgerEntry; readonly event: LedgerEvent }
  | { readonly kind: 'write-sweep'; readonly record: SweepRecord }
  | { readonly kind: 'write-swept-snapshot'; readonly record: SweptSnapshot };

export interface LedgerHooks {
  /** Before a call takes effect; what it throws is what the call ends with, and nothing has happened. */
  readonly before?: (call: LedgerCall) => void | Promise<void>;
  /** After it took effect; what it throws is what the call ends with, although it has happened. */
  readonly after?: (call: LedgerCall) => void | Promise<void>;
}

export interface MemoryLedger extends Ledger {
  /** Replaces the hooks; `{}` takes them away. */
  setHooks(hooks: LedgerHooks): void;
  /** The n-th write from now on, of entries and sweeps alike, counted from 1, throws `error`: nothing or all of it happened. */
  failWrite(nth: number, when: 'before' | 'after', error?: Error): void;
  /** The n-th read from now on, counted from 1, throws `error`. */
  failRead(nth: number, error?: Error): void;
  /** What is stored, for checks: counts as no call, and no hook sees it. */
  peek(account: string, id: string): LedgerEntry | undefined;
  /** Writes that took effect. Conflicts are not among them. */
  readonly written: number;
}

const lost = () => new Error('the ledger cannot be reached');

/** A ledger in memory. It holds JSON, as the real ones do, so that what it gives is never what it was given. */
export function createMemoryLedger(hooks: LedgerHooks = {}): MemoryLedger {
  const entries = new Map<string, JsonRecord>();
  const events = new Map<string, JsonRecord[]>();
  const sweeps = new Map<string, JsonRecord>();
  const swept = new Map<string, JsonRecord>();
  let current = hooks;
  let written = 0;

  async function call<T>(what: LedgerCall, effect: () => T): Promise<T> {
    await current.before?.(what);
    const result = effect();
    await current.after?.(what);
    return result;
  }

  function read<T>(method: Extract<LedgerCall, { kind: 'read' }>['method'], effect: () => T): Promise<T> {
    return call({ kind: 'read', method }, effect);
  }

  const allOf = (account: string) =>
    [...entries.values()]
      .map(decodeEntry)
      .filter((entry) => entry.account === account)
      .sort((a, b) => order(a.credential.id, b.credential.id));

  return {
    entries: (account) => read('entries', () => ({ entries: allOf(account), damaged: [] })),
    entry: (account, id) =>
      read('entry', () => {
        const json = entries.get(key(account, id));
        return json && decodeEntry(json);
      }),
    peek: (account, id) => {
      const json = entries.get(key(account, id));
      return json && decodeEntry(json);
    },
    events: (account, id) =>
      read('events', () => (events.get(key(account, id)) ?? []).map((json) => decoded(eventCodec.decode(json)))),
    sweep: (account, id) =>
      read('sweep', () => {
        const json = sweeps.get(key(account, id));
        return json && decoded(sweepCodec.decode(json));
      }),
    write: (entry, event) =>
      call({ kind: 'write', entry, event }, () => {
        checkWrite(entry, event);
        const json = entryCodec.encode(entry);
        const jsonEvent = eventCodec.encode(event);
        const at = key(entry.account, entry.credential.id);
        if (entry.version !== Number(entries.get(at)?.version ?? 0) + 1) return 'conflict';
        entries.set(at, json);
        events.set(at, [...(events.get(at) ?? []), jsonEvent]);
        written += 1;
        return 'written';
      }),
    writeSweep: (record) =>
      call({ kind: 'write-sweep', record }, () => {
        sweeps.set(key(record.account, record.id), sweepCodec.encode(record));
        written += 1;
      }),
    sweptSnapshot: (account) =>
      read('sweptSnapshot', () => {
        const json = swept.get(account);
        return json && decoded(sweptSnapshotCodec.decode(json));
      }),
    writeSweptSnapshot: (record) =>
      call({ kind: 'write-swept-snapshot', record }, () => {
        if (record.version !== Number(swept.get(record.account)?.version ?? 0) + 1) return 'conflict';
        swept.set(record.account, sweptSnapshotCodec.encode(record));
        written += 1;
        return 'written';
      }),
    setHooks: (next) => {
      current = next;
    },
    failWrite: (nth, when, error = lost()) => {
      current = { ...current, [when]: failing((what) => what.kind !== 'read', nth, error) };
    },
    failRead: (nth, error = lost()) => {
      current = { ...current, before: failing((what) => what.kind === 'read', nth, error) };
    },
    get written() {
      return written;
    },
  };
}

function failing(matches: (what: LedgerCall) => boolean, nth: number, error: Error): (what: LedgerCall) => void {
  let seen = 0;
  return (what) => {
    if (!matches(what)) return;
    seen += 1;
    if (seen === nth) throw error;
  };
}

/** Entries are read far more often than written, and what stands in the ledger never changes. */
const decodedEntries = new WeakMap<JsonRecord, LedgerEntry>();

function decodeEntry(json: JsonRecord): LedgerEntry {
  const known = decodedEntries.get(json);
  if (known !== undefined) return known;
  const entry = decoded(entryCodec.decode(json));
  decodedEntries.set(json, entry);
  return entry;
}

function decoded<T>(
  outcome: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string },
): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.why);
}

function key(account: string, id: string): string {
  return `${account} ${id}`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
