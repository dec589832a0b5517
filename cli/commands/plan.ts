import type { Command } from 'commander';
import { systemTiming } from '../../aws/timing.ts';
import type { SweepDocument } from '../../reports/sweep/document.ts';
import { type OpenAccount, withAccount } from '../account.ts';
import { type CommandContext, type ExitCode, type OpenCommand, openCommand } from '../command.ts';
import { forecastCommand } from '../forecast-command.ts';
import { type Places, placesOf, stackOption } from '../installation.ts';
import type { Io } from '../io.ts';
import { ledgerOption, type OpenLedger, readLedger, withLedger } from '../ledger.ts';
import { restoreTermsOf } from '../notices.ts';
import { addAwsOptions, addPolicyOption, addPrintOptions, asOfOption, refuseRoleDetails } from '../options.ts';
import {
  type AuditForSweepOptions,
  auditForSweep,
  finishSweep,
  showSteps,
  sweepDocument,
  withProblem,
} from '../sweep.ts';

const explanation = `
Examples:
  keysweep plan
      what tonight's sweep would do with each key, and why it skips the others
  keysweep plan --ledger file:ledger.jsonl --as-of 2026-12-24T02:30:00Z
      the same for a later night, if nothing changes and no key is used

Changes nothing and notifies no one. In mode audit a sweep takes no action on
keys, so there is nothing to plan; keysweep forecast shows what mode enforce
would do over the coming months.

Exit codes: 0 complete, 2 failed, or some keys could not be judged.
`;

export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .summary('what the next sweep would do, and what it would skip and why')
    .description('Shows what a sweep would do now with each access key. Changes nothing.');
  addAwsOptions(command).addOption(ledgerOption()).addOption(stackOption('ledger'));
  addPolicyOption(command).addOption(asOfOption());
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: AuditForSweepOptions, self: Command) => {
      refuseRoleDetails(options, self);
      context.finish(await runPlan(options, context.io));
    });
}

async function runPlan(options: AuditForSweepOptions, io: Io): Promise<ExitCode> {
  const command = await openCommand(options, io);
  if (command.policy.mode === 'audit' && options.output === 'table') return explainAudit(options, command);
  const document = await withAccount(options, io, async (account) => {
    const { session } = account;
    const { id } = await session.caller();
    const places = await placesOf(options, { session, io, note: command.note, use: 'read' });
    return withLedger(readLedger(places.ledger, session, id, io, command.note), (ledger) =>
      makePlan(options, places, command, account, ledger),
    );
  });
  return finishSweep(document, options, command);
}

/** In mode audit every plan is the same: no request is needed for it. */
async function explainAudit(options: AuditForSweepOptions, { printer, io }: OpenCommand): Promise<ExitCode> {
  await printer.print(
    () => `Mode audit makes no changes. What mode enforce would do: ${forecastCommand(options, io)}\n`,
    'nothing to plan',
  );
  return 0;
}

async function makePlan(
  options: AuditForSweepOptions,
  places: Places,
  command: OpenCommand,
  account: OpenAccount,
  ledger: OpenLedger,
): Promise<SweepDocument> {
  const { sweepAccount } = await import('../../engine/sweep/sweep.ts');
  const { policy, io } = command;
  const now = options.asOf ?? io.now();
  const snapshot = await auditForSweep(account, command, options, now);
  const ports = {
    ...{ source: account.source, actions: undefined, ledger, notifier: undefined, clock: { now: () => now } },
    ...{ timing: systemTiming, onProgress: showSteps(account.progress) },
  };
  const result = await sweepAccount(ports, policy, snapshot, { sweep: 'plan', enforce: false });
  const { ledger: place, ledgerUnknown } = places;
  const terms = await restoreTermsOf(places, options, account.session, io);
  // In mode audit there is no lifecycle, and the ledger makes no difference.
  const known = policy.mode === 'audit' ? result : withProblem(result, ledgerUnknown);
  return sweepDocument('plan', known, snapshot, account, { ledger: place, ...terms });
}
