/** What to do with one credential. The plan and the guard before each deed ask this same function. */
import { describeDuration } from '../duration.ts';
import { holdingExemptions, judgeExemption } from '../policy/exemptions.ts';
import type { MatchFacts } from '../policy/match.ts';
import type { AccessKeyThresholds, Policy } from '../policy/policy.ts';
import { possibleThresholds } from '../policy/thresholds.ts';
import { holdOf, nextDeedNight } from './calendar.ts';
import { addTo, type Decision, type HoldReason, latest } from './decision.ts';
import type { Deactivation, LedgerEntry, Warning } from './ledger.ts';
import { announce, deedDueAt, finalLead, isFinalNoticeDue, warningPeriod } from './notice-dates.ts';
import { condemningRules, protectingRules, reasonsOf } from './reasons.ts';
import type { CredentialState, Sighting } from './state.ts';

type Seen = Extract<Sighting, { readonly kind: 'seen' }>;

/** All that a decision rests on, once the credential was seen and its thresholds are sure. */
interface Case {
  readonly state: CredentialState;
  readonly seen: Seen;
  readonly limits: AccessKeyThresholds;
  readonly policy: Policy;
  readonly now: Date;
}

/**
 * Decides by what is known at `now`. Whatever is not known leads to `leave`, never to a deed; dates are compared with
 * <=, so that a missed night loses nothing.
 */
export function decide(state: CredentialState, policy: Policy, now: Date): Decision {
  const { sighting, entry, principal } = state;
  if (policy.mode === 'audit') return leave('mode', 'mode audit has no lifecycle');
  if (principal.kind !== 'user') return leave('unknown', 'only credentials of IAM users are retired');
  if (entry?.stage === 'deleted') {
    return sighting.kind === 'seen'
      ? leave('unknown', 'IAM shows it, but the ledger has it as deleted')
      : leave('deleted', 'deleted');
  }
  switch (sighting.kind) {
    case 'unknown':
      return leave('unknown', sighting.why);
    case 'gone':
      if (entry === undefined) return leave('deleted', 'it is gone');
      return {
        type: 'observe',
        change: 'deleted',
        by: entry.intent?.action === 'delete' ? 'keysweep' : 'person',
        why: 'it is gone',
      };
    case 'seen': {
      const [thresholds, ...others] = possibleThresholds(policy, factsOf(state));
      if (thresholds === undefined || others.length > 0)
        return leave('unknown', 'an override may apply, and cannot be evaluated');
      const found = { state, seen: sighting, limits: thresholds.accessKeys, policy, now };
      return sighting.status === 'Active' ? decideActive(found) : decideInactive(found);
    }
  }
}

function decideActive(found: Case): Decision {
  const { state, limits, now } = found;
  const { entry, findings } = state;
  if (entry?.stage === 'deactivated') {
    return { type: 'observe', change: 'restored', by: 'person', why: 'it was deactivated, and is active again' };
  }
  const reasons = reasonsOf(findings, 'fail');
  if (reasons.length === 0) return decideWithoutReason(found);
  if (entry?.restoration !== undefined) {
    const until = addTo(entry.restoration.at, limits.restoreGrace);
    if (now < until) return leave('restore-grace', `restored ${ago(entry.restoration.at, now)}`, until);
  }
  const excused = holdExcused(found);
  if (excused !== undefined) return excused;
  return entry?.stage === 'warned' && entry.warning !== undefined
    ? decideWarned(found, entry.warning)
    : giveFirstNotice(found);
}

function giveFirstNotice(found: Case): Decision {
  const { state, limits, policy, now } = found;
  const isRetired = isInUse(found) === false || limits.deactivateInUse;
  const promised = addTo(now, warningPeriod(limits));
  return {
    type: 'warn',
    notice: 'first-notice',
    reasons: reasonsOf(state.findings, 'fail'),
    dueAt: isRetired ? nextDeedNight(policy.calendar, promised) : promised,
    about: isRetired ? 'retire' : 'rotate',
    why: isRetired ? describeRetirement(found) : describeReasons(state),
  };
}

/** Age alone switches nothing off that is in use, and so nothing that may lie idle by an exemption, or perhaps may. */
function holdExcused(found: Case): Decision | undefined {
  const { findings } = found.state;
  if (found.limits.deactivateInUse || isInUse(found) !== false || reasonsOf(findings, 'fail').includes('unused'))
    return;
  const excuse = findings.find((finding) => reasonsOf([finding], finding.status).includes('unused'));
  if (excuse?.exemption === undefined) return excuse === undefined ? undefined : leave('unknown', excuse.reason);
  const { expires, reason } = excuse.exemption;
  return leave('exempt', `stays on, though ${describeReasons(found.state)}; may be idle until ${expires}: ${reason}`);
}

function decideWithoutReason({ state }: Case): Decision {
  const { entry, findings } = state;
  const unknown = findings.find(({ status }) => status === 'error');
  if (unknown !== undefined) return leave('unknown', unknown.reason);
  const exempt = findings.find(({ status }) => status === 'exempt');
  const why =
    exempt === undefined
      ? 'nothing is wrong with it any more'
      : `exempt until ${exempt.exemption?.expires}: ${exempt.exemption?.reason}`;
  if (entry?.stage === 'warned') return { type: 'resolve', why };
  return exempt === undefined ? leave('compliant', 'nothing is wrong with it') : leave('exempt', why);
}

function decideWarned(found: Case, warning: Warning): Decision {
  const { state, limits, policy, now } = found;
  const reasons = reasonsOf(state.findings, 'fail');
  const inUse = isInUse(found);
  if (inUse === undefined) return leave('unknown', describeUnknownUse(found));
  const goesInUse = limits.deactivateInUse && reasons.includes('too-old');
  if (inUse && !goesInUse) return decideInUse(found, warning, describeReasons(state));
  if (warning.about === 'rotate' || (!goesInUse && isInUseSince(found, warning))) return giveFirstNotice(found);

  const why = describeRetirement(found);
  if (isFinalNoticeDue(found, warning.deactivateAt, warning.finalNoticeAt, warning.lastNoticeAt)) {
    const dueAt = announce(found, latest(warning.deactivateAt, addTo(now, finalLead(limits))));
    return { type: 'warn', notice: 'final-notice', reasons, dueAt, about: 'retire', why };
  }
  const dueAt = deedDueAt(warning.deactivateAt, warning.finalNoticeAt, finalLead(limits));
  if (now < dueAt) {
    const promised = announce(found, dueAt);
    const reminderFrom = limits.warn.slice(1, -1).map((before) => addTo(warning.deactivateAt, -before));
    if (reminderFrom.some((from) => now >= from && warning.lastNoticeAt < from)) {
      return { type: 'warn', notice: 'reminder', reasons, dueAt: promised, about: 'retire', why };
    }
    return leave('waiting', `will be deactivated: ${why}`, promised);
  }
  return holdDeed(policy, now, dueAt, warning.finalNoticeAt) ?? { type: 'deactivate', reasons, dueAt, why };
}

/** Whoever used it since the notice may have done so to keep it: that warning has had its day. */
function isInUseSince({ seen, limits }: Case, { firstNoticeAt }: Warning): boolean {
  return seen.lastUse.kind === 'used' && addTo(seen.lastUse.at, limits.inUseWindow) > firstNoticeAt;
}

/** Too old, and in use: its owner hears of it again and again, and it stays on. */
function decideInUse({ state, limits, now }: Case, warning: Warning, why: string): Decision {
  const again = addTo(warning.lastNoticeAt, warningPeriod(limits));
  if (now < again) return leave('in-use', `in use, and stays on: ${why}`, again);
  const reasons = reasonsOf(state.findings, 'fail');
  return { type: 'warn', notice: 'reminder', reasons, dueAt: again, about: 'rotate', why };
}

function decideInactive(found: Case): Decision {
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

/** Mode, calendar and a final notice stand before every deed. A deed that waits keeps its place. */
function holdDeed(
  { mode, calendar }: Policy,
  now: Date,
  dueAt: Date,
  finalNoticeAt: Date | undefined,
): Decision | undefined {
  if (mode !== 'enforce')
    return leave('mode', `overdue since ${dueAt.toISOString().slice(0, 10)}; mode ${mode} does nothing`, dueAt);
  const hold = holdOf(calendar, now);
  if (hold !== undefined) return leave('calendar', hold);
  return finalNoticeAt === undefined ? leave('waiting', 'a final notice comes first') : undefined;
}

/** Whether the credential was used within the in-use window; undefined where its last use is not known. */
function isInUse({ seen, limits, now }: Case): boolean | undefined {
  if (seen.lastUse.kind === 'unknown') return undefined;
  return seen.lastUse.kind === 'used' && now.getTime() - seen.lastUse.at.getTime() < limits.inUseWindow;
}

function describeUnknownUse({ seen }: Case): string {
  return seen.lastUse.kind === 'unknown' ? seen.lastUse.why : 'the last use is not known';
}

/** Why it goes: age alone switches off only what nobody uses. */
function describeRetirement({ state, seen, limits, now }: Case): string {
  const why = describeReasons(state);
  const { lastUse } = seen;
  const isSaid = limits.deactivateInUse || reasonsOf(state.findings, 'fail').includes('unused');
  if (isSaid || lastUse.kind === 'unknown') return why;
  return `${why}; ${lastUse.kind === 'never' ? 'never used' : `last used ${ago(lastUse.at, now)}`}`;
}

export function describeReasons({ findings }: CredentialState): string {
  return findings
    .filter(({ status }) => status === 'fail')
    .map(({ reason }) => reason)
    .join('; ');
}

function factsOf({ account, principal, tags, credential }: CredentialState): MatchFacts {
  return { account, principal, tags, credential };
}

function leave(hold: HoldReason, why: string, until?: Date): Decision {
  return { type: 'leave', hold, why, ...(until === undefined ? {} : { until }) };
}

function ago(time: Date, now: Date): string {
  return `${describeDuration(now.getTime() - time.getTime())} ago`;
}
