import { describeDuration, formatDuration, HOUR } from '../duration.ts';
import type { AccountRule } from './rule.ts';

/**
 * AWS generated the credential report more than `limits.maxReportAge` ago. A report of unknown age gives no finding. A
 * report later than the moment that is judged cannot be judged: nothing in it would seem old.
 */
export const reportStale: AccountRule = {
  id: 'report-stale',
  subject: 'account',
  title: 'Credential report is stale',
  condition:
    'AWS generated the credential report more than limits.maxReportAge ago. No finding if its age is unknown (a saved report).',
  why: 'An old report describes the past: keys may have been used, created or deleted since. A sweep does not act on it.',
  remedy:
    'Run the audit again. If the report is still stale, check that iam:GenerateCredentialReport is allowed and works.',
  severity: 'medium',
  judge({ asOf, report, policy }) {
    const { generatedAt, newestDate } = report;
    const { maxReportAge } = policy.limits;
    const known = generatedAt ?? newestDate;
    if (known !== undefined && known.getTime() - asOf.getTime() > tolerance) {
      const reason = `cannot be judged: it contains dates as late as ${known.toISOString()}, after the time of this audit (${asOf.toISOString()}); check the clock and --as-of`;
      return [{ status: 'error', reason, evidence: { knownAt: known.toISOString() } }];
    }
    if (generatedAt === undefined || asOf.getTime() - generatedAt.getTime() <= maxReportAge) return [];
    const age = describeDuration(asOf.getTime() - generatedAt.getTime());
    const why = report.notRenewed === undefined ? '' : `; AWS generated no newer one: ${report.notRenewed}`;
    return [
      {
        status: 'fail',
        reason: `generated ${age} ago (limit ${formatDuration(maxReportAge)})${why}`,
        evidence: { generatedAt: generatedAt.toISOString() },
      },
    ];
  },
};

/** Clocks differ, and the report is generated after the audit has read its own clock. */
const tolerance = HOUR;
