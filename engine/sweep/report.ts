/** From what became of each credential to the rotation's result. */

import type { LifecycleReason } from '../../core/kinds/rules.ts';
import { type Decision, undecided } from '../../core/lifecycle/decision.ts';
import type { Prepared } from '../../core/lifecycle/prepare.ts';
import { reasonsBy, reasonsOf } from '../../core/lifecycle/reasons.ts';
import type { ActionOutcome, Rotation, RotationAction, RotationLeft } from '../../core/lifecycle/rotation.ts';
import { doubtAbout, type UnjudgedCredential } from '../../core/lifecycle/unjudged.ts';

/** What became of one credential. */
export interface ItemResult {
  readonly prepared: Prepared;
  readonly outcome: ActionOutcome | 'no-time';
  readonly detail?: string;
  readonly isUnrecorded?: true;
}

/** The two lists of a rotation. Tombstones are in neither: nothing was left to decide about them. */
export function sortResults(
  results: readonly ItemResult[],
  unjudged: readonly UnjudgedCredential[],
): Pick<Rotation, 'actions' | 'left'> {
  const actions: RotationAction[] = [];
  const left: RotationLeft[] = unjudged.map((one) => ({ hold: 'unknown', ...one }));
  for (const { prepared, outcome, detail } of results) {
    const { state, decision } = prepared;
    const { credential, principal } = state;
    const doubt = decision.type === 'leave' && decision.hold === 'unknown' ? undefined : doubtAbout(state);
    const doubted = doubt === undefined ? {} : { unjudged: doubt };
    if (decision.type === 'leave') {
      const { hold, why, until } = decision;
      if (hold !== 'deleted')
        left.push({ hold, credential, principal, why, ...(until === undefined ? {} : { until }), ...doubted });
    } else if (outcome === 'no-time') {
      const why = detail ?? `no time was left: ${decision.why}`;
      left.push({ hold: 'no-time', credential, principal, why, ...doubted });
    } else {
      const more = detail === undefined ? {} : { detail };
      actions.push({ ...describe(prepared, decision), outcome, ...more, ...doubted });
    }
  }
  return { actions, left };
}

/** Whether every credential could be judged and dealt with. */
export function isComplete(
  results: readonly ItemResult[],
  { actions, left }: Pick<Rotation, 'actions' | 'left'>,
): boolean {
  return (
    left.every(({ hold, unjudged }) => !undecided.has(hold) && unjudged === undefined) &&
    actions.every(({ unjudged }) => unjudged === undefined) &&
    results.every(({ outcome, isUnrecorded }) => outcome !== 'failed' && isUnrecorded === undefined)
  );
}

function describe(
  { state }: Prepared,
  decision: Exclude<Decision, { readonly type: 'leave' }>,
): Omit<RotationAction, 'outcome' | 'detail'> {
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
      return { ...shared, notice, about, ...(dueAt === undefined ? {} : { dueAt }) };
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

function reasonsFor({ findings, entry }: Prepared['state'], decision: Decision): readonly LifecycleReason[] {
  if ('rules' in decision) return reasonsBy(decision.rules);
  const found = reasonsOf(findings, 'fail');
  return found.length > 0 ? found : reasonsBy(entry?.rules ?? []);
}
