/** When the sweeps of a forecast start. */
import { addTo } from './decision.ts';
import { localTime, momentOf, startOfDay } from './local-time.ts';
import { type NightTerms, scheduledNights, scheduledStart } from './nights.ts';
import type { Remembered } from './remembered.ts';

/**
 * The first sweep of a forecast starts now. Later ones follow the schedule if it starts sweeps with this ledger, or would
 * start this one, and otherwise start at the same time of day as the first. When in its window a scheduled sweep starts is a
 * guess: like the first, or in the middle.
 */
export function modelledTimes(
  terms: NightTerms,
  { sweeps }: Pick<Remembered, 'sweeps'>,
  from: Date,
  count: number,
): readonly Date[] {
  const starts = [...sweeps.values()].flatMap((record) => record?.startedAt ?? []);
  const own = scheduledStart(terms, from);
  if (own === undefined && starts.every((at) => scheduledStart(terms, at) === undefined))
    return sameTimeOfDay(terms, from, count);
  const { flexibleWindow } = terms.deployment.schedule;
  const offset = own === undefined ? Math.floor(flexibleWindow / 2) : from.getTime() - own.getTime();
  const times = [from];
  for (const begin of scheduledNights(terms, from)) {
    if (times.length >= count) break;
    times.push(addTo(begin, offset));
  }
  return times.slice(0, count);
}

function sameTimeOfDay({ calendar }: NightTerms, from: Date, count: number): readonly Date[] {
  const { timezone } = calendar;
  const { day, clock } = localTime(timezone, from);
  return Array.from({ length: count }, (_, night) => {
    if (night === 0) return from;
    return momentOf(timezone, day + night, clock) ?? startOfDay(timezone, day + night);
  });
}
