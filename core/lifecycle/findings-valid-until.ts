/**
 * How long the findings on a credential stay valid while no one touches it. The rules compare its age and the time since its
 * last use with thresholds: between two such moments only the ages in texts change. A moment too many only costs time. With
 * one too few a forecast would be late, which test/core/lifecycle/forecast.property.test.ts must notice.
 */
import { clockTolerance } from '../future-dates.ts';
import type { Duration } from '../model.ts';
import { endOf } from '../policy/exemptions.ts';
import type { Policy } from '../policy/policy.ts';
import { limitsOf, possibleThresholds } from '../policy/thresholds.ts';
import type { CredentialState } from './state.ts';

/** For comparisons that still include the moment itself: the result changes 1 ms later. */
const afterwards: Duration = 1;

/**
 * Until when (in ms, exclusive) the findings are valid; the end of an exemption counts as well. `isUsedNow`: the time since
 * the last use is always 0.
 */
export function findingsValidUntil(state: CredentialState, policy: Policy, now: Date, isUsedNow: boolean): number {
  const { account, principal, tags, liveStatus, credential } = state;
  if (liveStatus.kind !== 'seen') return Number.POSITIVE_INFINITY;
  const { createdAt, lastUse } = liveStatus;
  const starts = lastUse.kind === 'used' && !isUsedNow ? [createdAt, lastUse.at] : [createdAt];
  const spans = possibleThresholds(policy, { account, principal, tags }).flatMap((thresholds) => {
    const { maxAge, maxIdle, neverUsedGrace, maxInactive } = limitsOf(thresholds, credential.kind);
    // Until then it is in the future, and counts as unknown.
    return [-clockTolerance, maxAge + afterwards, maxIdle, neverUsedGrace, maxInactive];
  });
  return Math.min(nextOf(starts, spans, now), nextOf(policy.exemptions.map(endOf), [0], now));
}

/** The first moment after `now` that is one of the spans after one of the dates; infinity if there is none. */
function nextOf(dates: readonly Date[], spans: readonly Duration[], now: Date): number {
  const time = now.getTime();
  let next = Number.POSITIVE_INFINITY;
  for (const date of dates) {
    for (const span of spans) {
      const moment = date.getTime() + span;
      if (moment > time && moment < next) next = moment;
    }
  }
  return next;
}
