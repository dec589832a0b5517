import type { Snapshot } from '../core/lifecycle/snapshot.ts';

/**
 * The snapshot for a look ahead with --as-of: the report is as old then as it is now, so that a later night is not held
 * back for its age.
 */
export function moveReport(snapshot: Snapshot, asOf: Date | undefined, now: Date): Snapshot {
  const { audit } = snapshot;
  const { newestDate: _, generatedAt, ...report } = audit.report;
  if (asOf === undefined || generatedAt === undefined) return snapshot;
  const moved = new Date(generatedAt.getTime() + asOf.getTime() - now.getTime());
  return { ...snapshot, audit: { ...audit, report: { ...report, generatedAt: moved } } };
}
