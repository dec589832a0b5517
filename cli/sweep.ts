/** What the commands plan and sweep share. */
import { given } from '../core/given.ts';
import { undecided } from '../core/lifecycle/decision.ts';
import type { Rotation, RotationLeft } from '../core/lifecycle/sweep-result.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import { usageProblems } from '../core/policy/usage.ts';
import type { SweepProgress } from '../engine/sweep/ports.ts';
import { printable } from '../reports/printable.ts';
import type { RotationDocument } from '../reports/sweep/document.ts';
import { renderRotationJson } from '../reports/sweep/json.ts';
import { actionsInWords, renderRotationTable } from '../reports/sweep/table.ts';
import { counted, credentialInWords } from '../reports/words.ts';
import { auditOpenAccount, type OpenAccount } from './account.ts';
import type { ExitCode, OpenCommand } from './command.ts';
import type { Io } from './io.ts';
import { describePlace, type LedgerPlace } from './ledger.ts';
import { firstFew } from './notes.ts';
import type { AwsOptions, PrintOptions } from './options.ts';
import type { Progress } from './terminal.ts';

export interface RotationOptions extends AwsOptions, PrintOptions {
  readonly policy?: string;
  readonly asOf?: Date;
  readonly ledger?: LedgerPlace;
}

/**
 * Audits the account as of `now`, and says which exemptions and overrides have no effect in it: a plan or a sweep shows
 * only what they do.
 */
export async function auditToRotate(
  account: OpenAccount,
  { policy, io, note }: OpenCommand,
  { asOf }: RotationOptions,
  now: Date,
): Promise<Snapshot> {
  const snapshot = moveReport(await auditOpenAccount(account, policy, now), asOf, io.now());
  const { usage } = snapshot.audit;
  for (const problem of usage === undefined ? [] : usageProblems(usage)) await note(`policy: ${problem}`);
  return snapshot;
}

/**
 * The snapshot for a look ahead with --as-of: the report is as old then as it is now, so that a later night is not held
 * back for its age.
 */
function moveReport(snapshot: Snapshot, asOf: Date | undefined, now: Date): Snapshot {
  const { audit } = snapshot;
  const { newestDate: _, generatedAt, ...report } = audit.report;
  if (asOf === undefined || generatedAt === undefined) return snapshot;
  const moved = new Date(generatedAt.getTime() + asOf.getTime() - now.getTime());
  return { ...snapshot, audit: { ...audit, report: { ...report, generatedAt: moved } } };
}

const sweepPhases: Readonly<Record<SweepProgress['phase'], string>> = {
  record: 'recording',
  act: 'switching off and deleting',
};

/** Shows on a terminal how far a sweep is. */
export function showSteps(progress: Progress): (step: SweepProgress) => void {
  return ({ phase, done, total }) => progress.show(sweepPhases[phase], done, total);
}

/** What is printed of a plan or a sweep. */
export function rotationDocument(
  kind: RotationDocument['kind'],
  rotation: Rotation,
  { audit }: Snapshot,
  { source }: OpenAccount,
  { ledger, topicArn }: { readonly ledger: LedgerPlace | undefined; readonly topicArn?: string | undefined },
): RotationDocument {
  return {
    kind,
    rotation,
    report: audit.report,
    ...given({ usage: audit.usage, ledger: ledger && describePlace(ledger), topicArn }),
    requests: source.requests(),
  };
}

/** Prints a rotation, says on stderr what is wrong with it, and gives its exit code. */
export async function finishRotation(
  document: RotationDocument,
  { output }: PrintOptions,
  { printer, io }: OpenCommand,
): Promise<ExitCode> {
  const render = output === 'json' ? renderRotationJson : renderRotationTable;
  await printer.print((style) => render(document, style), actionsInWords(document.rotation));
  await explainPartial(document.kind, document.rotation, io);
  return document.rotation.outcome === 'complete' ? 0 : 2;
}

/** Says on stderr, --quiet or not, why a rotation is not complete: the reason for exit code 2. */
async function explainPartial(kind: RotationDocument['kind'], rotation: Rotation, io: Io): Promise<void> {
  const { outcome, problems, actions, left } = rotation;
  if (outcome === 'complete') return;
  const failed = actions.flatMap((one) => (one.outcome === 'failed' ? [keyAndWhy(one, one.detail ?? one.why)] : []));
  const open = left.flatMap((one) => (undecided.has(one.hold) ? [keyAndWhy(one, one.why)] : []));
  const halfJudged = [...actions, ...left].flatMap((one) =>
    one.unjudged === undefined ? [] : [keyAndWhy(one, one.unjudged)],
  );
  const keys = [...failed, ...open, ...halfJudged];
  const count = keys.length === 0 ? '' : `: ${counted(keys.length, 'key')} not dealt with`;
  const lines = [...problems, ...firstFew(keys)].map((line) => `  ${printable(line)}`);
  await io.stderr.write(`${[`keysweep: the ${kind} is ${outcome}${count} (exit code 2)`, ...lines].join('\n')}\n`);
}

function keyAndWhy({ credential, principal }: Pick<RotationLeft, 'credential' | 'principal'>, why: string): string {
  return `${principal.name} ${credentialInWords(credential)}: ${why}`;
}
