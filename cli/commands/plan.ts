import type { Command } from 'commander';
import { systemTiming } from '../../aws/timing.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { RotationDocument } from '../../reports/rotation/document.ts';
import { auditOpenAccount, type OpenAccount, withAccount } from '../account.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { readPolicy } from '../input.ts';
import type { Io } from '../io.ts';
import { describePlace, type LedgerPlace, ledgerOption, noLedger, readLedger } from '../ledger.ts';
import { type Note, notePolicyProblems, noteTo } from '../notes.ts';
import {
  type AwsOptions,
  addAwsOptions,
  addPolicyOption,
  addPrintOptions,
  asOfOption,
  type PrintOptions,
  refuseRoleDetails,
} from '../options.ts';
import { openPrinter } from '../output.ts';
import { finishRotation, moveReport, showOn } from '../rotation.ts';

interface PlanCommandOptions extends AwsOptions, PrintOptions {
  readonly policy?: string;
  readonly asOf?: Date;
  readonly ledger?: LedgerPlace;
}

const explanation = `
Examples:
  keysweep plan --ledger dynamodb:keysweep-ledger
      what tonight's sweep would do about which key, and why it leaves the others alone
  keysweep plan --ledger file:ledger.jsonl --as-of 2026-12-24T02:30:00Z
      the same for a later night, if nothing changes until then and nobody uses a key

Changes nothing and tells nobody. In mode audit a sweep does nothing about keys; what mode
enforce would do over the coming months: keysweep forecast.

Exit codes: 0 planned, 2 failed, or some keys could not be judged.
`;

export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .summary('what tonight would do, and why not the rest')
    .description('Shows what a sweep would do now about which access key. Changes nothing.');
  addAwsOptions(command).addOption(ledgerOption());
  addPolicyOption(command).addOption(asOfOption());
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: PlanCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      context.finish(await runPlan(options, context.io));
    });
}

async function runPlan(options: PlanCommandOptions, io: Io): Promise<ExitCode> {
  const note = noteTo(io, options.quiet === true);
  const printer = await openPrinter(options, io, note);
  const policy = await readPolicy(options.policy, io, note);
  const document = await withAccount(options, io, (account) => makePlan(options, policy, account, io, note));
  return finishRotation(document, options, printer, io);
}

async function makePlan(
  { ledger: place, asOf }: PlanCommandOptions,
  policy: Policy,
  account: OpenAccount,
  io: Io,
  note: Note,
): Promise<RotationDocument> {
  const { sweepAccount } = await import('../../engine/sweep/sweep.ts');
  const { source, session, progress } = account;
  const now = asOf ?? io.now();
  if (place === undefined) await note('no --ledger, so nothing is known of earlier notices and deactivations');
  const ledger =
    place === undefined ? noLedger() : await readLedger(place, session, (await session.caller()).id, io, note);
  try {
    const snapshot = moveReport(await auditOpenAccount(account, policy, now), asOf, io.now());
    await notePolicyProblems(snapshot.audit, note);
    const clock = { now: () => now };
    const ports = {
      ...{ source, actions: undefined, ledger, notifier: undefined, clock },
      ...{ timing: systemTiming, onProgress: showOn(progress) },
    };
    const rotation = await sweepAccount(ports, policy, snapshot, { sweep: 'plan', enforce: false });
    return {
      kind: 'plan',
      rotation,
      report: snapshot.audit.report,
      ...(snapshot.audit.usage !== undefined && { usage: snapshot.audit.usage }),
      ...(place !== undefined && { ledger: describePlace(place) }),
      requests: source.requests(),
    };
  } finally {
    await ledger.close();
  }
}
