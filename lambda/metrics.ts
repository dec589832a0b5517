import { Metrics } from '@aws-lambda-powertools/metrics';
import { installationDimension, type Metric, metricsNamespace } from '../core/metrics.ts';

/**
 * Writes the metrics of one run to standard output, in one line of CloudWatch's embedded metric format.
 *
 * @param installation value of the dimension `installation`
 */
export type EmitMetrics = (metrics: readonly Metric[], installation: string) => void;

/** @param service value of the dimension `service` */
export function createMetricsEmitter(service: 'auditor' | 'rotator'): EmitMetrics {
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: service });
  return (values, installation) => {
    metrics.addDimension(installationDimension, installation);
    for (const { name, unit, value } of values) metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  };
}
