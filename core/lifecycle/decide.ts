/** What to do with one credential. The plan and the guard before each change both use this function. */
import { kindOf } from '../kinds/kinds.ts';
import type { Policy } from '../policy/policy.ts';
import { limitsOf, possibleThresholds } from '../policy/thresholds.ts';
import { factsOf, skip } from './case.ts';
import { decideActive } from './decide-active.ts';
import { decideInactive } from './decide-inactive.ts';
import { decideRemoval } from './decide-removal.ts';
import type { Decision } from './decision.ts';
import { doubtCreation, doubtEntry, withUseAsOf } from './doubts.ts';
import type { CredentialState } from './state.ts';

/**
 * Decides by what is known at `now`. An unknown leads to `skip`, never to a change. Dates are compared with <=, so that a
 * missed night loses nothing.
 */
export function decide(state: CredentialState, policy: Policy, now: Date): Decision {
  const { liveStatus, entry, principal } = state;
  if (policy.mode === 'audit') return skip('mode', 'mode audit changes nothing');
  if (principal.kind !== 'user') return skip('unknown', 'only credentials of IAM users are deactivated');
  const doubt = entry && doubtEntry(entry, state, now);
  if (doubt?.kind === 'impossible') return skip('unknown', doubt.why);
  const futureCreation = entry === undefined ? doubtCreation(liveStatus, now) : undefined;
  if (futureCreation !== undefined) return skip('unknown', futureCreation);
  const decision = decideSound({ ...state, liveStatus: withUseAsOf(liveStatus, now) }, policy, now);
  // A reactivation is recorded in any case: a deletion requires that it was inactive at every sweep.
  const isRestored = decision.type === 'observe' && decision.change === 'restored';
  return doubt === undefined || isRestored ? decision : skip('unknown', doubt.why);
}

function decideSound(state: CredentialState, policy: Policy, now: Date): Decision {
  const { liveStatus, entry } = state;
  if (entry?.stage === 'deleted') {
    return liveStatus.kind === 'seen'
      ? skip('unknown', 'IAM shows it, but the ledger says that it was deleted')
      : skip('deleted', 'deleted');
  }
  switch (liveStatus.kind) {
    case 'unknown':
      return skip('unknown', liveStatus.why);
    case 'not-found':
      if (entry === undefined) return skip('deleted', 'it no longer exists in IAM');
      return {
        type: 'observe',
        change: 'deleted',
        by: entry.intent?.action === 'delete' ? 'keysweep' : 'person',
        why: 'it no longer exists in IAM',
      };
    case 'seen': {
      const [thresholds, ...others] = possibleThresholds(policy, factsOf(state));
      if (thresholds === undefined || others.length > 0)
        return skip('unknown', 'an override may apply, but cannot be evaluated');
      const { kind } = state.credential;
      const found = { state, seen: liveStatus, limits: limitsOf(thresholds, kind), policy, now };
      switch (kindOf(kind).off) {
        case 'none':
          return skip('compliant', `${kindOf(kind).noun.many} have no lifecycle`);
        case 'destroys':
          return decideRemoval(found);
        case 'status':
          return liveStatus.status === 'Active' ? decideActive(found) : decideInactive(found);
      }
    }
  }
}
