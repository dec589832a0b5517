/** No calendar and no list of notices lets a stale key wait for ever, and none lets it go without its notices. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import { decide } from '../../../core/lifecycle/decide.ts';
import { addTo, isChange } from '../../../core/lifecycle/decision.ts';
import type { LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import { recordDecision, recordIntent, recordOutcome } from '../../../core/lifecycle/transitions.ts';
import type { Duration } from '../../../core/model.ts';
import type { Policy, Weekday } from '../../../core/policy/policy.ts';
import { enforcing, seen, now as start, stateOf } from '../../support/lifecycle-builder.ts';

const weekdays: readonly Weekday[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const calendars = Array.from({ length: 127 }, (_, at) => weekdays.filter((_, day) => ((at + 1) >> day) & 1));
const warnings: readonly (readonly Duration[])[] = [
  [14 * DAY, 7 * DAY, DAY],
  [30 * DAY, 10 * DAY],
  [5 * DAY, DAY],
  [3 * DAY],
  [3 * DAY, 6 * HOUR],
  [DAY, 6 * HOUR],
  [6 * HOUR],
  [2 * MINUTE, MINUTE],
];

/** The guard before a change asks again so much later. */
const untilGuard = 3 * MINUTE;

interface Outcome {
  /** In nights, from the first one. */
  readonly off: number | undefined;
  readonly deleted: number | undefined;
  readonly notApplied: number;
  readonly finalNotices: number;
}

/** Nights at the same time of day, of a key that no one uses. */
function playNights(policy: Policy, nights: number): Outcome {
  let entry: LedgerEntry | undefined;
  let [off, deleted]: (number | undefined)[] = [];
  let [notApplied, finalNotices] = [0, 0];
  for (let night = 0; night < nights && deleted === undefined; night++) {
    const now = addTo(start, night * DAY);
    const liveStatus = seen({ status: off === undefined ? 'Active' : 'Inactive' });
    const state = (at: Date) => stateOf({ liveStatus, at, ...(entry === undefined ? {} : { entry }) }, policy);
    const decision = decide(state(now), policy, now);
    const moment = { now, sweep: String(night) };
    if (decision.type === 'skip') continue;
    if (!isChange(decision)) {
      if (decision.type === 'warn' && decision.notice === 'final-notice') finalNotices++;
      entry = recordDecision(state(now), decision, policy, moment).entry;
      continue;
    }
    const later = addTo(now, untilGuard);
    if (decide(state(later), policy, later).type !== decision.type) {
      notApplied++;
      continue;
    }
    entry = recordIntent(state(now), decision, moment).entry;
    entry = recordOutcome(state(now), decision, policy, moment).entry;
    if (decision.type === 'deactivate') off = night;
    else deleted = night;
  }
  return { off, deleted, notApplied, finalNotices };
}

describe.each(warnings.map((warn) => ({ warn, text: warn.map((time) => `${time / HOUR}h`).join(', ') })))(
  'warn: [$text]',
  ({ warn }) => {
    it('with every calendar a stale key is deleted, after one final notice each time, and no announcement fails', () => {
      const period = (warn[0] ?? 0) / DAY;
      for (const days of calendars) {
        const policy = enforcing({ calendar: { timezone: 'UTC', days, freeze: [] } }, { warn, deleteAfter: 30 * DAY });
        const { off = Number.NaN, deleted, notApplied, finalNotices } = playNights(policy, 200);
        const label = days.join(' ');
        expect(notApplied, label).toBe(0);
        expect(off, label).toBeGreaterThanOrEqual(period);
        expect(off, label).toBeLessThanOrEqual(period + 8);
        expect(deleted, label).toBeGreaterThanOrEqual(off + 30);
        expect(deleted, label).toBeLessThanOrEqual(off + 30 + 8);
        // Where there is one notice alone, it is the final one.
        expect(finalNotices, label).toBeLessThanOrEqual(2);
      }
    });
  },
);
