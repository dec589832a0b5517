/** Records the outcome of a change, even if someone else wrote to the ledger while the change was under way. */
import { messageOf } from '../../core/error.ts';
import type { Change, Decision } from '../../core/lifecycle/decision.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import type { LedgerWrite } from '../../core/lifecycle/ledger-write.ts';
import { nameOf } from '../../core/lifecycle/plan.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { recordOverNewer, withoutNotice } from '../../core/lifecycle/transitions.ts';
import { recheck } from '../recheck.ts';
import { correctionsId, type Run } from './run.ts';

/**
 * Writes the outcome of the change. If that fails, the intent is kept, and the next sweep records what IAM shows.
 *
 * @param state as last read
 * @param decision what people must be notified of after all; undefined if they already know
 */
export function settle(
  run: Run,
  item: Item,
  state: CredentialState,
  write: LedgerWrite,
  decision?: Decision,
): Promise<Item> {
  return orUnrecorded(item, async () => {
    const written = await run.ports.ledger.write(write.entry, write.event);
    if (written === 'conflict') return withNote(item, 'another sweep has taken note of it');
    return decision === undefined ? item : { ...item, correction: { state, decision, write } };
  });
}

/** The same for a change that IAM has applied. That keysweep made it must not be lost, whatever else was written in the meantime. */
export function settleApplied(
  run: Run,
  item: Item<Change>,
  state: CredentialState,
  write: LedgerWrite,
  decision?: Decision,
): Promise<Item> {
  return orUnrecorded(item, async () => {
    const written = await run.ports.ledger.write(write.entry, write.event);
    if (written === 'conflict') return settleOverNewer(run, item, state);
    return decision === undefined ? item : { ...item, correction: { state, decision, write } };
  });
}

/** There are never more concurrent writers for one key than this; if there are, the next sweep corrects the entry. */
const rounds = 5;

async function settleOverNewer(run: Run, item: Item<Change>, state: CredentialState): Promise<Item> {
  const { ports, policy } = run;
  const { decision } = item;
  for (let round = 0; round < rounds; round++) {
    const newest = await ports.ledger.entry(state.account, state.credential.id);
    if (newest === undefined) break;
    if (newest.stage === (decision.type === 'delete' ? 'deleted' : 'deactivated'))
      return withNote(item, 'another sweep has taken note of it');
    // If no one asked for it, IAM’s list may only lag: if it is active, the next sweep records that.
    if (decision.type === 'deactivate' && isWantedBack(newest) && (await isActive(run, state)))
      return withNote(item, 'someone reactivated it right afterward');
    const meanwhile = `while that was under way, ${doneBy(newest)}`;
    const change = { ...decision, why: `${decision.why}; ${meanwhile}` };
    const moment = { now: ports.clock.now(), sweep: run.sweep };
    const write = asCorrection(run, recordOverNewer(state, change, newest, policy, moment));
    if ((await ports.ledger.write(write.entry, write.event)) === 'conflict') continue;
    const done = decision.type === 'delete' ? 'deleted' : 'deactivated';
    return {
      ...withNote(item, meanwhile),
      correction: { state: { ...state, entry: newest }, decision, write },
      problem: `${nameOf(state)} was ${done}; ${meanwhile}`,
    };
  }
  return {
    ...withNote(item, 'the ledger could not be written; the next sweep will correct it'),
    isUnrecorded: true,
  };
}

function doneBy(newest: LedgerEntry): string {
  return isWantedBack(newest) ? 'someone asked to restore it' : 'another run wrote about it to the ledger';
}

/** A restoration is kept in the entry when its key is warned again. */
function isWantedBack({ intent, stage }: LedgerEntry): boolean {
  return intent?.action === 'restore' || stage === 'restored';
}

async function isActive({ ports }: Run, state: CredentialState): Promise<boolean> {
  const { liveStatus } = await recheck(ports.source, state, 'known');
  return liveStatus.kind === 'seen' && liveStatus.status === 'Active';
}

async function orUnrecorded(item: Item, write: () => Promise<Item>): Promise<Item> {
  try {
    return await write();
  } catch (error) {
    const why = `the ledger could not be written; the next sweep will correct it: ${messageOf(error)}`;
    return { ...withNote(item, why), isUnrecorded: true };
  }
}

function withNote(item: Item, what: string): Item {
  const { detail } = item;
  return { ...item, detail: detail === undefined ? what : `${detail}; ${what}` };
}

/** A notice in it gets the id of the sweep's corrections. */
export function asCorrection({ sweep }: Run, { entry, event }: LedgerWrite): LedgerWrite {
  if (entry.notice === undefined) return { entry, event };
  const notice = { kind: entry.notice.kind, sweep: correctionsId(sweep) };
  return { entry: { ...withoutNotice(entry), notice }, event };
}
