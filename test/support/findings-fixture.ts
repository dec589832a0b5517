/** Hand-made messages about findings. */
import { DAY } from '../../core/duration.ts';
import { type FindingsToTell, findingsToTell } from '../../core/findings-news.ts';
import type { Finding } from '../../core/model.ts';
import type { Notice } from '../../core/notice.ts';
import { afterTelling, compareFindings } from '../../core/open-findings.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { findingsMessage } from '../../reports/findings-message.ts';
import type { FindingsInput } from '../../reports/notices/findings-data.ts';
import { asOf, auditOf } from './audit-fixture.ts';

export interface FindingsFixture extends Partial<Omit<FindingsInput, 'audit' | 'news'>> {
  /** What the audit of the night before found, and everybody heard. @default there was none */
  readonly before?: readonly Finding[];
  readonly found: readonly Finding[];
}

/** What is to be told of an audit; an error where that is nothing. */
export function findingsInput({ before, found, mode = 'audit', ...fields }: FindingsFixture): FindingsInput {
  const audit = auditOf(found);
  const policy = { ...defaultPolicy, mode };
  const earlier = before && { ...auditOf(before), asOf: new Date(asOf.getTime() - DAY) };
  const told = { ofCritical: true, ofNews: true, machines: true };
  const kept = earlier && afterTelling(compareFindings(undefined, earlier, policy), earlier, told);
  const news: FindingsToTell | undefined = findingsToTell(compareFindings(kept, audit, policy), audit);
  if (news === undefined) throw new Error('there is nothing to tell');
  return { audit, mode, news, ...fields };
}

export function findingsOf(fixture: FindingsFixture): Notice {
  return findingsMessage(findingsInput(fixture));
}
