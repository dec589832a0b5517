/** Turns the plan for one credential into the ledger write that comes before anything else. Pure. */
import type { Policy } from '../policy/policy.ts';
import { blockOf } from './blocked.ts';
import { type Decision, undecided } from './decision.ts';
import { doubtEntry } from './doubts.ts';
import type { Item } from './item.ts';
import type { LedgerEntry } from './ledger.ts';
import type { LedgerWrite, Moment } from './ledger-write.ts';
import { isDeliverable, recordNoticeAgain } from './pending.ts';
import { recordDecision, recordIntent, recordNotApplied, withoutNotice } from './transitions.ts';

/** The parts of an item that decide what is written. */
type Planned = Pick<Item, 'state' | 'decision' | 'isPending'>;

/**
 * What is written before people are notified and anything is done; undefined if there is nothing to write.
 *
 * A change that an earlier sweep announced but did not finish is taken over without a second notice, recorded if IAM shows
 * that it happened, and canceled if it is no longer due.
 */
export function prepareWrite(item: Planned, policy: Policy, moment: Moment): LedgerWrite | undefined {
  const { state, decision } = item;
  switch (decision.type) {
    case 'deactivate':
    case 'delete': {
      const intended = recordIntent(state, decision, moment);
      const isRetry = blockOf(state.entry, decision.type) !== undefined;
      return isRetry || isAnnounced(item, decision.type) ? silent(intended) : intended;
    }
    case 'observe': {
      const observed = recordDecision(state, decision, policy, moment);
      const change = decision.change === 'deleted' ? 'delete' : 'deactivate';
      return decision.by === 'keysweep' && isAnnounced(item, change) ? silent(observed) : observed;
    }
    case 'warn':
    case 'resolve':
      return recordDecision(state, decision, policy, moment);
    case 'skip':
      return state.entry === undefined ? undefined : prepareSkipped(item, state.entry, decision, moment);
  }
}

function prepareSkipped(
  item: Planned,
  entry: LedgerEntry,
  { skipReason, why }: Extract<Decision, { readonly type: 'skip' }>,
  moment: Moment,
): LedgerWrite | undefined {
  // Not even an undelivered notice is repeated.
  if (skipReason === 'unconfirmed') return undefined;
  const action = entry.intent?.action;
  if ((action === 'deactivate' || action === 'delete') && !undecided.has(skipReason)) {
    const notApplied = recordNotApplied(item.state, why, moment);
    return isAnnounced(item, action) ? notApplied : silent(notApplied);
  }
  // An entry that is damaged or in doubt is not overwritten.
  const isSound = doubtEntry(entry, item.state, moment.now) === undefined;
  return isSound && item.isPending && isDeliverable(entry) ? recordNoticeAgain(entry, moment) : undefined;
}

/** Whether people were already notified of this change: an intent without a notice took over an announced change. */
function isAnnounced({ state: { entry }, isPending }: Planned, change: 'deactivate' | 'delete'): boolean {
  // A retry of a change that AWS had denied is announced only by its final notice, not as done.
  if (entry?.intent?.action !== change || blockOf(entry, change) !== undefined) return false;
  if (entry.notice === undefined) return true;
  return entry.notice.kind === (change === 'deactivate' ? 'deactivated' : 'deleted') && !isPending;
}

function silent({ entry, event }: LedgerWrite): LedgerWrite {
  return { entry: withoutNotice(entry), event };
}
