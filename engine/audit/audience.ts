/** The audiences of the topics of an audit. */
import type { Audit } from '../../core/model.ts';
import type { MessageKind } from '../../core/notice.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Notice, Notifier } from '../../core/ports.ts';
import { type Audience, type Delivery, deliver, readAudience } from '../delivery.ts';
import type { RunLog } from '../run-log.ts';

/** Reads who receives the messages of a topic, and logs what is wrong with its channels. Throws nothing. */
export async function readTopicAudience(
  { topic, kind }: { readonly topic: 'alerts' | 'digests'; readonly kind: MessageKind },
  notifier: Notifier,
  { account }: Audit,
  policy: Policy,
  log: RunLog,
): Promise<Audience> {
  const attributes = { kind, account: account.id, severity: undefined, newFindings: undefined };
  const audience = await readAudience(notifier, policy, attributes);
  for (const problem of audience.problems) log.warn('channel', { topic, problem });
  if (audience.unreachable !== undefined) log.error('no channel reaches people', { topic, why: audience.unreachable });
  return audience;
}

/** The delivery of a message; undefined if there is no message. */
export async function publish(
  notifier: Notifier,
  { subscribers }: Audience,
  notice: Notice | undefined,
): Promise<Delivery | undefined> {
  return notice && (await deliver(notifier, subscribers, notice));
}
