/** What to do with a credential that is inactive: note it, a notice, a deletion, or nothing. */
import { describeDuration } from '../duration.ts';
import { applicableExemptions, judgeExemption } from '../policy/exemptions.ts';
import { blockOf, denialInWords, finalNoticeSince, notBeforeRetry } from './blocked.ts';
import { ago, type Case, factsOf, ruleFor, skip, skipChange, withPromise } from './case.ts';
import { addTo, type Decision, latest } from './decision.ts';
import type { Deactivation, FinalNotice, LedgerEntry } from './ledger.ts';
import { announce, announceFinally, changeNight, isDue, isFinalNoticeDue, isFinalNoticeValid } from './notice-dates.ts';
import { protectingRules } from './reasons.ts';
import { inViolationFrom } from './violations.ts';

export function decideInactive(found: Case): Decision {
  const { entry, findings } = found.state;
  switch (entry?.stage) {
    case 'deactivated':
      if (entry.deactivation !== undefined) return decideDeactivated(found, entry, entry.deactivation);
      return skip('unknown', 'the ledger has no record of its deactivation');
    case 'warned':
    case 'restored': {
      const byUs = entry.intent?.action === 'deactivate';
      return {
        type: 'observe',
        change: 'deactivated',
        by: byUs ? 'keysweep' : 'person',
        why: byUs ? 'deactivated by an interrupted sweep' : 'someone deactivated it',
      };
    }
  }
  const inactive = findings.find(({ rule }) => rule === ruleFor(found.state, 'inactive'));
  switch (inactive?.status) {
    case 'fail':
      return { type: 'observe', change: 'deactivated', by: 'person', why: inactive.reason };
    case 'error':
      return skip('unknown', inactive.reason);
    case 'exempt':
      return skip('exempt', `exempt until ${inactive.exemption?.expires}: ${inactive.exemption?.reason}`);
    default:
      return skip('compliant', 'inactive, but not for long');
  }
}

function decideDeactivated(found: Case, entry: LedgerEntry, deactivation: Deactivation): Decision {
  const { state, seen, limits, policy, now } = found;
  if (entry.intent?.action === 'restore') {
    // A restoration is under way, or was interrupted: the credential must not be deleted now.
    const until = addTo(entry.intent.at, limits.restoreGrace);
    if (now < until) return skip('restore-grace', `a restoration began ${ago(entry.intent.at, now)}`, until);
  }
  for (const rule of protectingRules(entry, limits)) {
    const judged = judgeExemption(applicableExemptions(policy.exemptions, rule, now), factsOf(state));
    if (judged.kind === 'exempt') {
      const why = `exempt until ${judged.exemption.expires}: ${judged.exemption.reason}`;
      return cancelDeletion(entry, deactivation, skip('exempt', why));
    }
    if (judged.kind === 'unknown') return skip('unknown', 'an exemption may apply, but cannot be evaluated');
  }
  if (entry.rules.every((rule) => policy.rules[rule]?.enabled === false)) {
    const why = 'inactive, but the rules that would delete it are disabled';
    return cancelDeletion(entry, deactivation, skip('compliant', why));
  }
  if (seen.lastUse.kind === 'unknown') return skip('unknown', seen.lastUse.why);
  if (seen.lastUse.kind === 'used' && seen.lastUse.at > now)
    return skip('unknown', 'its last use is in the future: the clock is behind');
  if (seen.lastUse.kind === 'used' && seen.lastUse.at > deactivation.at) {
    const why = `used ${ago(seen.lastUse.at, now)}, after its deactivation: someone reactivated it in between`;
    return { type: 'observe', change: 'deactivated', by: 'person', why };
  }
  const lateUse = lateUseOf(found, entry, deactivation);
  if (lateUse !== undefined) {
    const before = describeDuration(deactivation.at.getTime() - lateUse.getTime());
    const why = `used ${before} before it was deactivated, but IAM showed that only afterward`;
    return { type: 'observe', change: 'late-use', by: 'keysweep', why };
  }
  // A credential that was deactivated while in use was deactivated by `deactivateInUse` alone.
  const applicable = deactivation.inUse && !limits.deactivateInUse ? [] : entry.rules;
  const violation = inViolationFrom(applicable, seen, limits, policy);
  if (violation === undefined)
    return cancelDeletion(
      entry,
      deactivation,
      skip('compliant', 'inactive, but under the current policy it would not have been deactivated'),
    );
  const lastPromised = latest(deactivation.deleteAt, deactivation.deferral?.to ?? deactivation.deleteAt);
  const relaxed = latest(lastPromised, violation, addTo(deactivation.at, limits.deleteAfter));
  const moved = relaxed > lastPromised ? { to: relaxed } : undefined;
  const blocked = blockOf(entry, 'delete');
  const deleteAt = notBeforeRetry(relaxed, blocked);
  const final = moved === undefined ? finalNoticeSince(withoutObjection(deactivation, entry), blocked) : {};
  const about = { rules: entry.rules, about: 'delete', ...moved } as const;
  const why = `${sinceInWords(deactivation, now)}${blocked === undefined ? '' : `; ${denialInWords(blocked)}`}`;
  if (isFinalNoticeDue(found, deleteAt, final, undefined)) {
    const dueAt = announceFinally(found, deleteAt);
    return { type: 'warn', notice: 'final-notice', dueAt, why, ...about };
  }
  if (moved !== undefined) {
    const isByLimits = violation.getTime() === relaxed.getTime();
    const what = isByLimits
      ? 'under the current limits it is deleted later'
      : `deleteAfter is now ${describeDuration(limits.deleteAfter)}`;
    const dueAt = announce(found, deleteAt);
    return { type: 'warn', notice: 'deferred', dueAt, why: `the policy was relaxed: ${what}`, ...about };
  }
  const isFinal = blocked === undefined && isFinalNoticeValid(found, deleteAt, final);
  const dueAt = changeNight(found, deleteAt, final);
  const night = announce(found, dueAt);
  const isReady = isDue(found, deleteAt, dueAt);
  if (!isReady && blocked !== undefined && policy.mode === 'enforce') return skip('blocked', why, night);
  const skipped = isReady
    ? skipChange(policy, now, dueAt, final.finalNoticeAt)
    : skip('waiting', `will be deleted: ${why}`, night);
  if (skipped === undefined) return { type: 'delete', rules: entry.rules, dueAt, why };
  return isFinal ? withPromise(skipped, 'delete', night) : skipped;
}

/** When someone else deactivated it is not known, only when a sweep first saw it inactive. */
function sinceInWords({ by, at }: Deactivation, now: Date): string {
  return `${by === 'keysweep' ? 'deactivated' : 'first seen inactive'} ${ago(at, now)}`;
}

/** If a restoration failed after the final notice, the deletion needs a new final notice. */
function withoutObjection(final: FinalNotice, { intent }: LedgerEntry): FinalNotice {
  const isObjected =
    intent?.action === 'restore' && final.finalNoticeAt !== undefined && final.finalNoticeAt <= intent.at;
  return isObjected ? {} : final;
}

/** The policy was relaxed, and the credential is not deleted for now. People are notified of that once. */
function cancelDeletion(
  { rules }: LedgerEntry,
  { deferral }: Deactivation,
  kept: Extract<Decision, { readonly type: 'skip' }>,
): Decision {
  if (deferral !== undefined && deferral.to === undefined) return kept;
  return { type: 'warn', notice: 'deferred', rules, about: 'delete', why: kept.why };
}

/**
 * A use before keysweep deactivated the credential that IAM did not show yet, and that would have kept it active. IAM shows
 * uses with an undocumented delay (GetAccessKeyLastUsed).
 */
function lateUseOf(
  { state, seen, limits }: Case,
  { rules }: LedgerEntry,
  deactivation: Deactivation,
): Date | undefined {
  if (deactivation.by !== 'keysweep' || seen.lastUse.kind !== 'used') return undefined;
  if (limits.deactivateInUse && rules.includes(ruleFor(state, 'too-old'))) return undefined;
  const { at } = seen.lastUse;
  const isInWindow = at > addTo(deactivation.at, -limits.inUseWindow);
  const isNews = deactivation.lastUseAt === undefined || at > deactivation.lastUseAt;
  return isInWindow && isNews ? at : undefined;
}
