/** What became of a change goes into the ledger, also where somebody else wrote to it while the change was under way. */
import { messageOf } from '../../core/error.ts';
import type { Decision } from '../../core/lifecycle/decision.ts';
import type { Denial } from '../../core/lifecycle/denied-alike.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import { nameOf } from '../../core/lifecycle/plan.ts';
import type { ActionOutcome } from '../../core/lifecycle/rotation.ts';
import { type LedgerWrite, recordOverNewer, withoutNotice } from '../../core/lifecycle/transitions.ts';
import { lookAgain } from '../inspector.ts';
import type { AnnouncedDeed } from './guard.ts';
import { correctionsId, type Telling } from './notify.ts';
import type { Run } from './run.ts';

/** What became of one announced deed. */
export interface DeedResult {
  readonly announced: AnnouncedDeed;
  /** `no-time`: not begun. Its intent stays, and the next run takes it up. */
  readonly outcome: ActionOutcome | 'no-time';
  readonly detail?: string;
  /** What AWS said, where it denied the change. */
  readonly denial?: Denial;
  /** The ledger does not say so yet; the next sweep sets it right by what IAM shows. */
  readonly isUnrecorded?: true;
  /** What people must be told after all, if it stands in the ledger. */
  readonly correction?: Telling;
  /** What a person should look into, although the deed is done: the sweep is partial. */
  readonly problem?: string;
}

/**
 * Writes what became of the deed. Where that fails the intent stays, and the next sweep takes note by what IAM shows.
 * @param decision what people are told of it after all; undefined where they know already
 */
export function settle(run: Run, result: DeedResult, write: LedgerWrite, decision?: Decision): Promise<DeedResult> {
  return orUnrecorded(result, async () => {
    const written = await run.ports.ledger.write(write.entry, write.event);
    if (written === 'conflict') return withNote(result, 'another sweep has taken note of it');
    if (decision === undefined) return result;
    return { ...result, correction: { state: result.announced.state, decision, write } };
  });
}

/**
 * The same for a deed that IAM has applied. That it was ours must not be lost, whoever has written meanwhile.
 * @param decision as for {@link settle}
 */
export function settleApplied(
  run: Run,
  { announced, detail }: Pick<DeedResult, 'announced' | 'detail'>,
  write: LedgerWrite,
  decision?: Decision,
): Promise<DeedResult> {
  const result: DeedResult = { announced, outcome: 'applied', ...(detail === undefined ? {} : { detail }) };
  return orUnrecorded(result, async () => {
    const written = await run.ports.ledger.write(write.entry, write.event);
    if (written === 'conflict') return settleOverNewer(run, result);
    return decision === undefined ? result : { ...result, correction: { state: announced.state, decision, write } };
  });
}

/** More writers than that at one key in one moment there are not; if there are, the next sweep takes note. */
const rounds = 5;

async function settleOverNewer(run: Run, result: DeedResult): Promise<DeedResult> {
  const { ports, policy } = run;
  const { state, deed } = result.announced;
  for (let round = 0; round < rounds; round++) {
    const newest = await ports.ledger.entry(state.account, state.credential.id);
    if (newest === undefined) break;
    if (newest.stage === (deed.type === 'delete' ? 'deleted' : 'deactivated'))
      return withNote(result, 'another sweep has taken note of it');
    // Where no one asked for it, IAM’s list may only lag: if it is on, the next sweep takes note of that.
    if (deed.type === 'deactivate' && isWantedBack(newest) && (await isActive(run, result.announced)))
      return withNote(result, 'somebody has switched it on again right after');
    const meanwhile = `while that was under way, ${doneBy(newest)}`;
    const why = `${deed.why}; ${meanwhile}`;
    const moment = { now: ports.clock.now(), sweep: run.sweep };
    const write = asCorrection(run, recordOverNewer(state, { ...deed, why }, newest, policy, moment));
    if ((await ports.ledger.write(write.entry, write.event)) === 'conflict') continue;
    const done = deed.type === 'delete' ? 'deleted' : 'switched off';
    return {
      ...withNote(result, meanwhile),
      correction: { state: { ...state, entry: newest }, decision: deed, write },
      problem: `${nameOf(state)} was ${done}; ${meanwhile}`,
    };
  }
  return {
    ...withNote(result, 'the ledger could not be written, the next sweep will set it right'),
    isUnrecorded: true,
  };
}

function doneBy(newest: LedgerEntry): string {
  return isWantedBack(newest) ? 'somebody asked for it back' : 'another run wrote about it to the ledger';
}

/** A restoration stays on record after its key is warned again. */
function isWantedBack({ intent, stage }: LedgerEntry): boolean {
  return intent?.action === 'restore' || stage === 'restored';
}

async function isActive({ ports }: Run, { state }: AnnouncedDeed): Promise<boolean> {
  const list = await ports.source.credentials(state.credential.kind, state.principal.name);
  const { sighting } = await lookAgain(ports.source, state, list, 'known');
  return sighting.kind === 'seen' && sighting.status === 'Active';
}

async function orUnrecorded(result: DeedResult, write: () => Promise<DeedResult>): Promise<DeedResult> {
  try {
    return await write();
  } catch (error) {
    const why = `the ledger could not be written, the next sweep will set it right: ${messageOf(error)}`;
    return { ...withNote(result, why), isUnrecorded: true };
  }
}

function withNote(result: DeedResult, what: string): DeedResult {
  const { detail } = result;
  return { ...result, detail: detail === undefined ? what : `${detail}; ${what}` };
}

/** A notice in it goes out under the id of the sweep's corrections. */
export function asCorrection({ sweep }: Run, { entry, event }: LedgerWrite): LedgerWrite {
  if (entry.notice === undefined) return { entry, event };
  const notice = { kind: entry.notice.kind, sweep: correctionsId(sweep) };
  return { entry: { ...withoutNotice(entry), notice }, event };
}
