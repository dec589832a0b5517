import { Aws, Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type AuditorMetric, installationDimension, metricsNamespace, type RotatorMetric } from '../core/metrics.ts';

/** Value of the dimension `service`. */
export type MetricService = 'auditor' | 'rotator';

/** The installation whose metric it is. */
export interface InstallationMetricOptions extends MetricOptions {
  /** Name of its stack. @default - the stack in which the metric is used */
  readonly installation?: string;
}

/** A metric that the auditor emits once per run; see core/metrics.ts. */
export function auditorMetric(name: AuditorMetric, options?: InstallationMetricOptions): Metric {
  return metricOf('auditor', name, options);
}

/** A metric that the rotator emits once per run; see core/metrics.ts. */
export function rotatorMetric(name: RotatorMetric, options?: InstallationMetricOptions): Metric {
  return metricOf('rotator', name, options);
}

/** By default the maximum of each day: there is one value per night. */
function metricOf(
  service: MetricService,
  metricName: string,
  { installation = Aws.STACK_NAME, ...options }: InstallationMetricOptions = {},
): Metric {
  return new Metric({
    namespace: metricsNamespace,
    metricName,
    dimensionsMap: { [installationDimension]: installation, service },
    statistic: Stats.MAXIMUM,
    period: Duration.days(1),
    ...options,
  });
}
