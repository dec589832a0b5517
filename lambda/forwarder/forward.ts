import { KeysweepError, messageOf } from '../../core/error.ts';
import { slackMessage, type TopicMessage } from '../../reports/slack/message.ts';
import { deliver } from './deliver.ts';
import type { ForwarderPorts } from './ports.ts';

/** One message of a topic, and its id for the log. */
interface Received extends TopicMessage {
  readonly id: string;
}

/**
 * Forwards what SNS delivers to a Slack incoming webhook, one message after the other. Answers with how many.
 *
 * @throws KeysweepError EventInvalid, or what {@link deliver} throws: the rest of the event is not tried then, and comes
 *   again. SNS invokes a function with one message at a time, so that none is posted twice for another's sake
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

/** Without it the message may not count, and comes again the next night; posted it is, and must not be posted twice. */
async function keepReceipt({ receipts, log }: ForwarderPorts, messageId: string): Promise<void> {
  try {
    await receipts?.write(messageId);
  } catch (error) {
    log.warn('posted, but that could not be recorded', { messageId, why: messageOf(error) });
  }
}

function messagesOf(event: unknown): readonly Received[] {
  const { Records: records } = (event ?? {}) as { readonly Records?: unknown };
  if (!Array.isArray(records) || records.length === 0) throw invalid('it holds no records');
  return records.map((record: unknown) => {
    const { Sns: sns } = (record ?? {}) as { readonly Sns?: unknown };
    const { MessageId, Subject, Message } = (sns ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof Message !== 'string' || Message === '') throw invalid('a record of it holds no message of SNS');
    const subject = typeof Subject === 'string' ? Subject : undefined;
    return { id: typeof MessageId === 'string' ? MessageId : 'unknown', subject, text: Message };
  });
}

function invalid(what: string): KeysweepError {
  return new KeysweepError('EventInvalid', `the event is none of SNS: ${what}`, {
    hint: 'Subscribe the function to a topic, with protocol lambda.',
  });
}
