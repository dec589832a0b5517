import type { Decision } from '../../core/lifecycle/decision.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import { readAudience } from '../delivery.ts';
import type { Night } from './night.ts';
import type { Run } from './run.ts';

/**
 * The night with who hears its digest. Where no one can be reached, what people did is still taken note of, and warnings
 * that do not hold are withdrawn; but no notice is given, so that no clock starts, and nothing is changed. Whatever
 * becomes of the rest, such a sweep is not complete.
 */
export async function findAudience({ ports, policy, account }: Run, night: Night): Promise<Night> {
  // People are notified in another way, on purpose.
  if (ports.notifier === undefined) return night;
  // How severe the digest will be hangs on what is decided.
  const attributes = { kind: 'digest', account: account.id, severity: undefined };
  const audience = await readAudience(ports.notifier, policy, attributes);
  const { silence } = audience;
  if (silence === undefined) return { ...night, audience };
  const items = night.items.map((item) => withoutNotice(item, silence));
  return { ...night, audience, items, problems: [silence, ...night.problems] };
}

function withoutNotice(item: Item, silence: string): Item {
  const { type, why } = item.decision;
  if (type !== 'warn' && type !== 'deactivate' && type !== 'delete') return item;
  const decision: Decision = { type: 'leave', hold: 'not-notified', why: `${silence}: ${why}` };
  return { ...item, decision };
}
