/** The record of a notice: which date it starts or moves, and whether it makes a change possible. */
import { given } from '../given.ts';
import type { Policy } from '../policy/policy.ts';
import { addTo, announcesChange, type Decision, isRequest, latest } from './decision.ts';
import type { Deactivation, Deferral, FinalNotice, Warning } from './ledger.ts';
import { type LedgerWrite, type Moment, surelyLimitsOf, write } from './ledger-write.ts';
import { warningPeriod } from './notice-dates.ts';
import type { CredentialState } from './state.ts';

export function recordNotice(
  state: CredentialState,
  decision: GivenNotice,
  policy: Policy,
  moment: Moment,
): LedgerWrite {
  const { notice, rules, why, about } = decision;
  const { entry } = state;
  const limits = surelyLimitsOf(state, policy);
  const isFinal = notice === 'final-notice' || (notice === 'first-notice' && limits.warn.length === 1);
  // Only a notice in mode enforce that announces a change makes that change possible.
  const opens = policy.mode === 'enforce' && announcesChange(about);
  const final = isFinal && opens ? { finalNoticeAt: moment.now, ...nightOf(decision) } : undefined;
  const type = notice === 'first-notice' ? 'warned' : notice === 'deferred' ? 'deferred' : 'reminded';
  const isMoved = notice === 'deferred' || decision.to !== undefined;
  const deferral = isMoved ? deferralOf(decision, moment.now) : {};
  if (about === 'delete' && entry?.deactivation !== undefined) {
    const known: Deactivation = isMoved ? withoutFinalNotice(entry.deactivation) : entry.deactivation;
    const changed = { ...(final ?? laterNight(known, decision)), ...deferral };
    const deactivation: Deactivation = { ...withoutEndlessDeferral(known), ...changed, lastNoticeAt: moment.now };
    return write(state, moment, { stage: 'deactivated', rules, deactivation, notice }, type, 'keysweep', why);
  }
  const subject = isRequest(about) || about === 'unknown' ? { about } : {};
  if (notice === 'first-notice' || entry?.warning === undefined) {
    const warning: Warning = {
      firstNoticeAt: moment.now,
      lastNoticeAt: moment.now,
      deactivateAt: addTo(moment.now, warningPeriod(limits)),
      ...subject,
      ...final,
    };
    return write(state, moment, { stage: 'warned', rules, warning, notice }, type, 'keysweep', why);
  }
  const { about: _, ...known }: Warning = isMoved ? withoutFinalNotice(entry.warning) : entry.warning;
  const changed = { ...(final ?? laterNight(known, decision)), ...deferral };
  const warning: Warning = { ...known, ...subject, lastNoticeAt: moment.now, ...changed };
  return write(state, moment, { stage: 'warned', rules, warning, notice }, type, 'keysweep', why);
}

type GivenNotice = Extract<Decision, { readonly type: 'warn' }>;

function nightOf({ dueAt }: GivenNotice): Pick<FinalNotice, 'promisedNight'> {
  return dueAt === undefined ? {} : { promisedNight: dueAt };
}

/** The last night that people were notified of counts, even if the final notice named an earlier one. */
function laterNight(known: FinalNotice, decision: GivenNotice): Pick<FinalNotice, 'promisedNight'> {
  const { about, dueAt } = decision;
  if (known.finalNoticeAt === undefined || dueAt === undefined || !announcesChange(about)) return {};
  return { promisedNight: latest(known.promisedNight ?? dueAt, dueAt) };
}

function deferralOf({ to }: { readonly to?: Date }, at: Date): { readonly deferral: Deferral } {
  return { deferral: { at, ...given({ to }) } };
}

/** A date that was moved needs a new final notice. */
function withoutFinalNotice<T extends FinalNotice>({ finalNoticeAt: _, promisedNight: __, ...clock }: T) {
  return clock;
}

/** After a new notice of the deletion, people are notified again if the policy is relaxed again. */
function withoutEndlessDeferral({ deferral, ...deactivation }: Deactivation): Deactivation {
  return deferral?.to === undefined ? deactivation : { ...deactivation, deferral };
}
