/** Turns an item and its ledger record into what a message says about it. */
import { given } from '../../core/given.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import type { Deactivation } from '../../core/lifecycle/ledger.ts';
import type { LedgerWrite } from '../../core/lifecycle/ledger-write.ts';
import { announceDeletion } from '../../core/lifecycle/notice-dates.ts';
import { recordOutcome } from '../../core/lifecycle/transitions.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { NoticeItem } from '../../reports/notices/notice-item.ts';

/** @param write has the notice */
export function noticeItem(item: Item, write: LedgerWrite, policy: Policy): NoticeItem {
  const { state, owner } = item;
  const { principal, credential } = state;
  return {
    principal,
    credential,
    ...given({ owner }),
    // A repeated notice of an earlier sweep has no reason: its event says only that it is repeated.
    ...(isAgain(item, write) ? {} : { why: write.event.detail }),
    ...factsOf(item, write, policy),
  };
}

function isAgain({ decision }: Item, { event }: LedgerWrite): boolean {
  return event.type === 'reminded' && decision.type !== 'warn';
}

function factsOf(
  { state, decision }: Item,
  { entry, event }: LedgerWrite,
  policy: Policy,
): Pick<NoticeItem, 'kind' | 'about' | 'by' | 'dueAt'> {
  const { deactivation, deletion, restoration, notice, intent } = entry;
  const kind = notice?.kind ?? 'resolved';
  const deletionOf = (known: Deactivation | undefined) => known && announceDeletion(known, policy, event.at);
  switch (kind) {
    case 'first-notice':
    case 'reminder':
    case 'final-notice':
    case 'still-waiting':
    case 'deferred': {
      if (decision.type !== 'warn') return { kind };
      const { about, dueAt } = decision;
      return { kind, about, ...given({ dueAt }) };
    }
    case 'deactivated': {
      if (decision.type !== 'deactivate')
        return { kind, ...given({ by: deactivation?.by, dueAt: deletionOf(deactivation) }) };
      const after = recordOutcome({ ...state, entry }, decision, policy, { now: event.at, sweep: event.sweep }).entry;
      return { kind, by: 'keysweep' as const, ...given({ dueAt: deletionOf(after.deactivation) }) };
    }
    case 'late-use':
      return { kind, ...given({ by: 'keysweep' as const, dueAt: deletionOf(deactivation) }) };
    case 'deleted':
      return { kind, ...given({ by: intent?.action === 'delete' ? 'keysweep' : deletion?.by }) };
    case 'restored':
      return { kind, ...given({ by: restoration?.by }) };
    case 'resolved':
    case 'not-applied':
    case 'blocked':
      return { kind };
  }
}
