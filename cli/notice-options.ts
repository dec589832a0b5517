/** `--topic-arn` and `--no-notify`: whom a command tells. */
import { type Command, Option } from 'commander';
import type { AwsSession } from '../aws/session.ts';
import type { Notifier } from '../core/ports.ts';

export interface NoticeOptions {
  readonly topicArn?: string;
  /** False with --no-notify. */
  readonly notify: boolean;
}

export function addNoticeOptions(command: Command): Command {
  return command
    .optionsGroup('Whom to tell:')
    .addOption(new Option('--topic-arn <arn>', 'SNS topic that gets the notices'))
    .option('--no-notify', 'tell nobody, on purpose; every notice then counts as given');
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
