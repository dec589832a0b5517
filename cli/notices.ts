/** `--topic-arn`, `--no-notify` and `--event-bus`: whom a command notifies, and the alert that it sends itself. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Caller } from '../aws/caller.ts';
import type { AwsSession } from '../aws/session.ts';
import { regionOfTopic } from '../aws/topic-arn.ts';
import { accountInArn, type ExpectedAccount, refuseOtherAccount } from '../core/expected-account.ts';
import { addTo, sameNight } from '../core/lifecycle/decision.ts';
import type { Ledger, SweepRecord } from '../core/lifecycle/ledger.ts';
import { sweepRetention } from '../core/lifecycle/pending.ts';
import type { Audit } from '../core/model.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { EventPublisher, Notifier } from '../core/ports.ts';
import type { CommandOptions } from '../reports/notices/commands.ts';
import { inShell } from '../reports/shell-word.ts';
import type { InstallationOptions } from './installation.ts';
import type { Io } from './io.ts';
import { describePlace, type LedgerPlace } from './ledger.ts';
import type { Note } from './notes.ts';

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

export async function openNotifier({ topicArn }: NoticeOptions, session: AwsSession): Promise<Notifier | undefined> {
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

/** For commands to run next: the same ledger, topic and bus. Undefined if they find them as this one did. */
export async function commandOptionsOf(
  place: LedgerPlace,
  { topicArn, eventBus, notifyAccount, stack }: NoticeOptions & InstallationOptions,
  session: AwsSession,
  io: Io,
): Promise<CommandOptions | undefined> {
  if (place.kind === 'dynamodb' && place.installed !== undefined)
    return stack === undefined ? undefined : { ledger: `--stack ${inShell(stack)}` };
  // The reader of the message is in another directory, and may have another region.
  const found = place.kind === 'file' ? { ...place, path: resolve(io.directory, place.path) } : place;
  const region = place.kind === 'dynamodb' ? ` --region ${inShell(await session.region())}` : '';
  const bus = eventBus === undefined ? '' : ` --event-bus ${inShell(eventBus)}`;
  const topic = topicArn === undefined ? '--no-notify' : `--topic-arn ${inShell(topicArn)}`;
  const elsewhere = notifyAccount === undefined ? '' : ` --notify-account ${notifyAccount}`;
  return {
    ledger: `--ledger ${inShell(describePlace(found))}${region}`,
    notices: `${topic}${bus}${elsewhere}`,
  };
}

interface AlertPorts {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  /** Of the topic behind the notifier: what one topic got, another did not. */
  readonly topicArn: string;
  /** Says what counts as a channel that reaches people. */
  readonly policy: Policy;
  readonly now: Date;
  readonly note: Note;
}

/**
 * Sends an alert about critical findings, as the deployed auditor does, and records it in the ledger: the same alert is
 * sent once a night. It is recorded after delivery, so that an undelivered alert is sent again by the next run. Returns
 * what is wrong with it, for people: it is undelivered, or it does not name everything.
 *
 * @throws KeysweepError if it could not be published, or the ledger could not be written
 */
export async function alertOnce(
  audit: Audit,
  { ledger, notifier, topicArn, policy, now, note }: AlertPorts,
): Promise<string | undefined> {
  const { alertedFindings, criticalAlert, unnamedInAlert } = await import('../reports/alert.ts');
  const { counted, timeInWords } = await import('../reports/words.ts');
  const alert = criticalAlert(audit);
  if (alert === undefined) return undefined;
  const account = audit.account.id;
  const id = idOf(alertedFindings(audit), topicArn);
  const deliveredAt = (await recordOf(ledger, account, id))?.deliveredAt;
  if (deliveredAt !== undefined && Math.abs(now.getTime() - deliveredAt.getTime()) < sameNight) {
    await note(`${alert.data.summary}: already delivered at ${timeInWords(deliveredAt)}, not sent again tonight`);
    return undefined;
  }
  const { deliver, readSubscribers } = await import('../engine/delivery.ts');
  const delivery = await deliver(notifier, await readSubscribers(notifier, policy), alert);
  if (delivery.kind === 'undelivered') return `the alert is undelivered: ${delivery.why}`;
  await ledger.writeSweep({ account, id, startedAt: now, deliveredAt: now, expiresAt: addTo(now, sweepRetention) });
  const unnamed = unnamedInAlert(audit, alert).length;
  if (unnamed === 0) return undefined;
  return `the alert has no room for ${counted(unnamed, 'critical finding')} in every format; run keysweep audit to list them`;
}

/** A ledger that cannot be read must not suppress the alert; the sweep itself will report the ledger. */
async function recordOf(ledger: Ledger, account: string, id: string): Promise<SweepRecord | undefined> {
  try {
    return await ledger.sweep(account, id);
  } catch {
    return undefined;
  }
}

/** The same id for the same findings in the same state and the same topic. */
function idOf(findings: Audit['findings'], topicArn: string): string {
  const states = findings.map(({ id, status }) => `${id} ${status}`).toSorted();
  const hash = createHash('sha256')
    .update(JSON.stringify([topicArn, ...states]))
    .digest('hex');
  return `alert/${hash.slice(0, 32)}`;
}
