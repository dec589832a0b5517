import { DAY, HOUR } from '../duration.ts';
import { bySection } from '../kinds/kinds.ts';
import type { Policy } from './policy.ts';

/** The policy of an empty file. The thresholds of each kind are in its spec. */
export const defaultPolicy: Policy = {
  version: 1,
  mode: 'audit',
  ...bySection(({ defaults }) => defaults),
  consolePasswords: { maxIdle: 45 * DAY, neverUsedGrace: 7 * DAY },
  root: { recentUse: 30 * DAY },
  limits: { maxDeactivations: { count: 10 }, maxDeletions: { count: 5 }, maxReportAge: 24 * HOUR },
  calendar: { timezone: 'UTC', days: ['Mon', 'Tue', 'Wed', 'Thu'], freeze: [] },
  overrides: [],
  exemptions: [],
  rules: {},
  notices: { ownerTag: 'owner', channels: [] },
  deployment: {
    // Outside the hour that daylight saving time skips, when EventBridge Scheduler would skip a night.
    schedule: { at: '04:30', timezone: 'UTC', flexibleWindow: HOUR / 2 },
    firstAudit: false,
    email: [],
    logRetention: 90 * DAY,
    // Two audits a year apart can still be compared.
    snapshotRetention: 400 * DAY,
    dashboard: true,
    tags: {},
  },
};
