import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  GraphWidgetView,
  type IAlarm,
  type IMetric,
  MathExpression,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { DeadLetterQueues } from './alarms.ts';
import { auditorMetric, rotatorMetric } from './metrics.ts';

/** What the dashboard shows besides the metrics of the functions. */
export interface HygieneDashboardProps {
  readonly alarms: readonly IAlarm[];
  readonly deadLetters: DeadLetterQueues;
}

const halfWidth = 12;
const day = Duration.days(1);

/** The state of an account's credentials, and of keysweep itself, over 30 nights. Three dashboards per account are free. */
export class HygieneDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { alarms, deadLetters }: HygieneDashboardProps) {
    super(scope, id, { defaultInterval: Duration.days(30) });
    this.addWidgets(
      new TextWidget({
        markdown: '# keysweep\nOne data point per night. For each alarm and what to do, see docs/operations.md',
        width: 24,
        height: 2,
      }),
    );
    this.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 3 }));
    this.addWidgets(
      graph('Findings by severity', [
        auditorMetric('FindingsCritical', { label: 'critical', color: '#7d2105' }),
        auditorMetric('FindingsHigh', { label: 'high', color: '#d62728' }),
        auditorMetric('FindingsMedium', { label: 'medium', color: '#ff7f0e' }),
        auditorMetric('FindingsLow', { label: 'low', color: '#1f77b4' }),
        auditorMetric('FindingsUnjudged', { label: 'could not be judged', color: '#7f7f7f' }),
      ]),
      graph('Keys by stage', [
        auditorMetric('ActiveKeys', { label: 'active' }),
        rotatorMetric('KeysWarned', { label: 'warned' }),
        rotatorMetric('KeysDeactivated', { label: 'deactivated' }),
        rotatorMetric('KeysDeleted', { label: 'deleted' }),
        rotatorMetric('DeferredByCap', { label: 'deferred by a cap' }),
        rotatorMetric('UnjudgedKeys', { label: 'could not be judged' }),
        rotatorMetric('BlockedByAws', { label: 'denied by AWS' }),
      ]),
    );
    this.addWidgets(
      new SingleValueWidget({
        title: 'Oldest active key',
        metrics: [
          new MathExpression({
            expression: 'seconds / 86400',
            label: 'days',
            usingMetrics: { seconds: auditorMetric('OldestActiveKey') },
            period: day,
          }),
        ],
        sparkline: true,
        width: halfWidth,
        height: 6,
      }),
      graph('Runs', [
        auditorMetric('CompletedRuns', { label: 'audits', statistic: Stats.SUM }),
        rotatorMetric('CompletedRuns', { label: 'sweeps', statistic: Stats.SUM }),
        auditorMetric('PartialRuns', { label: 'partial audits', statistic: Stats.SUM }),
        rotatorMetric('PartialRuns', { label: 'partial sweeps', statistic: Stats.SUM }),
      ]),
    );
    this.addWidgets(
      graph('Duration of the longest run', [
        auditorMetric('Duration', { label: 'audit' }),
        rotatorMetric('Duration', { label: 'sweep' }),
      ]),
      graph('AWS requests', [
        auditorMetric('Requests', { label: 'audit', statistic: Stats.SUM }),
        rotatorMetric('Requests', { label: 'sweep', statistic: Stats.SUM }),
        auditorMetric('Throttles', { label: 'throttled in the audit', statistic: Stats.SUM }),
        rotatorMetric('Throttles', { label: 'throttled in the sweep', statistic: Stats.SUM }),
      ]),
    );
    this.addWidgets(
      graph('Delivery', [
        auditorMetric('UnreachedTopics', { label: 'topics that reach no one' }),
        auditorMetric('NoticesUndelivered', { label: 'undelivered alerts and findings', statistic: Stats.SUM }),
        rotatorMetric('NoticesUndelivered', { label: 'undelivered digests', statistic: Stats.SUM }),
      ]),
      graph('Dead-letter queues', queueDepths(deadLetters)),
    );
  }
}

function queueDepths(deadLetters: DeadLetterQueues): IMetric[] {
  return Object.entries(deadLetters).map(([label, queue]) =>
    queue.metricApproximateNumberOfMessagesVisible({ label, statistic: Stats.MAXIMUM, period: day }),
  );
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({
    title,
    left,
    width: halfWidth,
    height: 6,
    view: GraphWidgetView.TIME_SERIES,
    leftYAxis: { min: 0, showUnits: true },
  });
}
