/** One offline audit in a process of its own: `measure-offline FILE AS_OF`. */
import { readFileSync } from 'node:fs';
import { snapshotReport } from '../core/audit.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import type { AuditMeasurement } from './cases.ts';

const [file = '', asOf = ''] = process.argv.slice(2);
const content = readFileSync(file);
const startedAt = performance.now();
const { summary } = snapshotReport({ content }, defaultPolicy, new Date(asOf)).audit;
const measurement: AuditMeasurement = {
  wallMs: performance.now() - startedAt,
  peakMemory: process.resourceUsage().maxRSS * 1024,
  findings: summary.fail,
  errors: summary.error,
  requests: {},
};
process.stdout.write(JSON.stringify(measurement));
