/** The guard between a plan and a change: everything that justifies the change is read again just before each attempt. */
import { SECOND } from '../../core/duration.ts';
import { given } from '../../core/given.ts';
import { decide } from '../../core/lifecycle/decide.ts';
import type { Change, Decision } from '../../core/lifecycle/decision.ts';
import { needsUser } from '../../core/lifecycle/open-questions.ts';
import { judgeLiveStatus } from '../../core/lifecycle/reasons.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import type { Duration } from '../../core/model.ts';
import type { ReadProblem } from '../../core/ports.ts';
import { inspectAgain } from '../inspector.ts';
import { recheck, recheckUser } from '../recheck.ts';
import type { Run } from './run.ts';

/** What the guard says about one attempt; `state` is what it has just read. */
export type Verdict =
  /** What was planned is still right. */
  | { readonly kind: 'go'; readonly state: CredentialState }
  /**
   * What was read leads to another decision. `denial`: only a read that AWS denied rules out the change; such a denial usually
   * lasts, as one of the change does.
   */
  | {
      readonly kind: 'stand-down';
      readonly state: CredentialState;
      readonly decision: Decision;
      readonly denial?: ReadProblem;
    }
  /** Another sweep or `keysweep restore` has written to the ledger since the intent. */
  | { readonly kind: 'superseded' }
  /** It would be right, but the first reads are too old by now. */
  | { readonly kind: 'too-slow'; readonly state: CredentialState };

/** How long reads justify a change, in milliseconds: throttled reads may take a minute. */
const freshFor: Duration = 10 * SECOND;

/**
 * Rechecks the key, decides again, and finally checks that the entry with the intent is still the newest in the ledger. The
 * answer is valid for one immediate attempt.
 *
 * @param state with the entry that has the intent
 * @throws KeysweepError if the ledger cannot be read; ports to IAM do not throw
 */
export async function guard(run: Run, state: CredentialState, change: Change): Promise<Verdict> {
  const { ports, policy } = run;
  const { timing } = ports;
  const begunAt = timing.monotonic();
  const { reads, denials } = inspectAgain(ports.source);
  const seen = await recheck(reads, state, 'read');
  // The name, path, ARN and tags that the policy matches may have changed.
  const isUserAsked = seen.liveStatus.kind === 'seen' && needsUser(seen, policy, ports.clock.now());
  const looked = isUserAsked ? await recheckUser(reads, seen) : seen;
  const now = ports.clock.now();
  const judged = judgeLiveStatus(looked, looked.liveStatus, policy, now);
  const decision = decide(judged, policy, now);
  if (decision.type !== change.type) {
    const denial = isUndecided(decision) ? denials[0] : undefined;
    return { kind: 'stand-down', state: judged, decision, ...given({ denial }) };
  }
  if (await isSweptByNewer(run)) return { kind: 'stand-down', state: judged, decision: newerSweep };
  const current = await ports.ledger.entry(state.account, state.credential.id);
  if (current?.version !== state.entry?.version) return { kind: 'superseded' };
  return { kind: timing.monotonic() - begunAt > freshFor ? 'too-slow' : 'go', state: judged };
}

const newerSweep: Decision = {
  type: 'skip',
  skipReason: 'waiting',
  why: 'superseded: a newer sweep of the account has begun, with its own audit',
};

/** Two sweeps that do not know each other’s changes would exceed the caps: only the one with the newer snapshot continues. */
async function isSweptByNewer({ ports, account, snapshot }: Run): Promise<boolean> {
  const newest = await ports.ledger.sweptSnapshot(account.id);
  return newest !== undefined && newest.id !== snapshot;
}

/** Only an unknown rules out the change. */
function isUndecided(decision: Decision): boolean {
  if (decision.type === 'skip') return decision.skipReason === 'unknown';
  return decision.type === 'warn' && decision.about === 'unknown';
}
