/** Decides about every key in a forecast, night after night. */
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
   * Every key that needs a decision. Ages in the texts may be those of an earlier night since which no finding has changed:
   * {@link ForecastNight.inFull} updates them.
   */
  readonly items: readonly Item[];
  /** The item with the texts for this night. */
  inFull(item: Item): Item;
}

/** A key with its latest findings. */
interface JudgedKey {
  readonly key: ModelKey;
  /** The policy, narrowed to what concerns this key. */
  readonly policy: Policy;
  state: CredentialState;
  /** Until when the findings are valid, in ms, exclusive. */
  findingsUntil: number;
  /** Whether they were judged for a key that is used every night. */
  isUsed: boolean;
}

/** What is the same for every key in a night. */
interface Tonight {
  readonly now: Date;
  readonly report: ReportFacts;
  readonly sweeps: SweepRecords;
  judgeBy(policy: Policy): LiveStatusJudge;
}

/**
 * Prepares the nights of a forecast; call it for one night after the other. What a policy matches never changes in a
 * forecast, and few keys reach a limit in any one night, so findings are kept for as long as they are valid.
 *
 * @param sweeps which notices are delivered; the caller adds each modeled night
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
  // All notices of an entry that is not open are delivered.
  const item = openItem(state, key.isOpen ? sweeps : undefined, now);
  return { ...item, decision: decideByReport(deliveredState(item), report, policy, now) };
}

/** Updates the state. The nightly use of a key that is used every night leaves its findings unchanged. */
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

/** Whether the key has been deactivated or deleted since. */
function isTouched({ liveStatus: before }: CredentialState, { liveStatus }: ModelKey): boolean {
  if (before.kind !== 'seen' || liveStatus.kind !== 'seen') return before.kind !== liveStatus.kind;
  return before.status !== liveStatus.status;
}
