/** A forecast of 180 nights from a saved report in a process of its own: `measure-forecast FILE AS_OF`. */
import { readFileSync } from 'node:fs';
import { snapshotReport } from '../core/audit.ts';
import { forecast } from '../core/lifecycle/forecast.ts';
import { nothingRemembered } from '../core/lifecycle/remembered.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { ForecastMeasurement } from './cases.ts';

const [file = '', asOf = ''] = process.argv.slice(2);
const policy: Policy = { ...defaultPolicy, mode: 'enforce' };
const from = new Date(asOf);
const snapshot = snapshotReport({ content: readFileSync(file) }, policy, from);
const startedAt = performance.now();
const { events } = forecast(snapshot, nothingRemembered, policy, { from, nights: 180, use: 'continue' });
const measurement: ForecastMeasurement = {
  wallMs: performance.now() - startedAt,
  peakMemory: process.resourceUsage().maxRSS * 1024,
  events: events.length,
};
process.stdout.write(JSON.stringify(measurement));
