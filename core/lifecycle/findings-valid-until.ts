/**
 * Until when what was judged about a credential stands, as long as no one touches it. The rules compare its age, and the
 * time since its last use, with thresholds: between two such moments nothing changes but ages in texts. A moment too many
 * only takes time; one too few, and a forecast would come too late, which test/core/lifecycle/forecast.property.test.ts is
 * to notice.
 */
import { clockTolerance } from '../future-dates.ts';
import type { Duration } from '../model.ts';
import { endOf } from '../policy/exemptions.ts';
import type { Policy } from '../policy/policy.ts';
import { limitsOf, possibleThresholds } from '../policy/thresholds.ts';
import type { CredentialState } from './state.ts';

/** Where a comparison still includes the moment itself: 1 ms later it has changed. */
const afterwards: Duration = 1;

/**
 * Until when (in ms, exclusive) the findings stand; exemptions end as well. `isUsedNow`: whenever it is judged, the time
 * since its last use is 0.
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

/** The first moment after `now` that lies one of the spans from one of the dates; infinity where there is none. */
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
