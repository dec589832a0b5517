/** What a forecast says and what real nights do, as lines that can be compared. */
import type { ForecastEvent } from '../../core/lifecycle/forecast.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';

/** @param ids of the keys that no one had to read, by the name that the forecast gives them */
export function forecastLine(event: ForecastEvent, ids: ReadonlyMap<string, string>): string {
  return line(event.night, event, ids.get(event.credential.id) ?? event.credential.id);
}

/** One line for each thing that was done. What was not done after all says so, and is in no forecast. */
export function sweepLines({ startedAt, actions }: SweepResult): readonly string[] {
  return actions.map((action) => {
    const outcome = action.outcome === 'applied' ? '' : ` (${action.outcome})`;
    return `${line(startedAt, action, action.credential.id)}${outcome}`;
  });
}

function line(night: Date, { type, notice, about, change }: Partial<ForecastEvent>, id: string): string {
  return [night.toISOString().slice(0, 10), type, notice, about, change, id].filter((part) => part).join(' ');
}
