import type { Forecast, ForecastEvent } from '../../core/lifecycle/forecast.ts';
import type { UseAssumption } from '../../core/lifecycle/forecast-model.ts';
import { localDate } from '../../core/lifecycle/local-time.ts';
import type { Account, ReportFacts } from '../../core/model.ts';
import type { Mode } from '../../core/policy/policy.ts';

/** A forecast with all that it rests on: what `keysweep forecast` prints. */
export interface ForecastDocument {
  readonly account: Account;
  /** What was observed, and when. */
  readonly asOf: Date;
  readonly report: ReportFacts;
  /** No key id, tag or fresh read was to be had: it rests on a saved report. */
  readonly offline: boolean;
  readonly model: ForecastModel;
  readonly forecast: Forecast;
}

export interface ForecastModel {
  /** The first night, and how many there are. */
  readonly from: Date;
  readonly nights: number;
  readonly use: UseAssumption;
  /** Of the policy's calendar: nights are called by its dates. Absent: UTC. */
  readonly timezone?: string;
  /** The policy's own mode. The forecast always models `enforce`: what would happen is the question. */
  readonly policyMode: Mode;
  /** Keys with a change that AWS denied when it was tried. */
  readonly denied: number;
  /** Where the ledger is; absent where the forecast starts with an empty one. */
  readonly ledger?: string;
}

/** What happens in a span of time, in credentials. */
export interface ForecastTotals {
  readonly firstNotices: number;
  readonly reminders: number;
  readonly finalNotices: number;
  readonly deactivated: number;
  readonly deleted: number;
  /** Reasons that are gone, and what someone else had done. */
  readonly other: number;
}

export interface MonthTotals extends ForecastTotals {
  /** YYYY-MM, in the time zone of the calendar. */
  readonly month: string;
}

const columns = {
  'first-notice': 'firstNotices',
  reminder: 'reminders',
  'final-notice': 'finalNotices',
  'still-waiting': 'reminders',
  deactivate: 'deactivated',
  delete: 'deleted',
} as const satisfies Readonly<Record<string, keyof ForecastTotals>>;

export function totalsOf(events: readonly ForecastEvent[]): ForecastTotals {
  const totals = { firstNotices: 0, reminders: 0, finalNotices: 0, deactivated: 0, deleted: 0, other: 0 };
  for (const { type, notice } of events) {
    const kind = notice ?? type;
    totals[kind in columns ? columns[kind as keyof typeof columns] : 'other']++;
  }
  return totals;
}

/** Whether its key id is not known: it is then called by its user and slot, `USER (access key SLOT)`. */
export function isNamedBySlot({ principal, credential }: Pick<ForecastEvent, 'principal' | 'credential'>): boolean {
  return credential.id.startsWith(`${principal.name} (`) && credential.id.endsWith(')');
}

/** Totals of every month in which something happens. */
export function totalsByMonth(events: readonly ForecastEvent[], timezone = 'UTC'): readonly MonthTotals[] {
  return [...groupByText(events, ({ night }) => localDate(timezone, night).slice(0, 7))].map(([month, own]) => ({
    month,
    ...totalsOf(own),
  }));
}

/** Events by their night, in the order of time. */
export function eventsByNight(events: readonly ForecastEvent[]): ReadonlyMap<string, readonly ForecastEvent[]> {
  return groupByText(events, ({ night }) => night.toISOString());
}

function groupByText<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
