import { resolve } from 'node:path';
import type { AwsSession } from '../aws/session.ts';
import type { CommandOptions } from '../reports/notices/commands.ts';
import { inShell } from '../reports/shell-word.ts';
import type { Io } from './io.ts';
import { describePlace, type LedgerPlace } from './ledger-place.ts';
import type { NoticeOptions } from './notice-options.ts';

/** For the commands in messages: the same ledger, topic and bus again. Undefined where nobody gets a message. */
export async function commandOptionsOf(
  place: LedgerPlace,
  { topicArn, eventBus, notifyAccount }: NoticeOptions,
  session: AwsSession,
  io: Io,
): Promise<CommandOptions | undefined> {
  if (topicArn === undefined) return undefined;
  // Whoever reads the message is in another directory, and may have another region.
  const found = place.kind === 'file' ? { ...place, path: resolve(io.directory, place.path) } : place;
  const region = place.kind === 'dynamodb' ? ` --region ${inShell(await session.region())}` : '';
  const bus = eventBus === undefined ? '' : ` --event-bus ${inShell(eventBus)}`;
  const elsewhere = notifyAccount === undefined ? '' : ` --notify-account ${notifyAccount}`;
  return {
    ledger: `--ledger ${inShell(describePlace(found))}${region}`,
    notices: `--topic-arn ${inShell(topicArn)}${bus}${elsewhere}`,
  };
}
