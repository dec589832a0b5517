import type { Command } from 'commander';
import { systemTiming } from '../../aws/timing.ts';
import { given } from '../../core/given.ts';
import type { SweepDocument } from '../../reports/sweep/document.ts';
import { type OpenAccount, withAccount } from '../account.ts';
import { type CommandContext, type ExitCode, type OpenCommand, openCommand } from '../command.ts';
import { placesOf, stackOption } from '../installation.ts';
import type { Io } from '../io.ts';
import { ledgerOption, type OpenLedger, readLedger, withLedger } from '../ledger.ts';
import { nextCommand } from '../notes.ts';
import { addAwsOptions, addPolicyOption, addPrintOptions, asOfOption, refuseRoleDetails } from '../options.ts';
import { type AuditForSweepOptions, auditForSweep, finishSweep, showSteps, sweepDocument } from '../sweep.ts';

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
  if (command.policy.mode === 'audit' && options.output === 'table') return explainAudit(command);
  const document = await withAccount(options, io, async (account) => {
    const { session } = account;
    const { id } = await session.caller();
    const { ledger: place } = await placesOf(options, { session, io, note: command.note, use: 'read' });
    const placed = { ...options, ...given({ ledger: place }) };
    return withLedger(readLedger(place, session, id, io, command.note), (ledger) =>
      makePlan(placed, command, account, ledger),
    );
  });
  return finishSweep(document, options, command);
}

/** In mode audit every plan is the same: no request is needed for it. */
async function explainAudit({ printer, io }: OpenCommand): Promise<ExitCode> {
  const forecast = nextCommand('forecast', io);
  await printer.print(
    () => `Mode audit makes no changes. What mode enforce would do: ${forecast}\n`,
    'nothing to plan',
  );
  return 0;
}

async function makePlan(
  options: AuditForSweepOptions,
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
  return sweepDocument('plan', result, snapshot, account, { ledger: options.ledger });
}
