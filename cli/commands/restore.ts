import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { systemTiming } from '../../aws/timing.ts';
import { KeysweepError } from '../../core/error.ts';
import { given } from '../../core/given.ts';
import { accessKey } from '../../core/kinds/access-key.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { findKeyUser } from '../../engine/find-key-user.ts';
import { findNamedKey, type NamedKey } from '../../engine/find-named-key.ts';
import { orDamage } from '../../engine/remember.ts';
import type { RestoreCandidate, RestorePorts } from '../../engine/restore/restore.ts';
import { anyKeyId, anyUser, reactivateCommand } from '../../reports/notices/commands.ts';
import { printable } from '../../reports/printable.ts';
import {
  begunInWords,
  keyToRestoreInWords,
  type RestorationDocument,
  renderRestorationJson,
  restorationInWords,
} from '../../reports/restoration.ts';
import { type OpenAccount, withAccount } from '../account.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { confirm, refuseWithoutTerminal } from '../confirm.ts';
import { readPolicy } from '../input.ts';
import { type InstallationOptions, type LedgerPlaces, requirePlaces, stackOption } from '../installation.ts';
import type { Io } from '../io.ts';
import { type LedgerPlace, ledgerOption, type OpenLedger, openLedger, withLedger } from '../ledger.ts';
import { type Note, noteTo } from '../notes.ts';
import {
  addNoticeOptions,
  commandOptionsOf,
  type NoticeOptions,
  openEventBus,
  openNotifier,
  requireNoticeChoice,
} from '../notices.ts';
import {
  type AwsOptions,
  addAwsOptions,
  addPrintOptions,
  namedKeyHelp,
  type PrintOptions,
  readNamedKey,
  refuseRoleDetails,
  refuseUserTwice,
} from '../options.ts';
import { openPrinter } from '../output.ts';

interface RestoreCommandOptions extends AwsOptions, PrintOptions, NoticeOptions, InstallationOptions {
  readonly ledger?: LedgerPlace;
  readonly why: string;
  readonly who?: string;
  readonly user?: string;
  readonly yes?: boolean;
  readonly policy?: string;
}

const explanation = `
Examples:
  keysweep restore AKIAIOSFODNN7EXAMPLE --why "the nightly export needs it"
      with ledger, topic and bus of the installation in the account
  keysweep restore alice --why ...
      the same for the key of alice; if she has several, it lists them
  keysweep restore AKIAIOSFODNN7EXAMPLE --why ... --ledger file:ledger.jsonl \\
      --topic-arn arn:aws:sns:...
      with a ledger and a topic of your own

Only a deactivated key can be restored. A deleted key cannot be recovered.
Sweeps skip a restored key for the restoreGrace of the policy. Its age keeps
counting.

If a sweep has already begun to deactivate or delete the key, it sees the
restore and stops. A request that it has already sent cannot be recalled, so
restore watches the key for some seconds and reports if it was too late.

If the key's entry in the ledger is damaged, the key is reactivated all the
same. Who and why are not recorded then, and no sweep changes the key until the
entry is repaired.

Needs iam:ListAccessKeys, iam:UpdateAccessKey and iam:GetUser (without it, the
credential report for a key that is not in the ledger); iam:GetAccessKeyLastUsed
for a key that is not listed; ssm:GetParametersByPath and iam:GetRolePolicy to
find the installation; for a ledger in DynamoDB dynamodb:GetItem,
dynamodb:PutItem and dynamodb:Query; sns:Publish, sns:ListSubscriptionsByTopic
and sns:GetSubscriptionAttributes; with an event bus also events:PutEvents.

Exit codes: 0 the key is active, 2 it is not, or this was not recorded or no one
was notified.
`;

export function addRestoreCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('restore')
    .summary('reactivate an access key, and record why')
    .description('Reactivates an access key, and records who needs it and why.')
    .argument('<key>', namedKeyHelp);
  addAwsOptions(command)
    .option('--user <name>', 'the IAM user, if AWS does not show whose key it is')
    .addOption(ledgerOption())
    .addOption(stackOption('ledger'));
  command
    .optionsGroup('Record:')
    .requiredOption('--why <text>', 'why the key is needed')
    .option('--who <name>', 'who needs it; the AWS caller is recorded as well')
    .option('--yes', 'do not ask for confirmation');
  addNoticeOptions(command).option(
    '--policy <file>',
    'policy file: which channels reach people, and the time zone (default: ./keysweep.yaml, else built-in defaults)',
  );
  addPrintOptions(command)
    .addHelpText('after', explanation)
    .action(async (key: string, options: RestoreCommandOptions, self: Command) => {
      refuseRoleDetails(options, self);
      const named = readNamedKey(key);
      refuseUserTwice(named, options, self);
      requireNoticeChoice(options, self);
      context.finish(await runRestore(named, options, context.io));
    });
}

async function runRestore(named: NamedKey, options: RestoreCommandOptions, io: Io): Promise<ExitCode> {
  if (options.why.trim() === '') {
    throw new KeysweepError('ReasonMissing', '--why is empty', { hint: 'Say why the key is needed. It is recorded.' });
  }
  if (options.yes !== true) refuseWithoutTerminal(io);
  const note = noteTo(io, options.quiet === true);
  const printer = await openPrinter(options, io, note);
  const policy = await readPolicyIfSound(options.policy, io);
  return withAccount(options, io, async (account) => {
    const { session } = account;
    // Not in the catch: a failure there would hide the error.
    const { partition } = await session.caller();
    try {
      const places = await requirePlaces(options, { session, io, note });
      return await withLedger(openLedger(places.ledger, session, io, note), async (ledger) => {
        const document = await restoreKey(named, policy, { ...options, ...places }, account, ledger, io, note);
        const inWords = restorationInWords(document);
        await printer.print(
          () => (options.output === 'json' ? renderRestorationJson(document) : `${inWords}\n`),
          inWords,
        );
        const { problems } = document;
        for (const problem of problems) await io.stderr.write(`keysweep: ${printable(problem)} (exit code 2)\n`);
        return problems.length === 0 ? 0 : 2;
      });
    } catch (error) {
      throw withWorkaround(error, named, options, partition);
    }
  });
}

/** A ./keysweep.yaml that no one named must not stop a restoration: if it is broken, the built-in policy applies. */
async function readPolicyIfSound(named: string | undefined, io: Io): Promise<Policy> {
  try {
    return (await readPolicy(named, io, noteTo(io, true))).policy;
  } catch (error) {
    if (named !== undefined || !(error instanceof KeysweepError)) throw error;
    const fallback = 'the built-in policy decides which channels reach people, and times are UTC';
    await io.stderr.write(`keysweep: warning: ${error.code}: ${printable(error.message)}; ${fallback}\n`);
    return defaultPolicy;
  }
}

/** What only a person or another version of keysweep can fix: the key may be needed sooner. */
const lastingLedgerErrors: ReadonlySet<string> = new Set([
  'InstallationAmbiguous',
  'InstallationInvalid',
  'InstallationMismatch',
  'InstallationMissing',
  'InstallationUnknown',
  'LedgerCorrupt',
  'LedgerFromNewerVersion',
  'LedgerUnreadable',
  'LedgerUnwritable',
]);

/** A ledger that cannot be used must not keep anyone from reactivating a key that is needed. */
function withWorkaround(error: unknown, named: NamedKey, { user }: RestoreCommandOptions, partition: string): unknown {
  if (!(error instanceof KeysweepError) || !lastingLedgerErrors.has(error.code)) return error;
  const [credential, userName = anyUser] =
    'credential' in named ? [named.credential, user] : [{ kind: accessKey.kind, id: anyKeyId }, named.userName];
  const command = reactivateCommand({ userName, credential, partition });
  const hint = [
    ...(error.hint === undefined ? [] : [error.hint]),
    'If the key is needed before that, reactivate it in the IAM console, or with the AWS CLI alone:',
    ...(command === undefined ? [] : [`    ${command}`]),
    'The next sweep with a working ledger records it, and restoreGrace starts then.',
  ].join('\n');
  return new KeysweepError(error.code, error.message, { hint, cause: error });
}

async function restoreKey(
  named: NamedKey,
  policy: Policy,
  options: RestoreCommandOptions & LedgerPlaces,
  account: OpenAccount,
  ledger: OpenLedger,
  io: Io,
  note: Note,
): Promise<RestorationDocument> {
  const [{ findRestoreCandidate, restore }, { sweepId }, { createIamCredentialActions }] = await Promise.all([
    import('../../engine/restore/restore.ts'),
    import('../../engine/sweep/ports.ts'),
    import('../../aws/iam-credential-actions.ts'),
  ]);
  const { source, session } = account;
  const self = await source.account();
  const { credential, userName: listedUser = options.user } = await findNamedKey(named, self, source, ledger);
  const found = await orDamage(ledger.entry(self.id, credential.id));
  const entry = found instanceof Error ? undefined : found;
  const userName = await findKeyUser(credential, listedUser, entry, self, source);
  const ports: RestorePorts = {
    source,
    ledger,
    actions: createIamCredentialActions(session),
    notifier: await openNotifier(options, session),
    events: await openEventBus(options, session),
    clock: { now: io.now },
    timing: { ...systemTiming, ...given({ sleep: io.wait }) },
  };
  const candidate = await findRestoreCandidate(ports, self, credential.id, userName);
  if (candidate.begun !== undefined) await note(begunInWords(candidate.begun, policy.calendar.timezone));
  if (!candidate.isActive || candidate.begun !== undefined) await askBeforeRestoring(candidate, policy, options, io);
  const who = whoOf(options, (await session.caller()).arn);
  const id = sweepId(io.now(), randomUUID());
  const commandOptions = await commandOptionsOf(options.ledger, options, session, io);
  const { why } = options;
  const restoration = await restore(ports, { candidate, who, why, id, policy, ...given({ commandOptions }) });
  const { credential: restored, principal } = candidate.state;
  return { account: candidate.account, credential: restored, principal, ...restoration, who, why };
}

/** Anyone can give any name; AWS vouches for the caller. */
function whoOf({ who = '' }: RestoreCommandOptions, caller: string): string {
  const name = who.trim();
  return name === '' ? caller : `${name} (${caller})`;
}

async function askBeforeRestoring(
  candidate: RestoreCandidate,
  policy: Policy,
  { yes }: RestoreCommandOptions,
  io: Io,
): Promise<void> {
  if (yes === true || io.ask === undefined) return;
  const { account, state, isActive } = candidate;
  const about = keyToRestoreInWords({ ...state, account }, state.entry, policy.calendar.timezone);
  await confirm(`${about}\n`, isActive ? 'Keep it active?' : 'Reactivate it?', io.ask, io);
}
