/** `--topic-arn`, `--no-notify` and `--event-bus`: whom a command tells. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AwsSession } from '../aws/session.ts';
import { regionOfTopic } from '../aws/topic-arn.ts';
import type { EventPublisher, Notifier } from '../core/ports.ts';

export interface NoticeOptions {
  readonly topicArn?: string;
  /** False with --no-notify. */
  readonly notify: boolean;
  /** Name or ARN. */
  readonly eventBus?: string;
  /** The account of topic and bus, where that is another one than the audited. */
  readonly notifyAccount?: string;
}

export function addNoticeOptions(command: Command): Command {
  return command
    .optionsGroup('Whom to tell:')
    .addOption(new Option('--topic-arn <arn>', 'SNS topic that gets the notices').argParser(readTopicArn))
    .option('--no-notify', 'tell nobody, on purpose; every notice then counts as given')
    .option('--event-bus <name>', 'EventBridge bus that is told what happened to each key, such as `default`')
    .addOption(notifyAccountOption('account of topic and bus, where it is another on purpose'));
}

/** `--notify-account ID`. */
export function notifyAccountOption(description: string): Option {
  return new Option('--notify-account <id>', description).argParser(readAccountId);
}

function readAccountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('An account has 12 digits, such as 123456789012.');
}

/** Checked also where nothing will be sent: a dry run is the place to find a mistake. Throws KeysweepError TopicInvalid. */
export function readTopicArn(text: string): string {
  regionOfTopic(text);
  return text;
}

/** Ends the command where it was not said whom to tell, or two things at once. */
export function requireNoticeChoice({ topicArn, notify }: NoticeOptions, command: Command): void {
  if (topicArn !== undefined && !notify) {
    command.error("error: option '--topic-arn <arn>' cannot be used with option '--no-notify'", { exitCode: 2 });
  }
  if (topicArn === undefined && notify) {
    command.error('error: say whom to tell: --topic-arn ARN, or --no-notify to tell nobody on purpose', {
      exitCode: 2,
    });
  }
}

export async function openNotifier({ topicArn }: NoticeOptions, session: AwsSession): Promise<Notifier | undefined> {
  if (topicArn === undefined) return undefined;
  const { createSnsNotifier } = await import('../aws/sns-notifier.ts');
  return createSnsNotifier(session, topicArn);
}

/** The bus that gets events; undefined where none was asked for. */
export async function openEventBus(
  { eventBus }: NoticeOptions,
  session: AwsSession,
): Promise<EventPublisher | undefined> {
  if (eventBus === undefined) return undefined;
  const { createEventBus } = await import('../aws/event-bus.ts');
  return createEventBus(session, eventBus);
}
