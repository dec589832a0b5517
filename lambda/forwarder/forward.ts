import { KeysweepError, messageOf } from '../../core/error.ts';
import { slackMessage, type TopicMessage } from '../../reports/slack/message.ts';
import { deliver } from './deliver.ts';
import type { ForwarderPorts } from './ports.ts';

/** One message of a topic, and its id for the log. */
interface Received extends TopicMessage {
  readonly id: string;
}

/**
 * Forwards what SNS delivers to a Slack incoming webhook, one message after the other. Returns how many.
 *
 * @throws KeysweepError EventInvalid, or as {@link deliver}: then the rest of the event is not tried, and Lambda repeats
 *   the whole event. SNS invokes a function with one message at a time, so no message is posted twice because of another
 */
export async function forward(ports: ForwarderPorts, event: unknown): Promise<{ readonly forwarded: number }> {
  const messages = messagesOf(event);
  for (const { id, ...message } of messages) {
    await deliver(ports, slackMessage(message));
    ports.log.info('forwarded', { messageId: id });
    await keepReceipt(ports, id);
  }
  return { forwarded: messages.length };
}

/** Without a receipt the message may not count, and is sent again the next night. It was posted, so this must not fail. */
async function keepReceipt({ receipts, log }: ForwarderPorts, messageId: string): Promise<void> {
  try {
    await receipts?.write(messageId);
  } catch (error) {
    log.warn('posted, but the receipt could not be written', { messageId, why: messageOf(error) });
  }
}

function messagesOf(event: unknown): readonly Received[] {
  const { Records: records } = (event ?? {}) as { readonly Records?: unknown };
  if (!Array.isArray(records) || records.length === 0) throw invalid('it has no records');
  return records.map((record: unknown) => {
    const { Sns: sns } = (record ?? {}) as { readonly Sns?: unknown };
    const { MessageId, Subject, Message } = (sns ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof Message !== 'string' || Message === '') throw invalid('a record has no SNS message');
    const subject = typeof Subject === 'string' ? Subject : undefined;
    return { id: typeof MessageId === 'string' ? MessageId : 'unknown', subject, text: Message };
  });
}

function invalid(what: string): KeysweepError {
  return new KeysweepError('EventInvalid', `not an SNS event: ${what}`, {
    hint: 'Subscribe the function to an SNS topic, with protocol lambda.',
  });
}
