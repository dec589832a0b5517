/** Decides about every key of a forecast's account, night after night. */
import type { Account, ReportFacts } from '../model.ts';
import { createNarrower } from '../policy/narrow.ts';
import type { Policy } from '../policy/policy.ts';
import { stillWaiting } from './final-notices.ts';
import { findingsValidUntil } from './findings-valid-until.ts';
import { isOver, isUsedTonight, type ModelKey, useTonight } from './forecast-model.ts';
import { deliveredState, type Item, openItem } from './item.ts';
import type { SweepRecords } from './pending.ts';
import { decideByReport } from './plan.ts';
import { createLiveStatusJudge, type LiveStatusJudge } from './reasons.ts';
import type { CredentialState } from './state.ts';

/** What is decided in one night. */
export interface ForecastNight {
  /**
   * Every key about which something is to be decided. Ages in the texts may be those of an earlier night, since when no
   * finding has come or gone: {@link ForecastNight.inFull} brings them up to date.
   */
  readonly items: readonly Item[];
  /** The item with the texts of this night. */
  inFull(item: Item): Item;
}

/** A key with what was judged of it last. */
interface JudgedKey {
  readonly key: ModelKey;
  /** As far as it speaks about this key. */
  readonly policy: Policy;
  state: CredentialState;
  /** Until when the findings stand, in ms, exclusive. */
  findingsUntil: number;
  /** Whether they are those of a key that is used every night. */
  isUsed: boolean;
}

/** What is the same for every key of a night. */
interface Tonight {
  readonly now: Date;
  readonly report: ReportFacts;
  readonly sweeps: SweepRecords;
  judgeBy(policy: Policy): LiveStatusJudge;
}

/**
 * Prepares the nights of a forecast; ask for them in their order. What a policy matches by never changes in a forecast,
 * and few keys reach a limit in any one night: what was judged is kept for as long as it stands.
 *
 * @param sweeps which notices are out; the caller adds each night that was modelled
 */
export function createForecastNights(
  account: Account,
  rows: number,
  keys: readonly ModelKey[],
  policy: Policy,
  sweeps: SweepRecords,
): (now: Date) => ForecastNight {
  const narrow = createNarrower(policy);
  const all = keys.map(
    (key): JudgedKey => ({ key, policy: narrow(key.base), state: key.base, findingsUntil: 0, isUsed: false }),
  );
  const policies = new Map(all.map(({ key, policy: narrowed }) => [key.base.credential.id, narrowed]));
  return (now) => {
    const tonight = { now, report: { rows, generatedAt: now }, sweeps, judgeBy: judgesOf(account, now) };
    return {
      items: all.flatMap((one) => decideTonight(one, tonight) ?? []),
      inFull(item) {
        const { state: known, decision: planned } = item;
        const narrowed = policies.get(known.credential.id) ?? policy;
        const state = tonight.judgeBy(narrowed)(known, known.liveStatus);
        const decision = decideByReport(deliveredState({ ...item, state }), tonight.report, narrowed, now);
        const reason = planned.type === 'warn' ? planned.deferredBy : undefined;
        const isDeferred = reason !== undefined && decision.type === 'warn';
        return { ...item, state, decision: isDeferred ? stillWaiting(decision, reason) : decision };
      },
    };
  };
}

function judgesOf(account: Account, now: Date): Tonight['judgeBy'] {
  const judges = new Map<Policy, LiveStatusJudge>();
  return (policy) => {
    const known = judges.get(policy);
    if (known !== undefined) return known;
    const judge = createLiveStatusJudge(account, policy, now);
    judges.set(policy, judge);
    return judge;
  };
}

function decideTonight(one: JudgedKey, tonight: Tonight): Item | undefined {
  const { key, policy } = one;
  if (isOver(key)) return undefined;
  useTonight(key, tonight.now);
  judge(one, tonight);
  const { state } = one;
  if (state.entry === undefined && state.findings.length === 0) return undefined;
  const { report, sweeps, now } = tonight;
  // Of one that is not open every notice is out.
  const item = openItem(state, key.isOpen ? sweeps : undefined, now);
  return { ...item, decision: decideByReport(deliveredState(item), report, policy, now) };
}

/** Brings the state up to date. That a key is used as in every night leaves its findings as they are. */
function judge(one: JudgedKey, { now, judgeBy }: Tonight): void {
  const { key, policy, state } = one;
  const { base, liveStatus, entry } = key;
  const noted = entry === undefined ? {} : { entry };
  const isUsed = isUsedTonight(key, now);
  if (now.getTime() >= one.findingsUntil || isUsed !== one.isUsed || isTouched(state, key)) {
    one.state = { ...judgeBy(policy)(base, liveStatus), ...noted };
    one.findingsUntil = findingsValidUntil(one.state, policy, now, isUsed);
    one.isUsed = isUsed;
  } else if (state.liveStatus !== liveStatus || state.entry !== entry) {
    one.state = { ...base, liveStatus, findings: state.findings, ...noted };
  }
}

/** Whether the key was deactivated or deleted since. */
function isTouched({ liveStatus: before }: CredentialState, { liveStatus }: ModelKey): boolean {
  if (before.kind !== 'seen' || liveStatus.kind !== 'seen') return before.kind !== liveStatus.kind;
  return before.status !== liveStatus.status;
}
