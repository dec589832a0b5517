import { messageOf } from '../../core/error.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import { type Prepared, prepareWrite } from '../../core/lifecycle/prepare.ts';
import type { LedgerWrite } from '../../core/lifecycle/transitions.ts';
import type { Run } from './run.ts';

/** What became of one credential when its plan was recorded. */
export type Recorded = { readonly prepared: Prepared } & (
  | { readonly kind: 'nothing-to-write' }
  | { readonly kind: 'written'; readonly write: LedgerWrite }
  /** Another sweep, or a person with `keysweep restore`, was faster: the credential is theirs tonight. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'no-time' }
);

/** What is to be written about one credential, if anything. */
export interface Prepare {
  readonly prepared: Prepared;
  readonly write: LedgerWrite | undefined;
  /** Why there is none, where the ledger's entry leaves no way to what was decided. */
  readonly problem?: string;
}

/** @param isSilent no one can be notified: what an earlier sweep could not tell waits for one that can */
export function prepareAll(
  { policy, startedAt, sweep }: Run,
  survey: readonly Prepared[],
  isSilent: boolean,
): readonly Prepare[] {
  return survey.map((prepared) => {
    if (isSilent && isOnlyToldAgain(prepared)) return { prepared, write: undefined };
    try {
      return { prepared, write: prepareWrite(prepared, policy, { now: startedAt, sweep }) };
    } catch (error) {
      return { prepared, write: undefined, problem: messageOf(error) };
    }
  });
}

function isOnlyToldAgain({ state: { entry }, decision, isPending }: Prepared): boolean {
  return decision.type === 'leave' && isPending && entry?.intent === undefined;
}

/**
 * Records notices, observations and intents, each one alone, and then looks at what the ledger says: a write whose
 * answer was lost may have happened, and one that was confirmed may have been overtaken since. Only what stands there as
 * this sweep's is told to people and acted on.
 *
 * @throws KeysweepError where the ledger cannot be read: then nobody knows what was recorded, nothing may be told or
 *   done, and the next sweep takes up whatever there is
 */
export async function recordAll(run: Run, all: readonly Prepare[]): Promise<readonly Recorded[]> {
  const { ports, snapshot } = run;
  let done = 0;
  const total = all.filter(({ write }) => write !== undefined).length;
  const attempts = await run.each(all, async ({ prepared, write }): Promise<Attempt> => {
    if (write === undefined) return { prepared, write, kind: 'nothing-to-write' };
    const kept = await record(run, write);
    ports.onProgress?.({ phase: 'record', done: ++done, total });
    return { prepared, write, ...kept };
  });
  const isAnythingWritten = attempts.some(({ kind }) => kind === 'written' || kind === 'failed');
  const { entries, damaged } = isAnythingWritten
    ? await ports.ledger.entries(snapshot.audit.account.id)
    : { entries: [], damaged: [] };
  const entryById = new Map(entries.map((entry) => [entry.credential.id, entry]));
  const damageById = new Map(damaged.map(({ credential, why }) => [credential.id, why]));
  return attempts.map((attempt) => {
    const { id } = attempt.prepared.state.credential;
    return settle(attempt, entryById.get(id), damageById.get(id));
  });
}

/** How an attempt to write ended. One that failed may have happened all the same. */
type Attempt = Prepare &
  (
    | { readonly kind: 'written' | 'overtaken' | 'no-time' | 'nothing-to-write' }
    | { readonly kind: 'failed'; readonly why: string }
  );

async function record(run: Run, { entry, event }: LedgerWrite) {
  if (!run.hasTime()) return { kind: 'no-time' } as const;
  try {
    const outcome = await run.ports.ledger.write(entry, event);
    return outcome === 'written' ? ({ kind: 'written' } as const) : ({ kind: 'overtaken' } as const);
  } catch (error) {
    return { kind: 'failed', why: `the ledger could not be written: ${messageOf(error)}` } as const;
  }
}

function settle(attempt: Attempt, current: LedgerEntry | undefined, damage: string | undefined): Recorded {
  const { prepared, write, problem } = attempt;
  if (problem !== undefined) return { prepared, kind: 'failed', why: problem };
  if (write === undefined) return { prepared, kind: 'nothing-to-write' };
  if (attempt.kind !== 'written' && attempt.kind !== 'failed') return { prepared, kind: attempt.kind };
  // Damaged since it was written: nobody knows whether that write stands there.
  if (damage !== undefined) return { prepared, kind: 'failed', why: `it could not be read back: ${damage}` };
  if (current !== undefined && isSameWrite(current, write.entry)) return { prepared, kind: 'written', write };
  if (attempt.kind === 'failed' && (current?.version ?? 0) < write.entry.version) {
    return { prepared, kind: 'failed', why: attempt.why };
  }
  return { prepared, kind: 'overtaken' };
}

function isSameWrite(found: LedgerEntry, meant: LedgerEntry): boolean {
  return (
    found.version === meant.version &&
    found.updatedAt.getTime() === meant.updatedAt.getTime() &&
    found.notice?.sweep === meant.notice?.sweep &&
    found.intent?.sweep === meant.intent?.sweep
  );
}
