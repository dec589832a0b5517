/** What the commands plan and sweep share. */
import { undecided } from '../core/lifecycle/decision.ts';
import type { Rotation, RotationLeft } from '../core/lifecycle/rotation.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import type { SweepProgress } from '../engine/sweep/ports.ts';
import { printable } from '../reports/printable.ts';
import type { RotationDocument } from '../reports/rotation/document.ts';
import { renderRotationJson } from '../reports/rotation/json.ts';
import { actionsInWords, renderRotationTable } from '../reports/rotation/table.ts';
import { counted, credentialInWords } from '../reports/words.ts';
import type { ExitCode } from './command.ts';
import type { Io } from './io.ts';
import type { PrintOptions } from './options.ts';
import type { Printer } from './output.ts';
import type { Progress } from './terminal.ts';

const phases: Readonly<Record<SweepProgress['phase'], string>> = {
  look: 'looking again',
  record: 'recording',
  act: 'switching off and deleting',
};

export function showOn(progress: Progress): (step: SweepProgress) => void {
  return ({ phase, done, total }) => progress.show(phases[phase], done, total);
}

/** Prints a rotation, says on stderr what is wrong with it, and gives its exit code. */
export async function finishRotation(
  document: RotationDocument,
  { output }: PrintOptions,
  printer: Printer,
  io: Io,
): Promise<ExitCode> {
  const render = output === 'json' ? renderRotationJson : renderRotationTable;
  await printer.print((style) => render(document, style), actionsInWords(document.rotation));
  await explainPartial(document.kind, document.rotation, io);
  return document.rotation.outcome === 'complete' ? 0 : 2;
}

const shown = 5;

function lineOf({ credential, principal }: Pick<RotationLeft, 'credential' | 'principal'>, why: string): string {
  return `${principal.name} ${credentialInWords(credential)}: ${why}`;
}

/** Says on stderr, --quiet or not, why a rotation is not complete: the reason for exit code 2. */
async function explainPartial(kind: RotationDocument['kind'], rotation: Rotation, io: Io): Promise<void> {
  const { outcome, problems, actions, left } = rotation;
  if (outcome === 'complete') return;
  const failed = actions.flatMap((one) => (one.outcome === 'failed' ? [lineOf(one, one.detail ?? one.why)] : []));
  const open = left.flatMap((one) => (undecided.has(one.hold) ? [lineOf(one, one.why)] : []));
  const halfJudged = [...actions, ...left].flatMap((one) =>
    one.unjudged === undefined ? [] : [lineOf(one, one.unjudged)],
  );
  const keys = [...failed, ...open, ...halfJudged];
  const lines = [...problems, ...keys.slice(0, shown)].map((line) => `  ${printable(line)}`);
  const rest = keys.length > shown ? [`  and ${keys.length - shown} more`] : [];
  const count = keys.length === 0 ? '' : `: ${counted(keys.length, 'key')} not dealt with`;
  await io.stderr.write(
    `${[`keysweep: the ${kind} is ${outcome}${count} (exit code 2)`, ...lines, ...rest].join('\n')}\n`,
  );
}

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
