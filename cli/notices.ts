/** `--topic-arn`, `--no-notify` and `--event-bus`: whom a command notifies. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Caller } from '../aws/caller.ts';
import type { AwsSession } from '../aws/session.ts';
import { regionOfTopic } from '../aws/topic-arn.ts';
import { accountInArn, type ExpectedAccount, refuseOtherAccount } from '../core/expected-account.ts';
import { given } from '../core/given.ts';
import type { EventPublisher, Notifier } from '../core/ports.ts';
import type { CommandOptions } from '../reports/notices/commands.ts';
import { inShell } from '../reports/shell-word.ts';
import type { RestoreTerms } from '../reports/undo.ts';
import type { InstallationOptions, Places } from './installation.ts';
import type { Io } from './io.ts';
import { describePlace, type LedgerPlace } from './ledger.ts';

export interface NoticeOptions {
  readonly topicArn?: string;
  /** False with --no-notify. */
  readonly notify: boolean;
  /** Name or ARN. */
  readonly eventBus?: string;
  /** The account of topic and bus, if it is not the audited account. */
  readonly notifyAccount?: string;
}

export function addNoticeOptions(command: Command): Command {
  return command
    .optionsGroup('Notifications:')
    .addOption(
      new Option('--topic-arn <arn>', 'SNS topic that gets the notices (default: that of the installation)').argParser(
        readTopicArn,
      ),
    )
    .option('--no-notify', 'notify no one, on purpose; every notice then counts as delivered')
    .option('--event-bus <name>', 'EventBridge bus for an event about each key, such as `default`')
    .addOption(notifyAccountOption('account of topic and bus, if not the audited account'));
}

/** `--notify-account ID`. */
export function notifyAccountOption(description: string): Option {
  return new Option('--notify-account <id>', description).argParser(readAccountId);
}

function readAccountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('An account id has 12 digits, such as 123456789012.');
}

/** Checked even if nothing will be sent: a dry run is the place to find a mistake. Throws KeysweepError TopicInvalid. */
export function readTopicArn(text: string): string {
  regionOfTopic(text);
  return text;
}

/** Ends the command if it was given two choices of whom to notify, or none and no way to find the topic. */
export function requireNoticeChoice(
  { ledger, topicArn, notify }: NoticeOptions & { readonly ledger?: LedgerPlace },
  command: Command,
): void {
  if (topicArn !== undefined && !notify) {
    command.error("error: option '--topic-arn <arn>' cannot be used with option '--no-notify'", { exitCode: 2 });
  }
  if (ledger !== undefined && topicArn === undefined && notify) {
    command.error('error: choose whom to notify: --topic-arn ARN, or --no-notify to notify no one on purpose', {
      exitCode: 2,
    });
  }
}

export async function openNotifier(
  { topicArn }: Pick<NoticeOptions, 'topicArn'>,
  session: AwsSession,
): Promise<Notifier | undefined> {
  if (topicArn === undefined) return undefined;
  const { createSnsNotifier } = await import('../aws/sns-notifier.ts');
  return createSnsNotifier(session, topicArn);
}

/** The bus that gets events; undefined if none was asked for. */
export async function openEventBus(
  { eventBus }: NoticeOptions,
  session: AwsSession,
): Promise<EventPublisher | undefined> {
  if (eventBus === undefined) return undefined;
  const { createEventBus } = await import('../aws/event-bus.ts');
  return createEventBus(session, eventBus);
}

/**
 * A topic or bus in another account may send what keysweep finds to the wrong people: allowed only if `--notify-account`
 * names that account.
 *
 * @throws KeysweepError AccountMismatch
 */
export function confirmPlaces(
  { topicArn, eventBus, notifyAccount }: Partial<NoticeOptions>,
  { id, arn }: Caller,
): void {
  const meant: ExpectedAccount =
    notifyAccount === undefined ? { id, by: `the caller ${arn}` } : { id: notifyAccount, by: '--notify-account' };
  if (topicArn !== undefined) confirmPlace(meant, topicArn, '--topic-arn');
  if (eventBus?.startsWith('arn:') === true) confirmPlace(meant, eventBus, '--event-bus');
}

function confirmPlace(meant: ExpectedAccount, arn: string, option: string): void {
  refuseOtherAccount(meant, accountInArn(arn), `${option} ${arn}`, [
    'Nothing was read, and no one was notified. Check the account and the ARN.',
    'If that account is meant to get the notices, add --notify-account ACCOUNT.',
  ]);
}

/** Stands in a command for a topic that its reader chooses. */
const anyTopic = 'TOPIC_ARN';

/**
 * For commands to run next: the same ledger, topic and bus. Undefined if they find them as this one did. If no one was
 * chosen to be notified, the reader chooses.
 */
export async function commandOptionsOf(
  place: LedgerPlace,
  { topicArn, notify = true, eventBus, notifyAccount, stack }: Partial<NoticeOptions> & InstallationOptions,
  session: AwsSession,
  io: Io,
): Promise<CommandOptions | undefined> {
  if (place.kind === 'dynamodb' && place.installed !== undefined)
    return stack === undefined ? undefined : { ledger: `--stack ${inShell(stack)}` };
  // The reader of the message is in another directory, and may have another region.
  const found = place.kind === 'file' ? { ...place, path: resolve(io.directory, place.path) } : place;
  const region = place.kind === 'dynamodb' ? ` --region ${inShell(await session.region())}` : '';
  const bus = eventBus === undefined ? '' : ` --event-bus ${inShell(eventBus)}`;
  const topic = topicArn === undefined && !notify ? '--no-notify' : `--topic-arn ${inShell(topicArn ?? anyTopic)}`;
  const elsewhere = notifyAccount === undefined ? '' : ` --notify-account ${notifyAccount}`;
  return {
    ledger: `--ledger ${inShell(describePlace(found))}${region}`,
    notices: `${topic}${bus}${elsewhere}`,
  };
}

/** What `keysweep restore` would find after a command that works with these places. */
export async function restoreTermsOf(
  { ledger, topicUnknown }: Places,
  options: Partial<NoticeOptions> & InstallationOptions,
  session: AwsSession,
  io: Io,
): Promise<RestoreTerms> {
  if (ledger === undefined || topicUnknown !== undefined) return { canRestore: false };
  return { canRestore: true, ...given({ commandOptions: await commandOptionsOf(ledger, options, session, io) }) };
}
