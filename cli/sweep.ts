/** What the commands plan and sweep share. */
import { given } from '../core/given.ts';
import { undecided } from '../core/lifecycle/decision.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import type { SkippedCredential, SweepResult } from '../core/lifecycle/sweep-result.ts';
import { usageProblems } from '../core/policy/usage.ts';
import type { SweepProgress } from '../engine/sweep/ports.ts';
import { printable } from '../reports/printable.ts';
import type { SweepDocument } from '../reports/sweep/document.ts';
import { renderSweepJson } from '../reports/sweep/json.ts';
import { actionsInWords, renderSweepTable } from '../reports/sweep/table.ts';
import type { RestoreTerms } from '../reports/undo.ts';
import { counted, credentialInWords } from '../reports/words.ts';
import { auditOpenAccount, type OpenAccount } from './account.ts';
import type { ExitCode, OpenCommand } from './command.ts';
import type { InstallationOptions } from './installation.ts';
import type { Io } from './io.ts';
import { describePlace, type LedgerPlace } from './ledger.ts';
import { firstFew } from './notes.ts';
import type { AwsOptions, PrintOptions } from './options.ts';
import type { Progress } from './terminal.ts';

export interface AuditForSweepOptions extends AwsOptions, PrintOptions, InstallationOptions {
  readonly policy?: string;
  readonly asOf?: Date;
  readonly ledger?: LedgerPlace;
}

/**
 * Audits the account as of `now`, and says which exemptions and overrides have no effect in it: a plan or a sweep shows
 * only those that have.
 */
export async function auditForSweep(
  account: OpenAccount,
  { policy, io, note }: OpenCommand,
  { asOf }: AuditForSweepOptions,
  now: Date,
): Promise<Snapshot> {
  const snapshot = moveReport(await auditOpenAccount(account, policy, now), asOf, io.now());
  const { usage } = snapshot.audit;
  for (const problem of usage === undefined ? [] : usageProblems(usage)) await note(`policy: ${problem}`);
  return snapshot;
}

/**
 * The snapshot for a later night (--as-of): the report is as old then as it is now, so that nothing is skipped for its
 * age.
 */
function moveReport(snapshot: Snapshot, asOf: Date | undefined, now: Date): Snapshot {
  const { audit } = snapshot;
  const { newestDate: _, generatedAt, currentUntil, ...report } = audit.report;
  if (asOf === undefined || generatedAt === undefined) return snapshot;
  const move = (time: Date) => new Date(time.getTime() + asOf.getTime() - now.getTime());
  const moved = { generatedAt: move(generatedAt), ...given({ currentUntil: currentUntil && move(currentUntil) }) };
  return { ...snapshot, audit: { ...audit, report: { ...report, ...moved } } };
}

const sweepPhases: Readonly<Record<SweepProgress['phase'], string>> = {
  record: 'recording',
  act: 'deactivating and deleting',
};

/** Shows the progress of a sweep on a terminal. */
export function showSteps(progress: Progress): (step: SweepProgress) => void {
  return ({ phase, done, total }) => progress.show(sweepPhases[phase], done, total);
}

interface SweepPlaces extends RestoreTerms {
  readonly ledger: LedgerPlace | undefined;
  readonly topicArn?: string | undefined;
  readonly forecast?: string | undefined;
}

/** What is printed of a plan or a sweep. */
export function sweepDocument(
  kind: SweepDocument['kind'],
  result: SweepResult,
  { audit }: Snapshot,
  { source }: OpenAccount,
  { ledger, topicArn, forecast, ...terms }: SweepPlaces,
): SweepDocument {
  return {
    kind,
    result,
    report: audit.report,
    ...given({ usage: audit.usage, ledger: ledger && describePlace(ledger), topicArn, forecast }),
    ...terms,
    requests: source.requests(),
  };
}

/** A sweep with a problem beside those of its credentials is not complete, whatever else it did. */
export function withProblem(result: SweepResult, problem: string | undefined): SweepResult {
  if (problem === undefined) return result;
  const { outcome, problems } = result;
  return { ...result, problems: [...problems, problem], outcome: outcome === 'complete' ? 'partial' : outcome };
}

/** Prints a sweep, says on stderr what is wrong with it, and returns its exit code. */
export async function finishSweep(
  document: SweepDocument,
  { output }: PrintOptions,
  { printer, io }: OpenCommand,
): Promise<ExitCode> {
  const render = output === 'json' ? renderSweepJson : renderSweepTable;
  await printer.print((style) => render(document, style), actionsInWords(document.result));
  await explainPartial(document.kind, document.result, io);
  return document.result.outcome === 'complete' ? 0 : 2;
}

/** Says on stderr, --quiet or not, why a sweep is not complete: the reason for exit code 2. */
async function explainPartial(kind: SweepDocument['kind'], result: SweepResult, io: Io): Promise<void> {
  const { outcome, problems, actions, skipped } = result;
  if (outcome === 'complete') return;
  const failed = actions.flatMap((item) =>
    item.outcome === 'failed' ? [keyAndWhy(item, item.detail ?? item.why)] : [],
  );
  const open = skipped.flatMap((item) => (undecided.has(item.skipReason) ? [keyAndWhy(item, item.why)] : []));
  const halfJudged = [...actions, ...skipped].flatMap((item) =>
    item.unjudged === undefined ? [] : [keyAndWhy(item, item.unjudged)],
  );
  const keys = [...failed, ...open, ...halfJudged];
  const count = keys.length === 0 ? '' : `: ${counted(keys.length, 'key')} not processed`;
  const lines = [...problems, ...firstFew(keys)].map((line) => `  ${printable(line)}`);
  await io.stderr.write(`${[`keysweep: the ${kind} is ${outcome}${count} (exit code 2)`, ...lines].join('\n')}\n`);
}

function keyAndWhy(
  { credential, principal }: Pick<SkippedCredential, 'credential' | 'principal'>,
  why: string,
): string {
  return `${principal.name} ${credentialInWords(credential)}: ${why}`;
}
