import { snapshotReport } from '../core/audit.ts';
import { DAY, describeDuration } from '../core/duration.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import type { ReportFacts } from '../core/model.ts';
import type { Policy } from '../core/policy/policy.ts';
import { readStdin, readUserFile } from './input.ts';
import type { Io } from './io.ts';
import type { Note } from './notes.ts';

/** Judges a saved credential report; `-` reads it from stdin. Makes no AWS call and needs no credentials. */
export async function auditOffline(file: string, policy: Policy, asOf: Date, io: Io, note: Note): Promise<Snapshot> {
  const started = io.monotonic();
  if (file === '-' && io.stdin.isTerminal)
    await note('reading the credential report from the terminal; end with Ctrl-D');
  const content = file === '-' ? await readStdin(io) : await readUserFile(file, 'the credential report', io);
  const { audit, ...snapshot } = snapshotReport({ content }, policy, asOf);
  await warnOfAge(audit.report, asOf, note);
  return {
    ...snapshot,
    audit: { ...audit, stats: { ...audit.stats, durationMs: Math.round(io.monotonic() - started) } },
  };
}

/** Hardly any account goes a week without a use of anything. */
const quietTime = 7 * DAY;

/**
 * A saved report does not say when it was made. Judged long after, it condemns keys that have been used ever since: where
 * nothing in it is recent, it may be that old.
 */
async function warnOfAge({ newestDate }: ReportFacts, asOf: Date, note: Note): Promise<void> {
  if (newestDate === undefined) return;
  const age = asOf.getTime() - newestDate.getTime();
  if (age <= quietTime) return;
  const then = newestDate.toISOString();
  await note(
    `nothing in this report is younger than ${describeDuration(age)}; if it was saved then, judge it --as-of ${then}`,
  );
}
