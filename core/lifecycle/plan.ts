/** What a sweep would do, and what it skips and why: plain data, printable. */
import { formatDuration } from '../duration.ts';
import { isInFuture } from '../future-dates.ts';
import type { Duration, Principal, ReportFacts } from '../model.ts';
import type { Cap, Policy } from '../policy/policy.ts';
import { blockOf } from './blocked.ts';
import { decide } from './decide.ts';
import { type Change, type Decision, isChange } from './decision.ts';
import { allotFinalNotices, type CappedChange, deferFinalNotice, isFinalNoticeOf } from './final-notices.ts';
import { deliveredState, type Item } from './item.ts';
import type { RetirableRef } from './ledger.ts';
import { type NightTerms, sharesCaps } from './nights.ts';
import { rank } from './rank.ts';
import type { ChangesDone } from './remembered.ts';
import type { CredentialState } from './state.ts';

/** What to do about one credential. */
export type PlannedAction = Item<Exclude<Decision, { readonly type: 'skip' }>>;
/** A credential that is skipped tonight, with the reason. */
export type SkippedItem = Item<Extract<Decision, { readonly type: 'skip' }>>;

/** What a sweep would do tonight, and what it skips. */
export interface Plan {
  /** In the order of execution: changes by rank, most urgent first. */
  readonly actions: readonly PlannedAction[];
  readonly skipped: readonly SkippedItem[];
  /** All credentials whose change is due, if a cap allows only some changes of that type: their rank decides. */
  readonly contested: readonly CredentialState[];
}

/** The account as a sweep finds it. */
export interface PlanInput {
  readonly items: readonly Item[];
  /** The report that the states rest on. */
  readonly report: ReportFacts;
  /** Number of active retirable credentials in the account: the base of a cap in percent. */
  readonly inScope: number;
  /** Changes that are already done tonight and count against the caps; see {@link countDone}. */
  readonly done?: ChangesDone;
  /** Why the attached policies of {@link Plan.contested} could not be read; the rank ignores them, and the plan says so. */
  readonly riskUnread?: string;
}

/** Plans a sweep. Pure: the guard reads and decides again before each change. */
export function plan(input: PlanInput, policy: Policy, now: Date): Plan {
  const { report } = input;
  const sound = input.items.filter(({ damage }) => damage === undefined);
  const items = sound.map(
    (item): Item => ({
      ...item,
      decision: decideByReport(deliveredState(item), report, policy, now),
    }),
  );
  const planned = planDecided({ ...input, items }, policy, now);
  const damaged = input.items.filter((item): item is SkippedItem => item.damage !== undefined && !isAction(item));
  return { ...planned, skipped: [...planned.skipped, ...damaged] };
}

/** The rest of a plan, once {@link decideByReport} has decided about each item: what the caps allow, and the order. */
export function planDecided(
  input: Omit<PlanInput, 'report'>,
  terms: NightTerms & Pick<Policy, 'limits' | 'mode'>,
  now: Date,
): Plan {
  const { items, inScope, done = { deactivations: 0, deletions: 0 } } = input;
  const { maxDeactivations, maxDeletions } = terms.limits;
  const kinds = [
    {
      type: 'deactivate',
      cap: 'maxDeactivations',
      aNight: capacityOf(maxDeactivations, inScope),
      capacity:
        capacityOf(maxDeactivations, inScope) - done.deactivations - countFoundDone(items, 'deactivated', now, terms),
    },
    {
      type: 'delete',
      cap: 'maxDeletions',
      aNight: capacityOf(maxDeletions, inScope),
      capacity: capacityOf(maxDeletions, inScope) - done.deletions - countFoundDone(items, 'deleted', now, terms),
    },
  ] as const;
  const ranked = kinds.map(({ type, cap, capacity }) => {
    const changes = items.filter((item): item is Item<Change> => item.decision.type === type);
    return { cap, capacity: Math.max(0, capacity), changes: rank(changes, type, now) };
  });
  const capped = ranked.flatMap((changes) => applyCap(changes, input.riskUnread));
  const rounds = terms.mode !== 'enforce' ? [] : kinds.map((kind) => finalNoticesOf(kind, items, terms, now));
  const waiting = new Map(rounds.flatMap((round) => [...round.deferredBy]));
  const others = items.filter(({ state, decision }) => !isChange(decision) && !waiting.has(state.credential.id));
  const behind = items.flatMap((item) => {
    const decision = waiting.get(item.state.credential.id);
    return decision === undefined ? [] : [{ ...item, decision }];
  });
  const all = [...others, ...capped, ...behind];
  return {
    actions: all.filter(isAction),
    skipped: all.filter((item): item is SkippedItem => item.decision.type === 'skip'),
    contested: ranked
      .filter(({ capacity, changes }) => capacity > 0 && capacity < changes.length)
      .flatMap(({ changes }) => changes.map(({ state }) => state))
      .concat(rounds.flatMap(({ contested }) => contested)),
  };
}

/** The final notices before one type of change. */
interface FinalNotices {
  /** The decision for each that has to wait, by credential id. */
  readonly deferredBy: ReadonlyMap<string, Decision>;
  /** All of them, if only some may be sent. */
  readonly contested: readonly CredentialState[];
}

function finalNoticesOf(
  {
    type,
    cap,
    capacity,
    aNight,
  }: Omit<CappedChange, 'change'> & { readonly type: Change['type']; readonly aNight: number },
  items: readonly Item[],
  terms: NightTerms,
  now: Date,
): FinalNotices {
  const due = items.flatMap((item) => {
    const { decision } = item;
    return isFinalNoticeOf(decision, type) ? [{ ...item, decision }] : [];
  });
  if (due.length === 0) return { deferredBy: new Map(), contested: [] };
  const promised = items.flatMap(({ decision }) => {
    return decision.type === 'skip' && decision.promised?.change === type ? [decision.promised.night] : [];
  });
  const changes = items.filter(({ state, decision }) => {
    return decision.type === type && blockOf(state.entry, type) === undefined;
  });
  const change = { change: type, cap, capacity: aNight };
  const overflow = Math.max(0, changes.length - Math.max(0, capacity));
  const allotted = allotFinalNotices(rank(due, type, now), promised, overflow, change, terms, now);
  const waiting = due.filter(({ state }) => !allotted.has(state.credential.id));
  const deferrals = waiting.map((item) => {
    const decision = deferFinalNotice(deliveredState(item), item.decision, change, waiting.length, terms, now);
    return [item.state.credential.id, decision] as const;
  });
  return {
    deferredBy: new Map(deferrals),
    contested: allotted.size > 0 && waiting.length > 0 ? due.map(({ state }) => state) : [],
  };
}

export function isAction(item: Item): item is PlannedAction {
  return item.decision.type !== 'skip';
}

/** How many changes a cap allows: percentages are rounded down, but at least one is allowed unless the cap is 0. */
export function capacityOf(limit: Cap, inScope: number): number {
  if ('count' in limit) return limit.count;
  return limit.percent === 0 ? 0 : Math.max(1, Math.floor((limit.percent * inScope) / 100));
}

/** Changes that an interrupted sweep of this night made but could not record: IAM shows them, and they count as well. */
function countFoundDone(
  items: readonly Item[],
  change: 'deactivated' | 'deleted',
  now: Date,
  terms: NightTerms,
): number {
  return items.filter(({ state: { entry }, decision }) => {
    const isFound = decision.type === 'observe' && decision.by === 'keysweep' && decision.change === change;
    return isFound && entry?.intent !== undefined && sharesCaps(terms, entry.intent.at, now);
  }).length;
}

/**
 * Decides about a credential by this report. A report that is too old leads to nothing. If the clock is behind, only a
 * reactivation is recorded: a deletion requires that the credential was inactive at every sweep.
 */
export function decideByReport(state: CredentialState, report: ReportFacts, policy: Policy, now: Date): Decision {
  const stale = doubtAge(report, policy.limits.maxReportAge, now);
  if (stale !== undefined) return stale;
  const decision = decide(state, policy, now);
  const isRestored = decision.type === 'observe' && decision.change === 'restored';
  return isRestored ? decision : (doubtClock(report, now) ?? decision);
}

/** A report of unknown age counts as stale: it is unknown what has happened since. */
function doubtAge({ generatedAt }: ReportFacts, maxAge: Duration, now: Date): SkippedItem['decision'] | undefined {
  if (generatedAt === undefined) return skip('report-stale', 'the age of the credential report is unknown');
  if (now.getTime() - generatedAt.getTime() <= maxAge) return undefined;
  const why = `the credential report of ${generatedAt.toISOString()} is older than ${formatDuration(maxAge)}`;
  return skip('report-stale', why);
}

/**
 * A report from the future shows that the clock is behind. What such a run recorded would be dated too early, and would make
 * later changes due too early. For entries of the ledger see {@link doubtEntry}.
 */
function doubtClock({ generatedAt }: ReportFacts, now: Date): SkippedItem['decision'] | undefined {
  if (generatedAt === undefined || !isInFuture(generatedAt, now)) return undefined;
  return skip(
    'unknown',
    `the credential report is of ${generatedAt.toISOString()}, which is in the future: the clock is behind`,
  );
}

function skip(skipReason: SkippedItem['decision']['skipReason'], why: string): SkippedItem['decision'] {
  return { type: 'skip', skipReason, why };
}

/** Changes of one type, by rank, and how many of them are allowed. */
interface RankedChanges {
  readonly cap: 'maxDeactivations' | 'maxDeletions';
  readonly capacity: number;
  readonly changes: readonly Item<Change>[];
}

function applyCap({ cap, capacity, changes }: RankedChanges, riskUnread?: string): readonly Item[] {
  return changes.map((item, index) => {
    if (index < capacity) return item;
    const risk = describeRisk(item.state, capacity > 0 ? riskUnread : undefined);
    const why = `deferred: ${cap} allows ${capacity} of ${changes.length}${risk}`;
    return { ...item, decision: { type: 'skip', skipReason: 'cap', why } };
  });
}

/** The risk of those that have to wait, for the person who decides about the cap. */
function describeRisk({ exposed, privileged }: CredentialState, unread: string | undefined): string {
  if (unread !== undefined) return `; it could not be read whether its user is exposed or privileged: ${unread}`;
  const words = [exposed === true ? ['exposed'] : [], privileged === true ? ['privileged'] : []].flat();
  return words.length === 0 ? '' : `; its user is ${words.join(' and ')}`;
}

/** Names a credential for people: `AKIA... of alice`. */
export function nameOf({
  credential,
  principal,
}: {
  readonly credential: RetirableRef;
  readonly principal: Principal;
}): string {
  return `${credential.id} of ${principal.name}`;
}
