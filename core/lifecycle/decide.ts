/** What to do with one credential. The plan and the guard before each deed ask this same function. */
import { kindOf } from '../kinds/kinds.ts';
import type { Policy } from '../policy/policy.ts';
import { limitsOf, possibleThresholds } from '../policy/thresholds.ts';
import { factsOf, leave } from './case.ts';
import { decideActive } from './decide-active.ts';
import { decideInactive } from './decide-inactive.ts';
import { decideRemoval } from './decide-removal.ts';
import type { Decision } from './decision.ts';
import { doubtCreation, doubtEntry, withUseAsOf } from './sense.ts';
import type { CredentialState } from './state.ts';

/**
 * Decides by what is known at `now`. Whatever is not known leads to `leave`, never to a deed; dates are compared with
 * <=, so that a missed night loses nothing.
 */
export function decide(state: CredentialState, policy: Policy, now: Date): Decision {
  const { sighting, entry, principal } = state;
  if (policy.mode === 'audit') return leave('mode', 'mode audit has no lifecycle');
  if (principal.kind !== 'user') return leave('unknown', 'only credentials of IAM users are retired');
  const doubt = entry && doubtEntry(entry, state, now);
  if (doubt?.kind === 'impossible') return leave('unknown', doubt.why);
  const unborn = entry === undefined ? doubtCreation(sighting, now) : undefined;
  if (unborn !== undefined) return leave('unknown', unborn);
  const decision = decideSound({ ...state, sighting: withUseAsOf(sighting, now) }, policy, now);
  // That it is active again is noted all the same: a deletion wants it inactive at every sweep.
  const isRestored = decision.type === 'observe' && decision.change === 'restored';
  return doubt === undefined || isRestored ? decision : leave('unknown', doubt.why);
}

function decideSound(state: CredentialState, policy: Policy, now: Date): Decision {
  const { sighting, entry } = state;
  if (entry?.stage === 'deleted') {
    return sighting.kind === 'seen'
      ? leave('unknown', 'IAM shows it, but the ledger has it as deleted')
      : leave('deleted', 'deleted');
  }
  switch (sighting.kind) {
    case 'unknown':
      return leave('unknown', sighting.why);
    case 'gone':
      if (entry === undefined) return leave('deleted', 'it is gone');
      return {
        type: 'observe',
        change: 'deleted',
        by: entry.intent?.action === 'delete' ? 'keysweep' : 'person',
        why: 'it is gone',
      };
    case 'seen': {
      const [thresholds, ...others] = possibleThresholds(policy, factsOf(state));
      if (thresholds === undefined || others.length > 0)
        return leave('unknown', 'an override may apply, and cannot be evaluated');
      const { kind } = state.credential;
      const found = { state, seen: sighting, limits: limitsOf(thresholds, kind), policy, now };
      switch (kindOf(kind).off) {
        case 'none':
          return leave('compliant', `${kindOf(kind).noun.many} have no lifecycle`);
        case 'destroys':
          return decideRemoval(found);
        case 'status':
          return sighting.status === 'Active' ? decideActive(found) : decideInactive(found);
      }
    }
  }
}
