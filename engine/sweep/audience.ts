/** Whether the notices of a sweep can reach people: asked before anything is recorded. */
import { channelProblems, verdictOf, whyUnreached } from '../../core/channels/reach.ts';
import type { Decision } from '../../core/lifecycle/decision.ts';
import type { Prepared } from '../../core/lifecycle/prepare.ts';
import { type Listeners, reachOf, readListeners } from '../delivery.ts';
import type { Run } from './run.ts';

/** Who hears the digests of a sweep. */
export interface Audience {
  /** Read once a sweep: between the last look into the ledger and the message there is to be no other request. */
  readonly listeners: Listeners;
  /** What is wrong with the channels, for people; nothing of it keeps the others from being reached. */
  readonly problems: readonly string[];
  /** Why no one can be reached. Undefined: somebody can, or the message must be tried. */
  readonly silence?: string;
}

/** Undefined where people are notified in another way, on purpose. */
export async function readAudience({ ports, policy, snapshot }: Run): Promise<Audience | undefined> {
  if (ports.notifier === undefined) return undefined;
  // How severe the digest will be hangs on what is decided.
  const attributes = { kind: 'digest', account: snapshot.audit.account.id, severity: undefined };
  const listeners = await readListeners(ports.notifier, policy);
  const reach = reachOf(listeners, attributes);
  const problems = channelProblems(reach);
  const verdict = verdictOf(reach);
  const isSilent = verdict === 'no-one' || verdict === 'unknown';
  return { listeners, problems, ...(isSilent && { silence: whyUnreached(reach) }) };
}

/**
 * What is left of a plan where no one can be reached: what people did is taken note of, and warnings that do not hold are
 * withdrawn. No notice is given, so that no clock starts; and nothing is changed.
 */
export function withoutNotices(prepared: readonly Prepared[], silence: string): readonly Prepared[] {
  return prepared.map((one) => {
    const { type, why } = one.decision;
    if (type !== 'warn' && type !== 'deactivate' && type !== 'delete') return one;
    const decision: Decision = { type: 'leave', hold: 'not-notified', why: `${silence}: ${why}` };
    return { ...one, decision };
  });
}
