/** The metrics of a run, for CloudWatch: pure data. Names and units are a contract with the alarms and the dashboard. */
import { kinds } from './kinds/registry.ts';
import type { SkipReason } from './lifecycle/decision.ts';
import type { LedgerEntry } from './lifecycle/ledger.ts';
import { activeCredentials, type Snapshot } from './lifecycle/snapshot.ts';
import type { SweepNotices, SweepResult } from './lifecycle/sweep-result.ts';
import type { Duration } from './model.ts';

/** CloudWatch namespace of every metric; the dimension `service` separates auditor and rotator. */
export const metricsNamespace = 'Keysweep';

/** Its value is the name of the stack: otherwise the runs of one installation would hide the silence of another. */
export const installationDimension = 'installation';

type RunMetric =
  | 'CompletedRuns'
  | 'NoticesUndelivered'
  | 'UnreachedTopics'
  | 'Duration'
  | 'PartialRuns'
  | 'Requests'
  | 'Throttles';

/** What the credentials of a kind are called: counts are kept apart by kind. */
type MetricNoun = (typeof kinds)[number]['metric'];

/** Metrics that the auditor writes once per audit. Credentials are counted, ages are in seconds, durations in milliseconds. */
export type AuditorMetric =
  | 'FindingsCritical'
  | 'FindingsHigh'
  | 'FindingsMedium'
  | 'FindingsLow'
  | 'FindingsUnjudged'
  | `Active${MetricNoun['many']}`
  | `OldestActive${MetricNoun['one']}`
  | RunMetric;

/** Metrics that the rotator writes once per sweep. */
export type RotatorMetric =
  | `${MetricNoun['many']}${'Warned' | 'Deactivated' | 'Deleted'}`
  | `Unjudged${MetricNoun['many']}`
  | 'DeferredByCap'
  | 'BlockedByAws'
  | RunMetric;

/** One metric of a run. */
export interface Metric<Name extends AuditorMetric | RotatorMetric = AuditorMetric | RotatorMetric> {
  readonly name: Name;
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds';
  readonly value: number;
}

/** What a run cost. */
export interface RunCost {
  /** Requests to AWS by action, every attempt counted. */
  readonly requests: Readonly<Record<string, number>>;
  /** Attempts that AWS answered with a throttling error. */
  readonly throttles: number;
  readonly duration: Duration;
}

/** Whether a run could reach people. */
export interface AudienceFigures {
  /** Topics without a channel that is known to reach people. */
  readonly unreached: number;
  /** Messages that no one is known to have received. */
  readonly undelivered: number;
}

const everyoneReached: AudienceFigures = { unreached: 0, undelivered: 0 };

function figuresOf({ reached, undelivered }: SweepNotices): AudienceFigures {
  return { unreached: reached ? 0 : 1, undelivered };
}

function audienceMetrics({ unreached, undelivered }: AudienceFigures): readonly Metric<RunMetric>[] {
  return [count('UnreachedTopics', unreached), count('NoticesUndelivered', undelivered)];
}

/** A run that could not judge everything counts as completed and as partial: it finished, and someone should look into it. */
export function auditMetrics(
  snapshot: Snapshot,
  cost: RunCost,
  audience: AudienceFigures = everyoneReached,
): readonly Metric<AuditorMetric>[] {
  const { summary } = snapshot.audit;
  const { critical, high, medium, low } = summary.bySeverity;
  return [
    count('FindingsCritical', critical),
    count('FindingsHigh', high),
    count('FindingsMedium', medium),
    count('FindingsLow', low),
    count('FindingsUnjudged', summary.error),
    ...kinds.flatMap((kind) => activeMetrics(kind, snapshot)),
    ...costMetrics(cost),
    ...audienceMetrics(audience),
    count('CompletedRuns', 1),
    count('PartialRuns', summary.error > 0 || audience.undelivered > 0 ? 1 : 0),
  ];
}

/**
 * The same for an audit right after the installation: no one has confirmed a subscription yet, so whom it reaches is not
 * measured.
 */
export function firstAuditMetrics(snapshot: Snapshot, cost: RunCost): readonly Metric<AuditorMetric>[] {
  const ofAudience = audienceMetrics(everyoneReached).map(({ name }) => name);
  return auditMetrics(snapshot, cost).filter(({ name }) => !ofAudience.some((one) => one === name));
}

/**
 * What is known of the sweeps of a new installation: none has completed yet. From this value on, the alarm SweepMissing
 * counts the hours without one.
 */
export const noSweepYet: readonly Metric<RotatorMetric>[] = [count('CompletedRuns', 0)];

/**
 * @param entries of the ledger, after the sweep. If undefined (they could not be read), no key is counted by stage, because
 *   a zero would look like an answer
 */
export function sweepMetrics(
  { outcome, actions, skipped, notices }: SweepResult,
  entries: readonly LedgerEntry[] | undefined,
  cost: RunCost,
): readonly Metric<RotatorMetric>[] {
  return [
    ...(entries === undefined ? [] : stageMetrics(entries)),
    ...kinds.map(({ kind, metric }) => {
      const own = [...actions, ...skipped].filter(({ credential }) => credential.kind === kind);
      return count(`Unjudged${metric.many}`, own.filter(isUnjudged).length);
    }),
    count('DeferredByCap', skipped.filter(({ skipReason }) => skipReason === 'cap').length),
    count('BlockedByAws', skipped.filter(({ skipReason }) => skipReason === 'blocked').length),
    ...costMetrics(cost),
    ...audienceMetrics(notices === undefined ? everyoneReached : figuresOf(notices)),
    count('CompletedRuns', outcome === 'failed' ? 0 : 1),
    count('PartialRuns', outcome === 'partial' ? 1 : 0),
  ];
}

/** If the keys of a user could not be listed, those in the report count, or one if it shows none. */
function isUnjudged(one: { readonly skipReason?: SkipReason; readonly unjudged?: string }): boolean {
  return one.skipReason === 'unknown' || one.unjudged !== undefined;
}

function stageMetrics(entries: readonly LedgerEntry[]): readonly Metric<RotatorMetric>[] {
  return kinds.flatMap(({ kind, metric }) => {
    const inStage = (stage: LedgerEntry['stage']) => {
      return entries.filter((entry) => entry.credential.kind === kind && entry.stage === stage).length;
    };
    return [
      count(`${metric.many}Warned`, inStage('warned')),
      count(`${metric.many}Deactivated`, inStage('deactivated')),
      count(`${metric.many}Deleted`, inStage('deleted')),
    ];
  });
}

function costMetrics({ requests, throttles, duration }: RunCost): readonly Metric<RunMetric>[] {
  const sent = Object.values(requests).reduce((sum, one) => sum + one, 0);
  return [
    count('Requests', sent),
    count('Throttles', throttles),
    { name: 'Duration', unit: 'Milliseconds', value: Math.round(duration) },
  ];
}

function activeMetrics({ kind, metric }: (typeof kinds)[number], snapshot: Snapshot): readonly Metric<AuditorMetric>[] {
  const { asOf } = snapshot.audit;
  const active = activeCredentials(snapshot).filter(({ ref }) => ref.kind === kind);
  const ages = active.flatMap(({ createdAt }) => (createdAt.known ? [asOf.getTime() - createdAt.value.getTime()] : []));
  const oldest = ages.reduce((most, age) => Math.max(most, age), 0);
  return [
    count(`Active${metric.many}`, active.length),
    { name: `OldestActive${metric.one}`, unit: 'Seconds', value: Math.round(oldest / 1000) },
  ];
}

function count<Name extends AuditorMetric | RotatorMetric>(name: Name, value: number): Metric<Name> {
  return { name, unit: 'Count', value };
}
