/** From what is planned about one credential to what the ledger is to say before anything happens. Pure. */
import type { Policy } from '../policy/policy.ts';
import { blockOf } from './blocked.ts';
import { type Decision, undecided } from './decision.ts';
import { doubtEntry } from './doubts.ts';
import type { Item } from './item.ts';
import type { LedgerEntry } from './ledger.ts';
import { isDeliverable, recordNoticeAgain } from './pending.ts';
import {
  type LedgerWrite,
  type Moment,
  recordDecision,
  recordIntent,
  recordNotApplied,
  withoutNotice,
} from './transitions.ts';

/** The parts of an item that say what is to be written about it. */
type Planned = Pick<Item, 'state' | 'decision' | 'isPending'>;

/**
 * What is written before people are notified and anything is done; undefined where there is nothing to write.
 *
 * A change that an earlier sweep announced and did not finish is taken over without a second notice, taken note of where
 * IAM shows that it happened, and called off where it is not due any more.
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
  const action = entry.intent?.action;
  if ((action === 'deactivate' || action === 'delete') && !undecided.has(skipReason)) {
    const notApplied = recordNotApplied(item.state, why, moment);
    return isAnnounced(item, action) ? notApplied : silent(notApplied);
  }
  // Nothing is written over what is damaged, or in doubt.
  const isSound = doubtEntry(entry, item.state, moment.now) === undefined;
  return isSound && item.isPending && isDeliverable(entry) ? recordNoticeAgain(entry, moment) : undefined;
}

/** Whether people were already notified that this change happens: an intent without a notice took over an announced one. */
function isAnnounced({ state: { entry }, isPending }: Planned, change: 'deactivate' | 'delete'): boolean {
  // A further attempt at what AWS had denied is announced by its final notice; that it was done is not known yet.
  if (entry?.intent?.action !== change || blockOf(entry, change) !== undefined) return false;
  if (entry.notice === undefined) return true;
  return entry.notice.kind === (change === 'deactivate' ? 'deactivated' : 'deleted') && !isPending;
}

function silent({ entry, event }: LedgerWrite): LedgerWrite {
  return { entry: withoutNotice(entry), event };
}
