/** The in-memory content of a file ledger, and its journal records. */
import type { LedgerEntry, LedgerEvent, SweepRecord, SweptSnapshot } from '../core/lifecycle/ledger.ts';
import {
  checkWrite,
  entryCodec,
  eventCodec,
  type JsonRecord,
  sweepCodec,
  sweptSnapshotCodec,
} from '../core/lifecycle/ledger-codec.ts';

/** One account's part of the ledger, by credential id and sweep id. */
interface AccountState {
  readonly entries: Map<string, LedgerEntry>;
  readonly events: Map<string, LedgerEvent[]>;
  readonly sweeps: Map<string, SweepRecord>;
  swept?: SweptSnapshot;
}

/**
 * A journal record: an entry with the events since the previous entry, a sweep, or a swept snapshot. A write has one
 * event; a compacted journal has one record per credential, with all its events.
 */
export type LedgerRecord =
  | { readonly entry: JsonRecord; readonly events: readonly JsonRecord[] }
  | { readonly sweep: JsonRecord }
  | { readonly swept: JsonRecord };

export class LedgerState {
  readonly #accounts = new Map<string, AccountState>();
  #superseded = 0;
  #current = 0;

  /** How many of the records were replaced by a later one, and how many are current. */
  get recordCounts(): { readonly superseded: number; readonly current: number } {
    return { superseded: this.#superseded, current: this.#current };
  }

  /** The accounts with records in it. */
  accounts(): string[] {
    return [...this.#accounts.keys()].sort(compare);
  }

  entries(account: string): LedgerEntry[] {
    return [...this.#of(account).entries.values()].sort((a, b) => compare(a.credential.id, b.credential.id));
  }

  entry(account: string, credentialId: string): LedgerEntry | undefined {
    return this.#of(account).entries.get(credentialId);
  }

  events(account: string, credentialId: string): LedgerEvent[] {
    return [...(this.#of(account).events.get(credentialId) ?? [])];
  }

  sweep(account: string, id: string): SweepRecord | undefined {
    return this.#of(account).sweeps.get(id);
  }

  sweptSnapshot(account: string): SweptSnapshot | undefined {
    return this.#of(account).swept;
  }

  /** Takes a journal record; returns what is wrong with it, if anything. */
  take(record: unknown): string | undefined {
    if (isRecord(record) && 'entry' in record && Array.isArray(record.events) && count(record) === 2) {
      return this.#takeEntry(record.entry, record.events);
    }
    if (isRecord(record) && 'sweep' in record && count(record) === 1) {
      return this.#takeSweep(record.sweep);
    }
    if (isRecord(record) && 'swept' in record && count(record) === 1) {
      return this.#takeSwept(record.swept);
    }
    return 'its record is of an unknown kind';
  }

  /** The whole state in few records, without sweeps that have expired by `now`. */
  *compacted(now: Date): Generator<LedgerRecord> {
    for (const [account, { entries, sweeps, swept }] of this.#accounts) {
      if (swept !== undefined) yield { swept: sweptSnapshotCodec.encode(swept) };
      for (const sweep of sweeps.values()) {
        if (sweep.expiresAt.getTime() > now.getTime()) yield { sweep: sweepCodec.encode(sweep) };
      }
      for (const [id, entry] of entries) {
        yield { entry: entryCodec.encode(entry), events: this.events(account, id).map(eventCodec.encode) };
      }
    }
  }

  #takeEntry(json: unknown, jsonEvents: readonly unknown[]): string | undefined {
    const decoded = entryCodec.decode(json);
    if (!decoded.ok) return `its entry: ${decoded.why}`;
    const entry = decoded.value;
    const { account, credential } = entry;
    const supersedes = this.entry(account, credential.id) !== undefined;
    const events = this.#of(account).events.get(credential.id) ?? [];
    const added: LedgerEvent[] = [];
    for (const jsonEvent of jsonEvents) {
      const event = eventCodec.decode(jsonEvent);
      if (!event.ok) return `its event: ${event.why}`;
      const { value } = event;
      const version = events.length + added.length + 1;
      if (value.account !== account || value.credential.id !== credential.id || value.version !== version) {
        return `its event of ${value.credential.id}, version ${value.version}, is out of place`;
      }
      added.push(value);
    }
    const last = added.at(-1);
    if (last === undefined) return 'its entry has no event';
    try {
      checkWrite(entry, last);
    } catch {
      return `its entry of ${credential.id}, version ${entry.version}, does not belong to its event`;
    }
    this.#count(supersedes);
    const state = this.#opened(account);
    state.entries.set(credential.id, entry);
    state.events.set(credential.id, events);
    events.push(...added);
    return undefined;
  }

  #takeSweep(json: unknown): string | undefined {
    const decoded = sweepCodec.decode(json);
    if (!decoded.ok) return `its sweep: ${decoded.why}`;
    const { account, id } = decoded.value;
    this.#count(this.sweep(account, id) !== undefined);
    this.#opened(account).sweeps.set(id, decoded.value);
    return undefined;
  }

  #takeSwept(json: unknown): string | undefined {
    const decoded = sweptSnapshotCodec.decode(json);
    if (!decoded.ok) return `its swept snapshot: ${decoded.why}`;
    const { account } = decoded.value;
    this.#count(this.sweptSnapshot(account) !== undefined);
    this.#opened(account).swept = decoded.value;
    return undefined;
  }

  #count(supersedes: boolean): void {
    if (supersedes) this.#superseded += 1;
    else this.#current += 1;
  }

  #of(account: string): AccountState {
    return this.#accounts.get(account) ?? { entries: new Map(), events: new Map(), sweeps: new Map() };
  }

  #opened(account: string): AccountState {
    const state = this.#of(account);
    this.#accounts.set(account, state);
    return state;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function count(record: object): number {
  return Object.keys(record).length;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
