/** Turns a decision into the next ledger record. Pure: the rotator writes it. */
import { given } from '../given.ts';
import type { Policy } from '../policy/policy.ts';
import { blockOf } from './blocked.ts';
import { deactivationAt, intendedUse, knownUse } from './deactivation-record.ts';
import type { Change, Decision } from './decision.ts';
import type { Blocked, LedgerEntry } from './ledger.ts';
import { kept, type LedgerWrite, type Moment, write } from './ledger-write.ts';
import { recordNotice } from './record-notice.ts';
import { recordObservation } from './record-observation.ts';
import type { CredentialState } from './state.ts';

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
