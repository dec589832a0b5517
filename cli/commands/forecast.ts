import { type Command, Option } from 'commander';
import { given } from '../../core/given.ts';
import { countBlocked } from '../../core/lifecycle/blocked.ts';
import type { UseAssumption } from '../../core/lifecycle/forecast-model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { type ForecastRun, forecastEnforced, forecastLive } from '../../engine/forecast.ts';
import { type ForecastDocument, type ForecastModel, totalsOf } from '../../reports/forecast/document.ts';
import { renderForecastJson } from '../../reports/forecast/json.ts';
import { renderForecastTable } from '../../reports/forecast/table.ts';
import { printable } from '../../reports/printable.ts';
import { counted } from '../../reports/words.ts';
import { auditOffline, auditOpenAccount, withAccount } from '../account.ts';
import { type CommandContext, type ExitCode, type OpenCommand, openCommand } from '../command.ts';
import { type InstallationOptions, type Places, placesOf, stackOption } from '../installation.ts';
import type { Io } from '../io.ts';
import { describePlace, type LedgerPlace, ledgerOption, readRemembered } from '../ledger.ts';
import {
  type AwsOptions,
  addAwsOptions,
  addPolicyOption,
  addPrintOptions,
  asOfOption,
  type PrintOptions,
  readNights,
  refuseRoleDetails,
  reportOption,
} from '../options.ts';
import { type Progress, progressOn } from '../terminal.ts';

interface ForecastCommandOptions extends AwsOptions, PrintOptions, InstallationOptions {
  readonly report?: string;
  readonly policy?: string;
  readonly asOf?: Date;
  readonly days: number;
  readonly assume: UseAssumption;
  readonly ledger?: LedgerPlace;
}

const explanation = `
Examples:
  keysweep forecast --profile prod
      the next 180 nights, by date: notices, deactivations and deletions
  keysweep forecast --assume stop --output json
      the same if no one used any key anymore: the most that the policy can do
  keysweep forecast --report report.csv --policy keysweep.yaml
      offline, from a saved credential report: keys are named by user and slot

Read it before you set mode: enforce. It models that mode whatever the policy
says, and lists its assumptions below the figures.

Exit codes: 0 every key forecast, 2 failed, or some keys could not be judged.
`;

export function addForecastCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('forecast')
    .summary('what the policy would do over the coming months, by date')
    .description('Runs the policy night by night on a model of the account. Changes nothing.');
  addAwsOptions(command).addOption(reportOption()).addOption(ledgerOption());
  command.addOption(stackOption('ledger').conflicts('report'));
  addPolicyOption(command)
    .addOption(asOfOption())
    .addOption(new Option('--days <number>', 'how many nights').argParser(readNights).default(180))
    .addOption(
      new Option('--assume <use>', 'continue: keys in use stay in use; stop: no key is used anymore')
        .choices(['continue', 'stop'])
        .default('continue'),
    );
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: ForecastCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      context.finish(await runForecast(options, context.io));
    });
}

async function runForecast(options: ForecastCommandOptions, io: Io): Promise<ExitCode> {
  const command = await openCommand(options, io);
  const { policy, printer } = command;
  const asOf = options.asOf ?? io.now();
  const modelled = await modelNights(options, command, asOf);
  const document = documentOf(modelled, policy, asOf, options);
  const { deactivated, deleted } = totalsOf(document.forecast.events);
  const render = options.output === 'json' ? renderForecastJson : renderForecastTable;
  await printer.print((style) => render(document, style), `${deactivated} deactivated, ${deleted} deleted`);
  const { unknown } = document.forecast;
  const { ledgerUnknown } = modelled;
  const gaps = [
    ...(unknown.length === 0 ? [] : [`${counted(unknown.length, 'key')} could not be judged`]),
    ...(ledgerUnknown === undefined ? [] : [printable(ledgerUnknown)]),
  ];
  for (const gap of gaps) await io.stderr.write(`keysweep: incomplete: ${gap} (exit code 2)\n`);
  return gaps.length === 0 ? 0 : 2;
}

interface ModelledNights extends ForecastRun, Pick<ForecastModel, 'denied'>, Pick<Places, 'ledger' | 'ledgerUnknown'> {}

async function modelNights(
  options: ForecastCommandOptions,
  { policy, io, note }: OpenCommand,
  asOf: Date,
): Promise<ModelledNights> {
  const { report, ledger, days: nights, assume: use } = options;
  const span = { from: asOf, nights, use };
  if (report !== undefined) {
    const snapshot = await auditOffline(report, policy, asOf, io, note);
    const remembered = await readRemembered(ledger, snapshot.audit.account.id, undefined, asOf, io, note);
    const progress = progressOn(io.stderr, options.quiet === true);
    const result = forecastEnforced({ snapshot, remembered }, policy, { ...span, onNight: showNights(progress) });
    await progress.end();
    return { snapshot, forecast: result, denied: countBlocked(remembered.entries), ...given({ ledger }) };
  }
  return withAccount(options, io, async (account) => {
    const { source, session, progress } = account;
    const { id } = await session.caller();
    const { ledger: found, ledgerUnknown } = await placesOf(options, { session, io, note, use: 'read' });
    const remembered = await readRemembered(found, id, session, asOf, io, note);
    const audited = await auditOpenAccount(account, policy, asOf);
    const modelled = { ...span, onNight: showNights(progress) };
    const result = await forecastLive(source, audited, remembered, policy, modelled);
    const { riskUnread } = result;
    const order = 'where a limit applies, the keys idle longest come first';
    if (riskUnread !== undefined)
      await note(`could not read which keys are exposed or privileged (${riskUnread}); ${order}`);
    return { ...result, denied: countBlocked(remembered.entries), ...given({ ledger: found, ledgerUnknown }) };
  });
}

function showNights(progress: Progress): (done: number, total: number) => void {
  return (done, total) => progress.show('modeling nights', done, total);
}

function documentOf(
  { snapshot, forecast: result, denied, ledger }: ModelledNights,
  policy: Policy,
  asOf: Date,
  { days: nights, assume: use, report: savedReport }: ForecastCommandOptions,
): ForecastDocument {
  const { account, report } = snapshot.audit;
  return {
    account,
    asOf,
    report,
    offline: savedReport !== undefined,
    model: {
      from: asOf,
      nights,
      use,
      timezone: policy.calendar.timezone,
      policyMode: policy.mode,
      denied,
      ...given({ ledger: ledger && describePlace(ledger) }),
    },
    forecast: result,
  };
}
