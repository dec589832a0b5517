/** What to do with a credential that is active: notices, a deactivation, or nothing. */
import { describeDuration } from '../duration.ts';

import { blockOf, denialInWords, finalNoticeSince, notBeforeRetry } from './blocked.ts';
import { ago, type Case, describeReasons, ruleFor, skip, skipChange, withPromise } from './case.ts';
import { addTo, type Decision, latest } from './decision.ts';
import type { Warning } from './ledger.ts';
import { nightsAt } from './nights.ts';
import {
  announce,
  announceFinally,
  changeNight,
  isDue,
  isFinalNoticeDue,
  isFinalNoticeValid,
  nightsBefore,
  warningPeriod,
} from './notice-dates.ts';
import { reasonsOf, rulesWith } from './reasons.ts';

export function decideActive(found: Case): Decision {
  const { state, limits, now } = found;
  const { entry, findings } = state;
  if (entry?.stage === 'deactivated') {
    return { type: 'observe', change: 'restored', by: 'person', why: 'it was deactivated, but is active again' };
  }
  const reasons = reasonsOf(findings, 'fail');
  if (reasons.length === 0) return decideWithoutReason(found);
  if (entry?.restoration !== undefined) {
    const until = addTo(entry.restoration.at, limits.restoreGrace);
    if (now < until) return skip('restore-grace', `restored ${ago(entry.restoration.at, now)}`, until);
  }
  const excused = skipExcused(found);
  if (excused !== undefined) return excused;
  return entry?.stage === 'warned' && entry.warning !== undefined
    ? decideWarned(found, entry.warning)
    : giveFirstNotice(found);
}

function giveFirstNotice(found: Case): Decision {
  const { state, limits, now } = found;
  const notice = { type: 'warn', notice: 'first-notice', rules: rulesWith(state.findings, 'fail') } as const;
  const inUse = isInUse(found);
  if (inUse === undefined) {
    const why = `${describeReasons(state)}; its last use cannot be determined: ${describeUnknownUse(found)}`;
    return { ...notice, about: 'unknown', why };
  }
  if (inUse && !limits.deactivateInUse)
    return { ...notice, dueAt: requestNight(found, now), about: 'rotate', why: describeRequest(found) };
  const dueAt = announce(found, addTo(now, warningPeriod(limits)));
  return { ...notice, dueAt, about: 'deactivate', why: whyDue(found) };
}

/** Age alone does not deactivate a credential in use, nor one that an exemption allows, or may allow, to be idle. */
function skipExcused(found: Case): Decision | undefined {
  const { findings } = found.state;
  if (found.limits.deactivateInUse || isInUse(found) !== false || reasonsOf(findings, 'fail').includes('unused'))
    return;
  const excuse = findings.find((finding) => reasonsOf([finding], finding.status).includes('unused'));
  if (excuse?.exemption === undefined) return excuse === undefined ? undefined : skip('unknown', excuse.reason);
  const { expires, reason } = excuse.exemption;
  return skip(
    'exempt',
    `stays active: an exemption allows it to be idle until ${expires}: ${reason}; ${describeReasons(found.state)}`,
  );
}

export function decideWithoutReason({ state }: Pick<Case, 'state'>): Decision {
  const { entry, findings } = state;
  const unknown = findings.find(({ status }) => status === 'error');
  if (unknown !== undefined) return skip('unknown', unknown.reason);
  const exempt = findings.find(({ status }) => status === 'exempt');
  const why =
    exempt === undefined
      ? 'no rule fails for it any longer'
      : `exempt until ${exempt.exemption?.expires}: ${exempt.exemption?.reason}`;
  if (entry?.stage === 'warned') return { type: 'resolve', why };
  return exempt === undefined ? skip('compliant', 'no rule that leads to a change fails for it') : skip('exempt', why);
}

function decideWarned(found: Case, warning: Warning): Decision {
  const { state, limits, policy, now } = found;
  const rules = rulesWith(state.findings, 'fail');
  const inUse = isInUse(found);
  if (inUse === undefined) return skip('unknown', describeUnknownUse(found));
  const deactivatesInUse = limits.deactivateInUse && rules.includes(ruleFor(state, 'too-old'));
  if (inUse && !deactivatesInUse) return decideInUse(found, warning);
  if (warning.about !== undefined || (!deactivatesInUse && isInUseSince(found, warning))) return giveFirstNotice(found);
  // The reasons that people were warned about no longer apply, and the new ones are news to them.
  if (!rules.some((rule) => state.entry?.rules.includes(rule))) return giveFirstNotice(found);

  const blocked = blockOf(state.entry, 'deactivate');
  const why = whyDue(found) + (blocked === undefined ? '' : `; ${denialInWords(blocked)}`);
  const lastPromised = latest(warning.deactivateAt, warning.deferral?.to ?? warning.deactivateAt);
  const relaxed = latest(lastPromised, addTo(warning.firstNoticeAt, warningPeriod(limits)));
  const moved = relaxed > lastPromised ? { to: relaxed } : undefined;
  const promised = notBeforeRetry(relaxed, blocked);
  const final = moved === undefined ? finalNoticeSince(warning, blocked) : {};
  if (isFinalNoticeDue(found, promised, final, warning.lastNoticeAt)) {
    const dueAt = announceFinally(found, promised);
    return { type: 'warn', notice: 'final-notice', rules, dueAt, about: 'deactivate', why, ...moved };
  }
  if (moved !== undefined) {
    const longer = `the warning period is now ${describeDuration(warningPeriod(limits))}: ${why}`;
    const dueAt = announce(found, promised);
    return { type: 'warn', notice: 'deferred', rules, dueAt, about: 'deactivate', why: longer, ...moved };
  }
  const isFinal = isFinalNoticeValid(found, promised, final);
  const dueAt = changeNight(found, promised, final);
  if (!isDue(found, promised, dueAt)) {
    const announced = announce(found, dueAt);
    if (blocked !== undefined && policy.mode === 'enforce') return skip('blocked', why, announced);
    if (isReminderDue(found, promised, warning)) {
      return { type: 'warn', notice: 'reminder', rules, dueAt: announced, about: 'deactivate', why };
    }
    const waiting = skip('waiting', `will be deactivated: ${why}`, announced);
    return isFinal ? withPromise(waiting, 'deactivate', announced) : waiting;
  }
  const skipped = skipChange(policy, now, dueAt, final.finalNoticeAt);
  if (skipped === undefined) return { type: 'deactivate', rules, dueAt, why, ...(inUse ? { inUse: true } : {}) };
  return isFinal && blocked === undefined ? withPromise(skipped, 'deactivate', announce(found, dueAt)) : skipped;
}

/** The items of `warn` between the first and the last count back from the first night that begins after the whole period. */
function isReminderDue({ limits, policy, now }: Case, promised: Date, { lastNoticeAt }: Warning): boolean {
  const { tonight, numberOf, lastUpTo, firstFrom } = nightsAt(policy, now);
  const end = numberOf(firstFrom(promised, Number.NEGATIVE_INFINITY));
  const reminders = limits.warn.slice(1, -1).map((before) => lastUpTo(end - nightsBefore(before)));
  return reminders.some((night) => tonight >= night && numberOf(lastNoticeAt) < night);
}

/** If it was used since the notice, that may have been to keep it: the warning no longer counts. */
function isInUseSince({ seen, limits }: Case, { firstNoticeAt }: Warning): boolean {
  return seen.lastUse.kind === 'used' && addTo(seen.lastUse.at, limits.inUseWindow) > firstNoticeAt;
}

/**
 * Too old but in use: the owner is reminded again and again, and it stays active. If the last notice said that it will be
 * deactivated, people are notified at once.
 */
function decideInUse(found: Case, warning: Warning): Decision {
  const { state, policy, now } = found;
  const why = describeRequest(found);
  const again = requestNight(found, warning.lastNoticeAt);
  const rules = rulesWith(state.findings, 'fail');
  const isNews = warning.about !== 'rotate' && rules.includes(ruleFor(state, 'too-old'));
  if (!isNews && !nightsAt(policy, now).hasCome(again))
    return skip('in-use', `in use, so it stays active: ${why}`, again);
  const next = requestNight(found, now);
  return { type: 'warn', notice: 'reminder', rules, dueAt: latest(again, next), about: 'rotate', why };
}

/** The night of the next reminder about a credential that stays active. */
export function requestNight({ limits, policy, now }: Case, lastNoticeAt: Date): Date {
  const { numberOf, firstFrom } = nightsAt(policy, now);
  return firstFrom(lastNoticeAt, numberOf(lastNoticeAt) + nightsBefore(warningPeriod(limits)));
}

/**
 * Whether the credential was used within the in-use window; undefined if its last use is unknown. An untracked credential
 * counts as in use, because it can never be shown not to be.
 */
function isInUse({ seen, limits, now }: Case): boolean | undefined {
  switch (seen.lastUse.kind) {
    case 'unknown':
      return undefined;
    case 'untracked':
      return true;
    case 'never':
      return false;
    case 'used':
      return now.getTime() - seen.lastUse.at.getTime() < limits.inUseWindow;
  }
}

/** Why the owner should rotate it. */
function describeRequest({ state, seen }: Case): string {
  const why = describeReasons(state);
  return seen.lastUse.kind === 'untracked' ? `${why}; it counts as in use, because IAM does not track its use` : why;
}

function describeUnknownUse({ seen }: Case): string {
  return seen.lastUse.kind === 'unknown' ? seen.lastUse.why : 'the last use is unknown';
}

/** Why it will be deactivated. Age alone deactivates only what is not in use. */
function whyDue({ state, seen, limits, now }: Case): string {
  const why = describeReasons(state);
  const { lastUse } = seen;
  const isSaid = limits.deactivateInUse || reasonsOf(state.findings, 'fail').includes('unused');
  if (isSaid || lastUse.kind === 'unknown' || lastUse.kind === 'untracked') return why;
  return `${why}; ${lastUse.kind === 'never' ? 'never used' : `last used ${ago(lastUse.at, now)}`}`;
}
