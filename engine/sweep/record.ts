/** The third phase of a sweep: what is about to happen is recorded in the ledger before anyone is notified. */
import { messageOf } from '../../core/error.ts';
import { isChange } from '../../core/lifecycle/decision.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import type { LedgerWrite } from '../../core/lifecycle/ledger-write.ts';
import { prepareWrite } from '../../core/lifecycle/prepare.ts';
import { type Night, withProblems } from './night.ts';
import { withOwners } from './owners.ts';
import { type Run, writeRecord } from './run.ts';

/** For an item that a concurrent run, or a person with `keysweep restore`, has handled first. */
export const superseded = 'superseded: a concurrent run, or a restore, has written about it to the ledger';

/**
 * Records notices, observations and intents, each on its own, and then reads the ledger back: a write whose answer was lost
 * may have happened, and one that was confirmed may have been superseded since. Only an item whose write is in the ledger
 * keeps its `write`, is announced and acted on.
 *
 * If the ledger cannot be read back, it is unknown what was recorded, and the night has failed.
 *
 * @throws KeysweepError if the sweep itself cannot be recorded: then nothing else was
 */
export async function record(run: Run, night: Night): Promise<Night> {
  const isUnreachable = night.audience?.unreachable !== undefined;
  const prepared = night.items.map((item) => prepare(run, item, isUnreachable));
  if (prepared.every(({ write, outcome }) => write === undefined && outcome !== 'failed')) return night;
  // Before anything is recorded, so that nothing comes between the last read of the ledger and the message.
  const { items: owned, notes } = await withOwners(run, prepared, night.audit.users);
  await writeRecord(run, run.sweep);
  try {
    const items = await recordAll(run, owned);
    const problems = items.flatMap(problemOf);
    return withProblems({ ...night, items, notes: [...night.notes, ...notes] }, problems);
  } catch (error) {
    return failed(night, `the ledger could not be read back, so no one was notified: ${messageOf(error)}`);
  }
}

/** People could not be notified, or the ledger not be written: the next sweep takes over. */
export function failed(night: Night, why: string): Night {
  const items = night.items.map(({ write: _, ...item }): Item => {
    return { ...item, outcome: 'failed', detail: 'the next sweep takes over' };
  });
  return { ...night, items, problems: [why, ...night.problems], isFailed: true };
}

/** @param isUnreachable no one can be notified: what an earlier sweep could not deliver waits for one that can */
function prepare({ policy, startedAt, sweep }: Run, item: Item, isUnreachable: boolean): Item {
  if (isUnreachable && isOnlyNotifiedAgain(item)) return item;
  try {
    const write = prepareWrite(item, policy, { now: startedAt, sweep });
    return write === undefined ? item : { ...item, write };
  } catch (error) {
    // The ledger entry does not allow the decision.
    return { ...item, outcome: 'failed', detail: messageOf(error) };
  }
}

function isOnlyNotifiedAgain({ state: { entry }, decision, isPending }: Item): boolean {
  return decision.type === 'skip' && isPending && entry?.intent === undefined;
}

async function recordAll(run: Run, items: readonly Item[]): Promise<readonly Item[]> {
  const { ports, account } = run;
  let done = 0;
  const total = items.filter(({ write }) => write !== undefined).length;
  const attempted = await run.each(items, async (item): Promise<Item> => {
    if (item.write === undefined) return item;
    const written = await attempt(run, item, item.write);
    ports.onProgress?.({ phase: 'record', done: ++done, total });
    return written;
  });
  if (!attempted.some(mayStand)) return attempted.map(withoutWrite);
  const { entries, damaged } = await ports.ledger.entries(account.id);
  const entryById = new Map(entries.map((entry) => [entry.credential.id, entry]));
  const damageById = new Map(damaged.map(({ credential, why }) => [credential.id, why]));
  return attempted.map((item) => {
    const { id } = item.state.credential;
    return settle(item, entryById.get(id), damageById.get(id));
  });
}

/** A write that failed may have happened all the same. */
function mayStand({ write, outcome }: Item): boolean {
  return write !== undefined && (outcome === 'recorded' || outcome === 'failed');
}

async function attempt(run: Run, item: Item, { entry, event }: LedgerWrite): Promise<Item> {
  if (!run.hasTime()) return { ...item, outcome: 'no-time' };
  try {
    const outcome = await run.ports.ledger.write(entry, event);
    return outcome === 'written'
      ? { ...item, outcome: 'recorded' }
      : { ...item, outcome: 'skipped', detail: superseded };
  } catch (error) {
    return { ...item, outcome: 'failed', detail: `the ledger could not be written: ${messageOf(error)}` };
  }
}

/** What the ledger says about an item after its write was attempted. */
function settle(item: Item, current: LedgerEntry | undefined, damage: string | undefined): Item {
  const { write, outcome } = item;
  if (write === undefined || !mayStand(item)) return withoutWrite(item);
  // Damaged since it was written: it is unknown whether that write is there.
  if (damage !== undefined)
    return withoutWrite({ ...item, outcome: 'failed', detail: `it could not be read back: ${damage}` });
  if (current !== undefined && isSameWrite(current, write.entry)) return stands(item);
  if (outcome === 'failed' && (current?.version ?? 0) < write.entry.version) return withoutWrite(item);
  return withoutWrite({ ...item, outcome: 'skipped', detail: superseded });
}

/** What remains is to notify and, for a change, to make it. */
function stands({ detail: _, ...item }: Item): Item {
  return { ...item, outcome: isChange(item.decision) ? 'recorded' : 'applied' };
}

function withoutWrite({ write: _, ...item }: Item): Item {
  return item;
}

function isSameWrite(found: LedgerEntry, meant: LedgerEntry): boolean {
  return (
    found.version === meant.version &&
    found.updatedAt.getTime() === meant.updatedAt.getTime() &&
    found.notice?.sweep === meant.notice?.sweep &&
    found.intent?.sweep === meant.intent?.sweep
  );
}

/** Failed writes about skipped credentials, which are in no list of actions. */
function problemOf({ state, decision, outcome, detail }: Item): string[] {
  return outcome === 'failed' && decision.type === 'skip' ? [`${state.credential.id}: ${detail}`] : [];
}
