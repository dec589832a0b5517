/** Hand-made messages about findings. */
import { DAY } from '../../core/duration.ts';
import { compareFindings } from '../../core/findings/compare.ts';
import { findingsNews } from '../../core/findings/findings-news.ts';
import { afterDelivery } from '../../core/findings/findings-outbox.ts';
import type { Finding } from '../../core/model.ts';
import type { Notice } from '../../core/notice.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { findingsMessage } from '../../reports/findings-message.ts';
import type { FindingsInput } from '../../reports/notices/findings-data.ts';
import { asOf, auditOf } from './audit-fixture.ts';
import { deliveredToAll } from './deliveries.ts';

export interface FindingsFixture extends Partial<Omit<FindingsInput, 'audit' | 'news'>> {
  /** What the audit of the night before found, and everyone was notified of. @default there was none */
  readonly before?: readonly Finding[];
  readonly found: readonly Finding[];
}

/** What an audit notifies of; an error where that is nothing. */
export function findingsInput({ before, found, mode = 'audit', ...fields }: FindingsFixture): FindingsInput {
  const audit = auditOf(found);
  const policy = { ...defaultPolicy, mode };
  const earlier = before && { ...auditOf(before), asOf: new Date(asOf.getTime() - DAY) };
  const kept = earlier && afterDelivery(compareFindings(undefined, earlier, policy), earlier, deliveredToAll);
  const news = findingsNews(compareFindings(kept, audit, policy), mode);
  if (news === undefined) throw new Error('there is nothing to notify of');
  return { audit, mode, news, ...fields };
}

export function findingsOf(fixture: FindingsFixture): Notice {
  return findingsMessage(findingsInput(fixture));
}
