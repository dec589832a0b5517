import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type AuditorMetric, metricsNamespace, type RotatorMetric } from '../core/metrics.ts';

/** Value of the dimension `service`. */
export type MetricService = 'auditor' | 'rotator';

/** A metric that the auditor emits once per run; see core/metrics.ts. */
export function auditorMetric(name: AuditorMetric, options?: MetricOptions): Metric {
  return metricOf('auditor', name, options);
}

/** A metric that the rotator emits once per run; see core/metrics.ts. */
export function rotatorMetric(name: RotatorMetric, options?: MetricOptions): Metric {
  return metricOf('rotator', name, options);
}

/** By default the maximum of each day: there is one value per night. */
function metricOf(service: MetricService, metricName: string, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: metricsNamespace,
    metricName,
    dimensionsMap: { service },
    statistic: Stats.MAXIMUM,
    period: Duration.days(1),
    ...options,
  });
}
