/**
 * What a person was shown of a sweep and agreed to, before it ran. While they thought, keys may have fallen due, and other
 * runs may have made room under a cap: that waits for the next sweep. Pure.
 */
import type { Policy } from '../policy/policy.ts';
import type { Decision } from './decision.ts';
import type { Item } from './item.ts';
import type { LedgerWrite, Moment } from './ledger-write.ts';
import { prepareWrite } from './prepare.ts';

/**
 * What the sweep was going to do, by credential id. `skip` stands for a write about a credential that is skipped: a notice
 * that an earlier sweep could not deliver, or a change that was begun and is no longer due.
 */
export type ShownActions = ReadonlyMap<string, Decision['type']>;

/** What a sweep would write to the ledger, and notify people of. */
export interface Proposal {
  readonly actions: ShownActions;
  /** Credentials that are skipped and written about; see {@link ShownActions}. */
  readonly unfinished: number;
  /** Credentials that the digest names. */
  readonly notices: number;
}

/** The proposal of a planned night. */
export function proposalOf(items: readonly Item[], policy: Policy, moment: Moment): Proposal {
  const written = items.flatMap((item) => {
    const write = tryToPrepare(item, policy, moment);
    return write === undefined ? [] : [{ ...item, write }];
  });
  return {
    actions: new Map(written.map(({ state, decision }) => [state.credential.id, decision.type])),
    unfinished: written.filter(({ decision }) => decision.type === 'skip').length,
    notices: written.filter(({ write }) => write.entry.notice?.sweep === moment.sweep).length,
  };
}

/** The items of which those that were not shown, or with another action, are skipped: nothing is written about them. */
export function onlyShown(
  items: readonly Item[],
  shown: ShownActions,
  policy: Policy,
  moment: Moment,
): readonly Item[] {
  return items.map((item) => {
    const { state, decision } = item;
    if (shown.get(state.credential.id) === decision.type || !writes(item, policy, moment)) return item;
    const why = `it was not due when this sweep was planned; the next sweep decides again: ${decision.why}`;
    return { ...item, decision: { type: 'skip', skipReason: 'unconfirmed', why } };
  });
}

function writes(item: Item, policy: Policy, moment: Moment): boolean {
  return tryToPrepare(item, policy, moment) !== undefined;
}

/** An entry that does not allow the decision leads to no write; the sweep reports it as failed. */
function tryToPrepare(item: Item, policy: Policy, moment: Moment): LedgerWrite | undefined {
  try {
    return prepareWrite(item, policy, moment);
  } catch {
    return undefined;
  }
}
