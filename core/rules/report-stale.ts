import { describeDuration, formatDuration, HOUR } from '../duration.ts';
import { controlIds } from './controls.ts';
import type { AccountRule } from './rule.ts';

/**
 * AWS generated the credential report longer ago than `limits.maxReportAge`. Says nothing of a report of unknown age.
 * A report from after the moment judged cannot be judged: seen from before, nothing in it would be old.
 */
export const reportStale: AccountRule = {
  id: 'report-stale',
  subject: 'account',
  title: 'Credential report is stale',
  condition:
    'AWS generated the credential report longer ago than limits.maxReportAge. Silent where the age is not known (a saved report).',
  why: 'Findings from an old report are about the past: keys may have been used, made or deleted since. Nothing is acted on.',
  remedy: 'Run the audit again. If it stays so, look whether iam:GenerateCredentialReport is allowed and works.',
  severity: 'medium',
  controls: controlIds({}),
  judge({ asOf, report, policy }) {
    const { generatedAt, newestDate } = report;
    const { maxReportAge } = policy.limits;
    const known = generatedAt ?? newestDate;
    if (known !== undefined && known.getTime() - asOf.getTime() > tolerance) {
      const reason = `cannot be judged: it holds facts of ${known.toISOString()}, after the moment judged (${asOf.toISOString()}); check the clock and --as-of`;
      return [{ status: 'error', reason, evidence: { knownAt: known.toISOString() } }];
    }
    if (generatedAt === undefined || asOf.getTime() - generatedAt.getTime() <= maxReportAge) return [];
    const age = describeDuration(asOf.getTime() - generatedAt.getTime());
    const why = report.notRenewed === undefined ? '' : `; AWS made no newer one: ${report.notRenewed}`;
    return [
      {
        status: 'fail',
        reason: `generated ${age} ago (limit ${formatDuration(maxReportAge)})${why}`,
        evidence: { generatedAt: generatedAt.toISOString() },
      },
    ];
  },
};

/** Clocks differ, and a report is made after the audit has read its own. */
const tolerance = HOUR;
