/** The people on the topics of an audit. */
import { channelProblems, verdictOf, whyUnreached } from '../../core/channels/reach.ts';
import type { Audit } from '../../core/model.ts';
import type { MessageKind } from '../../core/notice.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Notice, Notifier } from '../../core/ports.ts';
import { type Delivery, deliver, type Listeners, reachOf, readListeners } from '../delivery.ts';
import type { RunLog } from '../run-log.ts';

/** Who listens to one topic. */
export interface Audience {
  readonly listeners: Listeners;
  readonly isReached: boolean;
}

/** Reads who listens, and names what is wrong with it in the log. Throws nothing. */
export async function listenTo(
  { topic, kind }: { readonly topic: 'alerts' | 'digests'; readonly kind: MessageKind },
  notifier: Notifier,
  { account }: Audit,
  policy: Policy,
  log: RunLog,
): Promise<Audience> {
  const listeners = await readListeners(notifier, policy);
  const reach = reachOf(listeners, { kind, account: account.id, severity: undefined, newFindings: undefined });
  for (const problem of channelProblems(reach)) log.warn('channel', { topic, problem });
  const verdict = verdictOf(reach);
  const isReached = verdict !== 'no-one' && verdict !== 'unknown';
  if (!isReached) log.error('no one is reached', { topic, why: whyUnreached(reach) });
  return { listeners, isReached };
}

/** What became of a message; undefined where there is none. */
export async function publish(
  notifier: Notifier,
  { listeners }: Audience,
  notice: Notice | undefined,
): Promise<Delivery | undefined> {
  return notice && (await deliver(notifier, listeners, notice));
}
