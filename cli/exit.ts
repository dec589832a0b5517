import type { Audit, Severity } from '../core/model.ts';
import { severities } from '../core/model.ts';

/** 0: nothing at or above --fail-on. 1: findings. 2: the run failed or is incomplete. A public interface. */
export type ExitCode = 0 | 1 | 2;

/** What `--fail-on` takes: the least severity that counts, or `none`. */
export const failOnChoices = [...severities, 'none'] as const;
export type FailOn = (typeof failOnChoices)[number];

/** The exit code of an audit. What could not be judged makes it incomplete, whatever else was found. */
export function exitCodeOf(audit: Audit, failOn: FailOn): ExitCode {
  if (audit.findings.some((finding) => finding.status === 'error')) return 2;
  const counts = audit.findings.some((finding) => finding.status === 'fail' && atLeast(finding.severity, failOn));
  return counts ? 1 : 0;
}

function atLeast(severity: Severity, failOn: FailOn): boolean {
  return failOn !== 'none' && severities.indexOf(severity) <= severities.indexOf(failOn);
}
