import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import { systemTiming } from '../../aws/timing.ts';
import { given } from '../../core/given.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { SweepPorts } from '../../engine/sweep/ports.ts';
import type { SweepDocument } from '../../reports/sweep/document.ts';
import { type OpenAccount, withAccount } from '../account.ts';
import { alertOnce } from '../alert.ts';
import { type AskedAbout, askBeforeSweeping } from '../ask-before-sweeping.ts';
import { type CommandContext, type ExitCode, type OpenCommand, openCommand } from '../command.ts';
import { refuseWithoutTerminal } from '../confirm.ts';
import { forecastCommand } from '../forecast-command.ts';
import { type Places, placesOf, stackOption } from '../installation.ts';
import type { Io } from '../io.ts';
import { ledgerOption, noLedger, type OpenLedger, openLedger, readLedger, withLedger } from '../ledger.ts';
import type { Note } from '../notes.ts';
import {
  addNoticeOptions,
  type NoticeOptions,
  openEventBus,
  openNotifier,
  requireNoticeChoice,
  restoreTermsOf,
} from '../notices.ts';
import { addAwsOptions, addPolicyOption, addPrintOptions, asOfOption, refuseRoleDetails } from '../options.ts';
import {
  type AuditForSweepOptions,
  auditForSweep,
  finishSweep,
  showSteps,
  sweepDocument,
  withProblem,
} from '../sweep.ts';

interface SweepCommandOptions extends AuditForSweepOptions, NoticeOptions {
  readonly enforce?: boolean;
  readonly yes?: boolean;
}

/** With the places of the installation. */
interface PlacedOptions extends SweepCommandOptions, Omit<Places, 'eventBus'> {
  readonly forecast: string;
}

const explanation = `
Examples:
  keysweep sweep
      dry run: what a sweep would do now
  keysweep sweep --enforce
      shows what is due, asks, then notifies, deactivates and deletes, with ledger
      and topic of the installation in the account
  keysweep sweep --enforce --ledger file:ledger.jsonl --no-notify --yes
      from a script, without notifying anyone

A sweep is a dry run unless --enforce is given AND the policy's mode is warn or
enforce. In mode warn owners are notified and nothing is deactivated. Before it
acts it shows what it is about to do, in which account and as whom, and asks for
the account's alias or id; without a terminal it needs --yes. It does only what
it showed: what falls due while you think waits for the next sweep. Ctrl-C ends
it cleanly: the next sweep continues from there.

If no channel of the topic reaches people, no clock starts and nothing is
changed, and the sweep says why. The topic gets one digest. If the audit finds
something critical, an alert goes to the alert topic of the installation, or to
the --topic-arn that is given. The ledger records what was delivered: a second
run in the same night sends neither again.

Needs what an audit needs, and sns:Publish, sns:ListSubscriptionsByTopic,
sns:GetSubscriptionAttributes and iam:GetUser; in mode enforce
iam:UpdateAccessKey and iam:DeleteAccessKey; ssm:GetParametersByPath and
iam:GetRolePolicy to find the installation; for a ledger in DynamoDB
dynamodb:GetItem, dynamodb:PutItem and dynamodb:Query; with --event-bus
events:PutEvents.

Exit codes: 0 the sweep or dry run is complete, whatever it did; 2 it failed, is
partial or was cancelled, or --enforce --yes had no effect in mode audit.
`;

export function addSweepCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('sweep')
    .summary('notify owners, deactivate and delete what is due')
    .description(
      'Audits an account, then notifies owners, and deactivates and deletes access keys. A dry run without --enforce.',
    );
  addAwsOptions(command).addOption(ledgerOption()).addOption(stackOption('ledger'));
  addPolicyOption(command).addOption(asOfOption());
  command
    .optionsGroup('Actions:')
    .option('--enforce', "do it, as far as the policy's mode allows; without it, nothing changes")
    .addOption(new Option('--yes', 'do not ask before notifying, deactivating and deleting'));
  addNoticeOptions(command);
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: SweepCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      checkEnforce(options, self);
      context.finish(await runSweep(options, context.io));
    });
}

/** A sweep that writes needs the real time, a record of what it does, and a choice of whom to notify. */
function checkEnforce(options: SweepCommandOptions, command: Command): void {
  if (options.enforce !== true) return;
  if (options.asOf !== undefined) {
    command.error("error: option '--as-of <time>' cannot be used with option '--enforce': changes need the real time", {
      exitCode: 2,
    });
  }
  requireNoticeChoice(options, command);
}

async function runSweep(options: SweepCommandOptions, io: Io): Promise<ExitCode> {
  const command = await openCommand(options, io);
  const { policy, note } = command;
  const enforces = options.enforce === true && policy.mode !== 'audit';
  if (enforces && options.yes !== true) refuseWithoutTerminal(io);
  await noteMode(options, policy, note);
  const document = await withAccount(options, io, async (account) => {
    const search = { session: account.session, io, note, use: enforces ? 'write' : 'read' } as const;
    // Not the bus: it takes the events of a sweep from the deployed function only.
    const { eventBus: _, ...places } = await placesOf(options, search);
    const placed = { ...options, ...places, forecast: forecastCommand(options, io) };
    const audit = () => auditForSweep(account, command, placed, placed.asOf ?? io.now());
    const asks = enforces && placed.yes !== true;
    // Before the ledger is opened to write: it is not locked while someone thinks, and after a no it is not there.
    const asked = asks ? await askBeforeSweeping(placed, command, await audit(), account) : undefined;
    return withLedger(openSweepLedger(placed, enforces, account, command, asked?.noted), async (ledger) =>
      sweepOpenAccount(placed, enforces, command, account, ledger, asked ?? { snapshot: await audit() }),
    );
  });
  const code = await finishSweep(document, options, command);
  return options.enforce === true && !enforces ? withoutEffect(options, command, code) : code;
}

/** Says, --quiet or not, that --enforce did nothing. A script that wants changes, with --yes, must not take that for success. */
async function withoutEffect(
  { yes }: SweepCommandOptions,
  { file, io }: OpenCommand,
  code: ExitCode,
): Promise<ExitCode> {
  const where =
    file === undefined ? 'no policy file was read, and the default mode is audit' : `the mode of ${file} is audit`;
  const failed = yes === true ? ' (exit code 2)' : '';
  await io.stderr.write(
    `keysweep: --enforce had no effect: ${where}; for notices set mode: warn, for changes mode: enforce${failed}\n`,
  );
  return yes === true ? 2 : code;
}

/** Says why this is a dry run, or what the mode rules out. */
async function noteMode({ enforce = false }: SweepCommandOptions, { mode }: Policy, note: Note): Promise<void> {
  // With --enforce, see withoutEffect.
  if (mode === 'audit' && enforce) return;
  if (mode === 'audit') {
    return note(
      'dry run: the policy says mode: audit, in which a sweep takes no action on keys, and --enforce was not given',
    );
  }
  if (!enforce) return note(`dry run: --enforce was not given (the policy says mode: ${mode})`);
  if (mode === 'warn') await note('mode warn: owners are notified; nothing is deactivated or deleted');
}

async function openSweepLedger(
  { ledger: place }: SweepCommandOptions,
  enforces: boolean,
  { session }: OpenAccount,
  { io, note }: OpenCommand,
  noted?: ReadonlySet<string>,
): Promise<OpenLedger> {
  if (place === undefined) return noLedger();
  return enforces
    ? openLedger(place, session, io, note, noted)
    : readLedger(place, session, (await session.caller()).id, io, note);
}

async function sweepOpenAccount(
  options: PlacedOptions,
  enforces: boolean,
  command: OpenCommand,
  account: OpenAccount,
  ledger: OpenLedger,
  { snapshot, confirmed }: AskedAbout,
): Promise<SweepDocument> {
  const [{ sweepAccount }, { publishEvents }, { sweepId }, { createIamCredentialActions }] = await Promise.all([
    import('../../engine/sweep/sweep.ts'),
    import('../../engine/sweep/publish-events.ts'),
    import('../../engine/sweep/ports.ts'),
    import('../../aws/iam-credential-actions.ts'),
  ]);
  const { policy, io, note } = command;
  const { session, source, progress } = account;
  const { asOf, topicArn, alertTopicArn, ledger: place } = options;
  const clock = { now: asOf === undefined ? io.now : () => asOf };
  const notifier = enforces ? await openNotifier(options, session) : undefined;
  const events = enforces ? await openEventBus(options, session) : undefined;
  // Only a sweep that may write gets what can write.
  const actions = enforces && policy.mode === 'enforce' ? createIamCredentialActions(session) : undefined;
  const ports: SweepPorts = {
    ...{ source, actions, ledger, notifier, clock },
    ...{ timing: systemTiming, onProgress: showSteps(progress) },
  };
  let undelivered: string | undefined;
  const alerts = enforces ? await openNotifier(given({ topicArn: alertTopicArn }), session) : undefined;
  if (alerts !== undefined && alertTopicArn !== undefined && confirmed?.alert !== false) {
    await progress.end();
    const about = { ledger, notifier: alerts, topicArn: alertTopicArn, policy, now: clock.now(), note };
    undelivered = await alertOnce(snapshot.audit, about);
  }
  const terms = await restoreTermsOf(options, options, session, io);
  const swept = await sweepAccount(ports, policy, snapshot, {
    sweep: sweepId(clock.now(), randomUUID()),
    enforce: enforces,
    ...(enforces && { remainingTime: untilInterrupted(io) }),
    ...given({ commandOptions: terms.commandOptions, shown: confirmed?.shown }),
  });
  // In mode audit there is no lifecycle, and the ledger makes no difference.
  const unknown = policy.mode === 'audit' ? undefined : options.ledgerUnknown;
  const result = withProblem(await publishEvents(events, swept), undelivered ?? unknown);
  return sweepDocument('sweep', result, snapshot, account, {
    ledger: place,
    topicArn: enforces ? topicArn : undefined,
    forecast: options.forecast,
    ...terms,
  });
}

/** Plenty of time, until the user asks the process to end. */
function untilInterrupted(io: Io): () => number {
  let time = Number.POSITIVE_INFINITY;
  void io.interrupted().then(() => {
    time = 0;
  });
  return () => time;
}
