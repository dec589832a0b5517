/** What to do with a credential that is inactive: note it, a notice, a deletion, or nothing. */
import { describeDuration } from '../duration.ts';
import { holdingExemptions, judgeExemption } from '../policy/exemptions.ts';
import { ago, type Case, factsOf, holdDeed, leave } from './case.ts';
import { addTo, type Decision, latest } from './decision.ts';
import type { Deactivation, LedgerEntry } from './ledger.ts';
import { announce, deedDueAt, finalLead, isFinalNoticeDue } from './notice-dates.ts';
import { condemningRules, protectingRules } from './reasons.ts';

export function decideInactive(found: Case): Decision {
  const { entry, findings } = found.state;
  switch (entry?.stage) {
    case 'deactivated':
      if (entry.deactivation !== undefined) return decideDeactivated(found, entry, entry.deactivation);
      return leave('unknown', 'the ledger has no record of its deactivation');
    case 'warned':
    case 'restored': {
      const byUs = entry.intent?.action === 'deactivate';
      return {
        type: 'observe',
        change: 'deactivated',
        by: byUs ? 'keysweep' : 'person',
        why: byUs ? 'deactivated by an interrupted sweep' : 'somebody deactivated it',
      };
    }
  }
  const inactive = findings.find(({ rule }) => rule === 'access-key-inactive');
  switch (inactive?.status) {
    case 'fail':
      return { type: 'observe', change: 'deactivated', by: 'person', why: inactive.reason };
    case 'error':
      return leave('unknown', inactive.reason);
    case 'exempt':
      return leave('exempt', `exempt until ${inactive.exemption?.expires}: ${inactive.exemption?.reason}`);
    default:
      return leave('compliant', 'inactive, and not for long');
  }
}

function decideDeactivated(found: Case, entry: LedgerEntry, deactivation: Deactivation): Decision {
  const { state, seen, limits, policy, now } = found;
  if (entry.intent?.action === 'restore') {
    // Somebody is at it right now, or was interrupted: whoever asked for the credential must not see it deleted.
    const until = addTo(entry.intent.at, limits.restoreGrace);
    if (now < until) return leave('restore-grace', `a restoration was begun ${ago(entry.intent.at, now)}`, until);
  }
  for (const rule of protectingRules(entry)) {
    const judged = judgeExemption(holdingExemptions(policy.exemptions, rule, now), factsOf(state));
    if (judged.kind === 'exempt')
      return leave('exempt', `exempt until ${judged.exemption.expires}: ${judged.exemption.reason}`);
    if (judged.kind === 'unknown') return leave('unknown', 'an exemption may apply, and cannot be evaluated');
  }
  if (condemningRules(entry).every((rule) => policy.rules[rule]?.enabled === false))
    return leave('compliant', 'inactive, and the rules by which it would have to go are switched off');
  if (seen.lastUse.kind === 'unknown') return leave('unknown', seen.lastUse.why);
  if (seen.lastUse.kind === 'used' && seen.lastUse.at > now)
    return leave('unknown', 'its last use lies ahead: the clock is slow');
  if (seen.lastUse.kind === 'used' && seen.lastUse.at > deactivation.at) {
    const why = `used ${ago(seen.lastUse.at, now)}, after its deactivation: somebody had switched it on`;
    return { type: 'observe', change: 'deactivated', by: 'person', why };
  }
  const lateUse = lateUseOf(found, entry, deactivation);
  if (lateUse !== undefined) {
    const before = describeDuration(deactivation.at.getTime() - lateUse.getTime());
    const why = `used ${before} before it was switched off, which IAM showed only afterwards`;
    return { type: 'observe', change: 'late-use', by: 'keysweep', why };
  }
  const deleteAt = latest(deactivation.deleteAt, addTo(deactivation.at, limits.deleteAfter));
  const why = `deactivated ${ago(deactivation.at, now)}`;
  if (isFinalNoticeDue(found, deleteAt, deactivation.finalNoticeAt, undefined)) {
    const dueAt = announce(found, latest(deleteAt, addTo(now, finalLead(limits))));
    return { type: 'warn', notice: 'final-notice', reasons: entry.reasons, dueAt, about: 'delete', why };
  }
  const dueAt = deedDueAt(deleteAt, deactivation.finalNoticeAt, finalLead(limits));
  if (now < dueAt) return leave('waiting', `will be deleted: ${why}`, announce(found, dueAt));
  return (
    holdDeed(policy, now, dueAt, deactivation.finalNoticeAt) ?? { type: 'delete', reasons: entry.reasons, dueAt, why }
  );
}

/**
 * A use before keysweep switched the credential off, which IAM did not show yet, and for which it would have stayed on.
 * IAM shows uses with a delay that is not documented (aws: GetAccessKeyLastUsed).
 */
function lateUseOf({ seen, limits }: Case, { reasons }: LedgerEntry, deactivation: Deactivation): Date | undefined {
  if (deactivation.by !== 'keysweep' || seen.lastUse.kind !== 'used') return undefined;
  if (limits.deactivateInUse && reasons.includes('too-old')) return undefined;
  const { at } = seen.lastUse;
  const isInWindow = at > addTo(deactivation.at, -limits.inUseWindow);
  const isNews = deactivation.lastUseAt === undefined || at > deactivation.lastUseAt;
  return isInWindow && isNews ? at : undefined;
}
