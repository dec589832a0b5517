/** Turns a decision into the next ledger record. Pure: the rotator writes it. */
import { isInFuture } from '../future-dates.ts';
import { given } from '../given.ts';
import type { CredentialThresholds } from '../kinds/kind.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { LifecycleRule } from '../kinds/rules.ts';
import type { Policy } from '../policy/policy.ts';
import { limitsOf, possibleThresholds } from '../policy/thresholds.ts';
import { blockOf } from './blocked.ts';
import { factsOf, ruleFor } from './case.ts';
import { addTo, announcesChange, type Change, type Decision, isRequest, latest } from './decision.ts';
import { withUseAsOf } from './doubts.ts';
import type {
  Actor,
  Blocked,
  Deactivation,
  Deferral,
  FinalNotice,
  LedgerEntry,
  LedgerEvent,
  NoticeKind,
  Stage,
  Warning,
} from './ledger.ts';
import { announceFinally, isWithinFinalLead, warningPeriod } from './notice-dates.ts';
import type { CredentialState } from './state.ts';
import { inViolationFrom } from './violations.ts';

/** The stages that may follow each stage. Any other transition is a bug, and refused. */
export const stageTransitions: Readonly<Record<Stage, readonly Stage[]>> = {
  // A person may restore what was deactivated before keysweep ever saw it.
  compliant: ['compliant', 'warned', 'deactivated', 'restored', 'deleted'],
  warned: ['warned', 'compliant', 'deactivated', 'restored', 'deleted'],
  deactivated: ['deactivated', 'restored', 'deleted'],
  restored: ['restored', 'warned', 'deactivated', 'deleted', 'compliant'],
  deleted: [],
};

/** What is written together: the entry and the event that explains it. */
export interface LedgerWrite {
  readonly entry: LedgerEntry;
  readonly event: LedgerEvent;
}

/** When and in which sweep something happens. */
export interface Moment {
  readonly now: Date;
  readonly sweep: string;
}

/** The write for a decision that changes nothing in IAM: a notice, a resolution or an observation. */
export function recordDecision(
  state: CredentialState,
  decision: Exclude<Decision, Change | { readonly type: 'skip' }>,
  policy: Policy,
  moment: Moment,
): LedgerWrite {
  switch (decision.type) {
    case 'warn':
      return recordNotice(state, decision, policy, moment);
    case 'resolve':
      return write(
        state,
        moment,
        { stage: 'compliant', rules: [], notice: 'resolved' },
        'resolved',
        'keysweep',
        decision.why,
      );
    case 'observe':
      return recordObservation(state, decision, policy, moment);
  }
}

/** The write before a change: its intent and its notice. */
export function recordIntent(state: CredentialState, change: Change, moment: Moment): LedgerWrite {
  const stage = state.entry?.stage ?? 'compliant';
  const known =
    change.type === 'deactivate' ? { ...knownUse(state), ...(change.inUse && { inUse: true as const }) } : {};
  const intent = { action: change.type, at: moment.now, sweep: moment.sweep, ...known };
  const notice = change.type === 'deactivate' ? 'deactivated' : 'deleted';
  const type = change.type === 'deactivate' ? 'deactivation-intended' : 'deletion-intended';
  return write(
    state,
    moment,
    { ...kept(state), stage, rules: change.rules, intent, notice },
    type,
    'keysweep',
    change.why,
  );
}

/** The write after a change that IAM confirmed. */
export function recordOutcome(state: CredentialState, change: Change, policy: Policy, moment: Moment): LedgerWrite {
  if (change.type === 'delete') {
    const deletion = { at: moment.now, by: 'keysweep' } as const;
    return write(
      state,
      moment,
      { ...kept(state), stage: 'deleted', rules: change.rules, deletion },
      'deleted',
      'keysweep',
      change.why,
    );
  }
  return write(
    state,
    moment,
    {
      stage: 'deactivated',
      rules: change.rules,
      deactivation: { ...deactivationAt(state, change.rules, 'keysweep', policy, moment.now), ...intendedUse(state) },
    },
    'deactivated',
    'keysweep',
    change.why,
  );
}

/**
 * The write for a change that IAM has applied, if the entry has been written since its intent: keysweep made the change,
 * whatever the entry says now. A restoration that was begun stays begun.
 *
 * @param state with the entry that had the intent, and so what justified the change
 * @param newest the current entry in the ledger
 */
export function recordOverNewer(
  state: CredentialState,
  change: Change,
  newest: LedgerEntry,
  policy: Policy,
  moment: Moment,
): LedgerWrite {
  const { deactivation, intent } = state.entry ?? {};
  const entry = {
    ...newest,
    ...given({ deactivation, intent }),
  };
  const { entry: written, event } = recordOutcome({ ...state, entry }, change, policy, moment);
  const notice = { kind: change.type === 'delete' ? 'deleted' : 'deactivated', sweep: moment.sweep } as const;
  const isBegun = change.type === 'deactivate' && newest.intent?.action === 'restore';
  return { entry: { ...written, ...(isBegun ? { intent: newest.intent } : {}), notice }, event };
}

/** The write for a change that did not happen after all. If its notice was already sent, another one corrects it. */
export function recordNotApplied(state: CredentialState, why: string, moment: Moment): LedgerWrite {
  const { entry } = state;
  const stage = entry?.stage ?? 'compliant';
  return write(
    state,
    moment,
    { ...kept(state), stage, rules: entry?.rules ?? [], notice: 'not-applied' },
    'not-applied',
    'keysweep',
    why,
  );
}

/**
 * The write for a change that AWS denied. Only the first attempt was announced as done, so only that needs a correction; a
 * retry is announced only by its final notice.
 */
export function recordDenied(state: CredentialState, { type }: Change, why: string, moment: Moment): LedgerWrite {
  const { entry } = state;
  const before = blockOf(entry, type);
  const startedAt = type === 'delete' ? entry?.deactivation?.at : entry?.warning?.firstNoticeAt;
  const isSame = before !== undefined && startedAt !== undefined && before.lastAttemptAt >= startedAt;
  const blocked: Blocked = {
    action: type,
    since: isSame ? before.since : moment.now,
    lastAttemptAt: moment.now,
    why,
  };
  const { entry: notApplied, event } = recordNotApplied(state, `AWS denied it: ${why}`, moment);
  const notice = { kind: 'blocked' as const, sweep: moment.sweep };
  return { entry: { ...withoutNotice(notApplied), blocked, ...(before === undefined && { notice }) }, event };
}

/** The write for a person's restoration: before (`restoration-intended`) and after (`restored`) the call to IAM. */
export function recordRestoration(
  state: CredentialState,
  phase: 'intended' | 'done',
  person: { readonly who: string; readonly why: string },
  moment: Moment,
): LedgerWrite {
  const detail = `${person.who}: ${person.why}`;
  if (phase === 'intended') {
    const intent = { action: 'restore', at: moment.now, sweep: moment.sweep } as const;
    const { entry } = state;
    // The notice of the warning may be pending: then the warning is withdrawn.
    const isWithdrawn = entry?.stage === 'warned' && entry.warning === undefined;
    const stage = isWithdrawn ? 'compliant' : (entry?.stage ?? 'compliant');
    return write(
      state,
      moment,
      { ...kept(state), stage, rules: entry?.rules ?? [], intent },
      'restoration-intended',
      'person',
      detail,
    );
  }
  const restoration = { at: moment.now, by: 'person', ...person } as const;
  return write(
    state,
    moment,
    { stage: 'restored', rules: [], restoration, notice: 'restored' },
    'restored',
    'person',
    detail,
  );
}

/** The entry without its notice. */
export function withoutNotice({ notice: _, ...entry }: LedgerEntry): LedgerEntry {
  return entry;
}

function recordNotice(state: CredentialState, decision: GivenNotice, policy: Policy, moment: Moment): LedgerWrite {
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

function recordObservation(
  seen: CredentialState,
  { change, by, why }: Extract<Decision, { readonly type: 'observe' }>,
  policy: Policy,
  moment: Moment,
): LedgerWrite {
  // A deletion date that is counted from a use in the future could not be true either.
  const state = { ...seen, liveStatus: withUseAsOf(seen.liveStatus, moment.now) };
  const rules = currentRules(state);
  switch (change) {
    case 'deactivated': {
      const found = rules.length > 0 ? rules : [ruleFor(state, 'inactive')];
      const known = by === 'keysweep' ? intendedUse(state) : {};
      const deactivation = { ...deactivationAt(state, found, by, policy, moment.now), ...known };
      return write(
        state,
        moment,
        { stage: 'deactivated', rules: found, deactivation, notice: 'deactivated' },
        'deactivated',
        by,
        why,
      );
    }
    case 'late-use': {
      const { at } = state.entry?.deactivation ?? { at: moment.now };
      const deactivation = {
        ...deactivationAt(state, rules, 'keysweep', policy, moment.now),
        ...knownUse(state),
        at,
      };
      return write(
        state,
        moment,
        { stage: 'deactivated', rules, deactivation, notice: 'late-use' },
        'late-use',
        by,
        why,
      );
    }
    case 'restored':
      return write(
        state,
        moment,
        { stage: 'restored', rules: [], restoration: { at: moment.now, by }, notice: 'restored' },
        'restored',
        by,
        why,
      );
    case 'deleted':
      return write(
        state,
        moment,
        { ...kept(state), stage: 'deleted', rules, deletion: { at: moment.now, by }, notice: 'deleted' },
        'deleted',
        by,
        why,
      );
  }
}

/**
 * The rules that led to the stage, adjusted to the live status: a credential that was never used, and has been used since, is
 * now judged by its idle time.
 */
function currentRules({ credential, entry, liveStatus }: CredentialState): readonly LifecycleRule[] {
  const rules = entry?.rules ?? [];
  if (liveStatus.kind !== 'seen' || liveStatus.lastUse.kind !== 'used') return rules;
  const [neverUsed, unused] = [ruleFor({ credential }, 'never-used'), ruleFor({ credential }, 'unused')];
  return [...new Set(rules.map((rule) => (rule === neverUsed ? unused : rule)))];
}

function deactivationAt(
  state: CredentialState,
  rules: readonly LifecycleRule[],
  by: Actor,
  policy: Policy,
  now: Date,
): Deactivation {
  const limits = surelyLimitsOf(state, policy);
  // A notice in mode enforce that names the date of the deletion counts as the final notice if there is no time for another.
  const { liveStatus } = state;
  const violation = liveStatus.kind === 'seen' ? inViolationFrom(rules, liveStatus, limits, policy) : undefined;
  const deleteAt = latest(addTo(now, limits.deleteAfter), violation ?? now);
  const terms = { limits, policy, now };
  const final =
    policy.mode === 'enforce' && isWithinFinalLead(terms, deleteAt)
      ? { finalNoticeAt: now, promisedNight: announceFinally(terms, deleteAt) }
      : {};
  return { at: now, by, deleteAt, ...final };
}

function intendedUse({ entry }: CredentialState): Pick<Deactivation, 'lastUseAt' | 'inUse'> {
  const { lastUseAt, inUse } = entry?.intent ?? {};
  return { ...given({ lastUseAt, inUse }) };
}

/** The last known use, to recognize an earlier one that IAM shows later. */
function knownUse({ liveStatus }: CredentialState): Pick<Deactivation, 'lastUseAt'> {
  return liveStatus.kind === 'seen' && liveStatus.lastUse.kind === 'used' ? { lastUseAt: liveStatus.lastUse.at } : {};
}

/** What is kept of an entry while its stage does not change. */
function kept({ entry }: CredentialState): Pick<LedgerEntry, 'warning' | 'deactivation' | 'restoration'> {
  if (entry === undefined) return {};
  const { warning, deactivation, restoration } = entry;
  return {
    ...given({ warning, deactivation, restoration }),
  };
}

type Changes = Pick<
  LedgerEntry,
  'stage' | 'rules' | 'warning' | 'deactivation' | 'restoration' | 'deletion' | 'intent'
> & {
  readonly notice?: NoticeKind;
};

function write(
  state: CredentialState,
  { now, sweep }: Moment,
  { notice, ...changes }: Changes,
  type: LedgerEvent['type'],
  by: Actor,
  detail: string,
): LedgerWrite {
  const { account, credential, principal, entry } = state;
  const from = entry?.stage ?? 'compliant';
  const to = changes.stage;
  if (!stageTransitions[from].includes(to)) throw new RangeError(`there is no transition from ${from} to ${to}`);
  // The last line of defense: keysweep deletes nothing without a recorded deactivation.
  if (to === 'deleted' && by === 'keysweep' && entry?.deactivation === undefined) {
    throw new RangeError(`there is no transition from ${from} to deleted without a recorded deactivation`);
  }
  const isOurs = by === 'keysweep' && (to === 'deactivated' || to === 'deleted');
  const isMeant = changes.intent !== undefined && changes.intent.action !== 'restore';
  if ((isOurs || isMeant) && kindOf(credential.kind).off !== 'status') {
    throw new RangeError(`keysweep never changes ${kindOf(credential.kind).noun.many}: it could not be undone`);
  }
  const version = (entry?.version ?? 0) + 1;
  const userId = state.userId ?? entry?.userId;
  const { deactivation } = changes;
  const lastDeactivationAt = deactivation?.by === 'keysweep' ? deactivation.at : entry?.lastDeactivationAt;
  // The grace is that of the current policy: it also applies to a key that was warned under a shorter one.
  const { restoration } = changes.deactivation === undefined ? (entry ?? {}) : {};
  // A denial is kept until keysweep has made the change: even after a new warning it retries at most once a week.
  const isDone =
    to === 'deleted' || (type === 'deactivated' && by === 'keysweep' && entry?.blocked?.action === 'deactivate');
  const next: LedgerEntry = {
    account,
    credential,
    principal,
    ...given({ userId }),
    createdAt: createdAtOf(state, now),
    version,
    since: from === to ? (entry?.since ?? now) : now,
    updatedAt: lastWriteAt(entry, now),
    ...given({ restoration }),
    ...(entry?.blocked === undefined || isDone ? {} : { blocked: entry.blocked }),
    ...changes,
    ...given({ lastDeactivationAt }),
    ...(notice === undefined ? {} : { notice: { kind: notice, sweep } }),
  };
  return { entry: next, event: { account, credential, version, at: now, sweep, type, by, from, to, detail } };
}

/** A restoration may overwrite an entry that a clock that ran ahead has left: it stays in doubt until that time. */
function lastWriteAt(entry: LedgerEntry | undefined, now: Date): Date {
  return entry !== undefined && isInFuture(entry.updatedAt, now) ? entry.updatedAt : now;
}

function createdAtOf({ entry, liveStatus }: CredentialState, now: Date): Date {
  if (entry !== undefined) return entry.createdAt;
  return liveStatus.kind === 'seen' ? liveStatus.createdAt : now;
}

function surelyLimitsOf(state: CredentialState, policy: Policy): CredentialThresholds {
  // The decision was made by certain thresholds; the last of several is the policy's own.
  return limitsOf(possibleThresholds(policy, factsOf(state)).at(-1) ?? policy, state.credential.kind);
}
