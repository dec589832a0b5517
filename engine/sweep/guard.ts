/** What stands between a plan and a change: everything that justifies it is read again just before each attempt. */

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

/** What the guard says of one attempt; `state` is what it has just read. */
export type Verdict =
  /** What was planned is still right. */
  | { readonly kind: 'go'; readonly state: CredentialState }
  /**
   * What was read leads to another decision. `denial`: nothing else speaks against the change than a read that AWS denies,
   * which lasts, as a rule, as a denied change does.
   */
  | {
      readonly kind: 'stand-down';
      readonly state: CredentialState;
      readonly decision: Decision;
      readonly denial?: ReadProblem;
    }
  /** Another sweep or `keysweep restore` has written to the ledger since the intent. */
  | { readonly kind: 'superseded' }
  /** It would be right, but what was read first is too old by now. */
  | { readonly kind: 'too-slow'; readonly state: CredentialState };

/** How long what was read justifies a change, in milliseconds: throttled reads may take a minute. */
const freshFor: Duration = 10 * SECOND;

/**
 * Reads again what the key is like, lets the policy decide on it, and asks the ledger last whether the intent is still
 * the newest that it knows of the key. The answer counts for one attempt, at once.
 *
 * @param state with the entry that holds the intent
 * @throws KeysweepError where the ledger cannot be read; ports to IAM do not throw
 */
export async function guard(run: Run, state: CredentialState, change: Change): Promise<Verdict> {
  const { ports, policy } = run;
  const { timing } = ports;
  const begunAt = timing.monotonic();
  const { reads, denials } = inspectAgain(ports.source);
  const seen = await recheck(reads, state, 'read');
  // The name, path, ARN and tags that the policy goes by may be others by now.
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
  why: 'a newer sweep of the account has begun, and goes on by its own audit',
};

/** Two sweeps that do not know of each other’s changes would share no cap: the one with the newer snapshot goes on. */
async function isSweptByNewer({ ports, account, snapshot }: Run): Promise<boolean> {
  const newest = await ports.ledger.sweptSnapshot(account.id);
  return newest !== undefined && newest.id !== snapshot;
}

/** Nothing else speaks against the change than what is not known. */
function isUndecided(decision: Decision): boolean {
  if (decision.type === 'skip') return decision.skipReason === 'unknown';
  return decision.type === 'warn' && decision.about === 'unknown';
}
