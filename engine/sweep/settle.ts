/** What became of a change goes into the ledger, also where someone else wrote to it while the change was under way. */
import { messageOf } from '../../core/error.ts';
import type { Change, Decision } from '../../core/lifecycle/decision.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import { nameOf } from '../../core/lifecycle/plan.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { type LedgerWrite, recordOverNewer, withoutNotice } from '../../core/lifecycle/transitions.ts';
import { recheck } from '../recheck.ts';
import { correctionsId, type Run } from './run.ts';

/**
 * Writes what became of the change. Where that fails the intent stays, and the next sweep takes note by what IAM shows.
 *
 * @param state as it was read last
 * @param decision what people are notified of it after all; undefined where they know already
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

/** The same for a change that IAM has applied. That it was ours must not be lost, whoever has written meanwhile. */
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

/** More writers than that at one key in one moment there are not; if there are, the next sweep takes note. */
const rounds = 5;

async function settleOverNewer(run: Run, item: Item<Change>, state: CredentialState): Promise<Item> {
  const { ports, policy } = run;
  const { decision } = item;
  for (let round = 0; round < rounds; round++) {
    const newest = await ports.ledger.entry(state.account, state.credential.id);
    if (newest === undefined) break;
    if (newest.stage === (decision.type === 'delete' ? 'deleted' : 'deactivated'))
      return withNote(item, 'another sweep has taken note of it');
    // Where no one asked for it, IAM’s list may only lag: if it is on, the next sweep takes note of that.
    if (decision.type === 'deactivate' && isWantedBack(newest) && (await isActive(run, state)))
      return withNote(item, 'someone has reactivated it right after');
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
    ...withNote(item, 'the ledger could not be written, the next sweep will set it right'),
    isUnrecorded: true,
  };
}

function doneBy(newest: LedgerEntry): string {
  return isWantedBack(newest) ? 'someone asked for it back' : 'another run wrote about it to the ledger';
}

/** A restoration stays on record after its key is warned again. */
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
    const why = `the ledger could not be written, the next sweep will set it right: ${messageOf(error)}`;
    return { ...withNote(item, why), isUnrecorded: true };
  }
}

function withNote(item: Item, what: string): Item {
  const { detail } = item;
  return { ...item, detail: detail === undefined ? what : `${detail}; ${what}` };
}

/** A notice in it goes out under the id of the sweep's corrections. */
export function asCorrection({ sweep }: Run, { entry, event }: LedgerWrite): LedgerWrite {
  if (entry.notice === undefined) return { entry, event };
  const notice = { kind: entry.notice.kind, sweep: correctionsId(sweep) };
  return { entry: { ...withoutNotice(entry), notice }, event };
}
