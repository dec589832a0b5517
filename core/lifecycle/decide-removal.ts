/**
 * What to do with a credential that cannot be deactivated without destroying it: the owner is asked to remove it, again
 * and again, and keysweep changes nothing in any mode, because that could not be undone.
 */
import { kindOf } from '../kinds/kinds.ts';
import { type Case, describeReasons, skip } from './case.ts';
import { decideWithoutReason, requestNight } from './decide-active.ts';
import type { Decision } from './decision.ts';
import { nightsAt } from './nights.ts';
import { rulesWith } from './reasons.ts';

export function decideRemoval(found: Case): Decision {
  const { state, policy, now } = found;
  const { entry, findings, credential } = state;
  if (entry?.stage === 'deactivated')
    return skip(
      'unknown',
      `the ledger says that it is deactivated, but ${kindOf(credential.kind).noun.many} cannot be deactivated`,
    );
  const rules = rulesWith(findings, 'fail');
  if (rules.length === 0) return decideWithoutReason(found);
  const why = describeReasons(state);
  const warning = entry?.stage === 'warned' ? entry.warning : undefined;
  if (warning?.about !== 'remove') return { type: 'warn', notice: 'first-notice', rules, about: 'remove', why };
  const again = requestNight(found, warning.lastNoticeAt);
  if (!nightsAt(policy, now).hasCome(again)) return skip('waiting', `the owner was asked to remove it: ${why}`, again);
  return { type: 'warn', notice: 'reminder', rules, about: 'remove', why };
}
