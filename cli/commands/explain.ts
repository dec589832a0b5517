import type { Command } from 'commander';
import { given } from '../../core/given.ts';
import { findNamedKey, type NamedKey } from '../../engine/find-named-key.ts';
import { readKeyDetails } from '../../engine/read-key-details.ts';
import { renderExplainJson } from '../../reports/explain/json.ts';
import { renderExplainTable } from '../../reports/explain/table.ts';
import { printable } from '../../reports/printable.ts';
import { withAccount } from '../account.ts';
import { type CommandContext, type ExitCode, openCommand } from '../command.ts';
import { type InstallationOptions, placesOf, stackOption } from '../installation.ts';
import type { Io } from '../io.ts';
import { type LedgerPlace, ledgerOption, readLedger, withLedger } from '../ledger.ts';
import { restoreTermsOf } from '../notices.ts';
import {
  type AwsOptions,
  addAwsOptions,
  addPolicyOption,
  addPrintOptions,
  asOfOption,
  namedKeyHelp,
  type PrintOptions,
  readNamedKey,
  refuseRoleDetails,
  refuseUserTwice,
} from '../options.ts';

interface ExplainCommandOptions extends AwsOptions, PrintOptions, InstallationOptions {
  readonly user?: string;
  readonly policy?: string;
  readonly asOf?: Date;
  readonly ledger?: LedgerPlace;
}

const explanation = `
Examples:
  keysweep explain AKIAIOSFODNN7EXAMPLE
      whose key it is, what is wrong with it, which part of the policy applies,
      what was done about it so far, and what comes next, with dates
  keysweep explain alice
      the same for the key of alice; if she has several, it lists them

Changes nothing.

Exit codes: 0 complete, 2 failed, or something about the key is unknown.
`;

export function addExplainCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('explain')
    .summary('show key details: findings, history, and what comes next')
    .description('Shows the details of one access key: what is known about it, its history, and what comes next.')
    .argument('<key>', namedKeyHelp);
  addAwsOptions(command)
    .option('--user <name>', 'the IAM user, if AWS does not show whose key it is')
    .addOption(ledgerOption())
    .addOption(stackOption('ledger'));
  addPolicyOption(command).addOption(asOfOption());
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (key: string, options: ExplainCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      const named = readNamedKey(key);
      refuseUserTwice(named, options, self);
      context.finish(await runExplain(named, options, context.io));
    });
}

async function runExplain(named: NamedKey, options: ExplainCommandOptions, io: Io): Promise<ExitCode> {
  const command = await openCommand(options, io);
  const { policy, printer, note } = command;
  const asOf = options.asOf ?? io.now();
  const details = await withAccount(options, io, async ({ session, source, progress }) => {
    const { id } = await session.caller();
    const places = await placesOf(options, { session, io, note, use: 'read' });
    const { ledger: place, ledgerUnknown } = places;
    return withLedger(readLedger(place, session, id, io, note), async (ledger) => {
      const key = await findNamedKey(named, await source.account(), source, ledger);
      progress.show('waiting for the credential report', 0, 1);
      const question = { ...given({ userName: options.user }), ...key };
      const found = await readKeyDetails(question, source, ledger, policy, asOf);
      const stageKnown = place !== undefined && found.damage === undefined;
      const unknown = [...found.unknown, ...(ledgerUnknown === undefined ? [] : [ledgerUnknown])];
      return { ...found, unknown, stageKnown, ...(await restoreTermsOf(places, options, session, io)) };
    });
  });
  const render = options.output === 'json' ? renderExplainJson : renderExplainTable;
  await printer.print((style) => render(details, style), `details of ${details.credential.id}`);
  if (details.unknown.length === 0) return 0;
  const lines = details.unknown.map((one) => `  ${printable(one)}`);
  await io.stderr.write(`${['keysweep: incomplete: some details are unknown (exit code 2)', ...lines].join('\n')}\n`);
  return 2;
}
