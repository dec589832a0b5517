/** The last phase of a sweep: from the outcome of each credential to the result of the sweep. */
import { given } from '../../core/given.ts';
import type { LifecycleReason } from '../../core/kinds/rules.ts';
import { type Decision, undecided } from '../../core/lifecycle/decision.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import { reasonsBy, reasonsOf } from '../../core/lifecycle/reasons.ts';
import type { SkippedCredential, SweepAction, SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { doubtAbout } from '../../core/lifecycle/unjudged.ts';
import type { Night } from './night.ts';

/** The result of a night, for people and machines. */
export function report(
  night: Night,
): Pick<SweepResult, 'outcome' | 'problems' | 'notices' | 'actions' | 'skipped' | 'missingUsers'> {
  const { audience, undelivered, problems, audit } = night;
  const isReached = audience?.unreachable === undefined && undelivered === 0;
  return {
    outcome: outcomeOf(night),
    problems,
    ...(audience && { notices: { reached: isReached, undelivered, channels: audience.problems } }),
    ...sortItems(night),
    ...given({ missingUsers: audit.missingUsers }),
  };
}

/** Whether every credential could be judged and handled. */
export function outcomeOf(night: Night): SweepResult['outcome'] {
  if (night.isFailed) return 'failed';
  const { actions, skipped } = sortItems(night);
  const isComplete =
    night.problems.length === 0 &&
    skipped.every(({ skipReason, unjudged }) => !undecided.has(skipReason) && unjudged === undefined) &&
    actions.every(({ unjudged }) => unjudged === undefined) &&
    night.items.every(({ outcome, isUnrecorded }) => outcome !== 'failed' && isUnrecorded === undefined);
  return isComplete ? 'complete' : 'partial';
}

/** The two lists of a result. Tombstones are in neither: there is nothing to decide about them. */
function sortItems({ items, unjudged }: Night): Pick<SweepResult, 'actions' | 'skipped'> {
  const actions: SweepAction[] = [];
  const skipped: SkippedCredential[] = unjudged.map(({ principal, credential, why }) => {
    return { skipReason: 'unknown', principal, credential, why };
  });
  for (const { state, decision, outcome, detail } of items) {
    const { credential, principal } = state;
    const doubt = decision.type === 'skip' && decision.skipReason === 'unknown' ? undefined : doubtAbout(state);
    const doubted = doubt === undefined ? {} : { unjudged: doubt };
    if (decision.type === 'skip') {
      const { skipReason, why, until } = decision;
      if (skipReason !== 'deleted')
        skipped.push({ skipReason, credential, principal, why, ...given({ until }), ...doubted });
    } else if (outcome === 'no-time') {
      const why = detail ?? `no time was left: ${decision.why}`;
      skipped.push({ skipReason: 'no-time', credential, principal, why, ...doubted });
    } else {
      const more = detail === undefined ? {} : { detail };
      // The next sweep takes over what is only recorded.
      const became = outcome === 'recorded' ? 'deferred' : outcome;
      actions.push({ ...describe(state, decision), outcome: became, ...more, ...doubted });
    }
  }
  return { actions, skipped };
}

function describe(
  state: Item['state'],
  decision: Exclude<Decision, { readonly type: 'skip' }>,
): Omit<SweepAction, 'outcome' | 'detail'> {
  const { credential, principal } = state;
  const shared = {
    type: decision.type,
    credential,
    principal,
    reasons: reasonsFor(state, decision),
    why: decision.why,
  };
  switch (decision.type) {
    case 'warn': {
      const { notice, about, dueAt } = decision;
      return { ...shared, notice, about, ...given({ dueAt }) };
    }
    case 'deactivate':
    case 'delete':
      return { ...shared, dueAt: decision.dueAt };
    case 'observe':
      return { ...shared, change: decision.change };
    case 'resolve':
      return shared;
  }
}

function reasonsFor({ findings, entry }: Item['state'], decision: Decision): readonly LifecycleReason[] {
  if ('rules' in decision) return reasonsBy(decision.rules);
  const found = reasonsOf(findings, 'fail');
  return found.length > 0 ? found : reasonsBy(entry?.rules ?? []);
}
