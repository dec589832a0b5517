import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type AuditorMetric, metricsNamespace, type RotatorMetric } from '../core/metrics.ts';

/** Value of the dimension `service`. */
export type MetricService = 'auditor' | 'rotator';

export function auditorMetric(name: AuditorMetric, options?: MetricOptions): Metric {
  return metricOf('auditor', name, options);
}

export function rotatorMetric(name: RotatorMetric, options?: MetricOptions): Metric {
  return metricOf('rotator', name, options);
}

/** The largest value of each day, unless told otherwise: there is one a night. */
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
