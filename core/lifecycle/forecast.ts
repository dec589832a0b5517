/** Runs the policy night by night over a model of the account: to be read before mode `enforce` is enabled. */
import { allKinds } from '../kinds/kinds.ts';
import type { Principal } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import type { AttachedPolicies } from '../ports.ts';
import { skipDamaged } from './damaged.ts';
import { addTo, type Decision, type ObservedChange, type WarningSubject } from './decision.ts';
import { carryOut, countModelled, type ModelOptions, modelKeys, modelledSweep } from './forecast-model.ts';
import { createForecastNights } from './forecast-night.ts';
import { modelledTimes } from './forecast-times.ts';
import { type Item, pastNoticeFirst } from './item.ts';
import type { NoticeKind, RetirableRef, SweepRecord } from './ledger.ts';
import { sharesCaps } from './nights.ts';
import { sweepRetention } from './pending.ts';
import { isAction, planDecided } from './plan.ts';
import { countDone, type Remembered } from './remembered.ts';
import { withRisk } from './risk.ts';
import type { Snapshot } from './snapshot.ts';
import type { CredentialState } from './state.ts';

/** How far to look ahead, and the assumptions. */
export interface ForecastOptions extends ModelOptions {
  /** How many nights. */
  readonly nights: number;
  /** For the users in {@link Forecast.contested}. Without it, under a cap, the longest idle keys come first. */
  readonly attached?: ReadonlyMap<string, AttachedPolicies>;
  /** Called after each night, because thousands of users take a while. */
  readonly onNight?: (done: number, total: number) => void;
}

/** One thing that would happen in one night. */
export interface ForecastEvent {
  readonly night: Date;
  readonly type: 'warn' | 'deactivate' | 'delete' | 'resolve' | 'observe';
  /** For `warn`: which notice. */
  readonly notice?: NoticeKind;
  /** For `warn`: what is coming. */
  readonly about?: WarningSubject;
  /** For `observe`: what is found to have changed. */
  readonly change?: ObservedChange;
  /** For `warn`: when that is due. For changes: since when they have been due. */
  readonly dueAt?: Date;
  readonly principal: Principal;
  readonly credential: RetirableRef;
  readonly why: string;
}

/** What the coming nights would do, the earliest first, and what is unknown. */
export interface Forecast {
  readonly account: string;
  readonly events: readonly ForecastEvent[];
  /** Credentials that could not be judged in some night, with the first reason: the forecast for them is incomplete. */
  readonly unknown: readonly UnforecastCredential[];
  /** Names of users of whose keys a cap allows only some: which come first depends on the policies of the users. */
  readonly contested: readonly string[];
}

/** A credential that could not be judged, with the first reason. */
export interface UnforecastCredential {
  readonly principal: Principal;
  readonly credential: RetirableRef;
  readonly why: string;
}

/**
 * Models every credential of the snapshot, including those that are compliant tonight, and every entry of the ledger. A key
 * whose id was not needed is named by its user and slot. Sends nothing and writes nothing.
 */
export function forecast(
  snapshot: Snapshot,
  remembered: Remembered,
  policy: Policy,
  options: ForecastOptions,
): Forecast {
  const { from, nights, attached, onNight } = options;
  const { account, report } = snapshot.audit;
  const keys = modelKeys(snapshot, remembered, policy, options).map((key) => {
    return attached === undefined ? key : { ...key, base: withRisk(key.base, attached) };
  });
  const byId = new Map(keys.map((key) => [key.base.credential.id, key]));
  const sweeps = new Map(remembered.sweeps);
  const decideAt = createForecastNights(account, report.rows, keys, policy, sweeps);
  const events: ForecastEvent[] = [];
  const unknown = new Map<string, UnforecastCredential>();
  const contested = new Set<string>();
  const noteUnknown = ({ principal, credential }: CredentialState, why: string) => {
    if (!unknown.has(credential.id)) unknown.set(credential.id, { principal, credential, why });
  };
  const settle = (item: Item, now: Date) => {
    const key = byId.get(item.state.credential.id);
    if (key === undefined || (!isAction(item) && !key.isOpen)) return;
    const settled = pastNoticeFirst(item, now, policy);
    const problem = carryOut(key, settled, policy, now);
    if (problem !== undefined) noteUnknown(settled.state, problem);
    else if (settled.decision.type !== 'skip') events.push(eventOf(settled, settled.decision, now));
  };
  const times = modelledTimes(policy, remembered, from, nights);
  // Rare: the next scheduled night may follow the first one within hours.
  const remembersModelled = (night: number) => {
    const [before, now] = times.slice(Math.max(0, night - 1), night + 1);
    return night > 0 && before !== undefined && now !== undefined && sharesCaps(policy, before, now);
  };
  const entriesNow = () => [
    ...remembered.entries.filter(({ credential }) => !byId.has(credential.id)),
    ...keys.flatMap(({ entry }) => entry ?? []),
  ];
  for (const [night, now] of times.entries()) {
    const { items, inFull } = decideAt(now);
    const done = countDone(
      remembersModelled(night) ? { ...remembered, entries: entriesNow() } : remembered,
      now,
      policy,
    );
    const planned = planDecided({ items, inScope: countModelled(keys), done }, policy, now);
    for (const { principal } of planned.contested) contested.add(principal.name);
    for (const item of planned.actions) settle(inFull(item), now);
    if (keys.some(({ isOpen }) => isOpen)) for (const item of planned.skipped) settle(item, now);
    sweeps.set(modelledSweep(now), recordOf(account.id, now));
    for (const item of planned.skipped) {
      if (item.decision.skipReason !== 'unknown' || unknown.has(item.state.credential.id)) continue;
      noteUnknown(item.state, inFull(item).decision.why);
    }
    onNight?.(night + 1, nights);
  }
  for (const { base, liveStatus } of keys) if (liveStatus.kind === 'unknown') noteUnknown(base, liveStatus.why);
  for (const { principal, incomplete } of snapshot.users) {
    for (const { kind, noun, off } of allKinds) {
      const why = incomplete?.[kind];
      if (why === undefined || off === 'none') continue;
      const credential = { kind, id: `${principal.name} (further ${noun.many})` };
      if (!unknown.has(credential.id)) unknown.set(credential.id, { principal, credential, why });
    }
  }
  for (const { state, decision } of skipDamaged(snapshot, remembered.damaged)) noteUnknown(state, decision.why);
  return { account: account.id, events, unknown: [...unknown.values()], contested: [...contested] };
}

/** The record of a modeled night, whose digest is assumed to be delivered. */
export function recordOf(account: string, now: Date): SweepRecord {
  return {
    account,
    id: modelledSweep(now),
    startedAt: now,
    endedAt: now,
    deliveredAt: now,
    expiresAt: addTo(now, sweepRetention),
  };
}

function eventOf(
  { state: { principal, credential } }: Item,
  decision: Exclude<Decision, { readonly type: 'skip' }>,
  night: Date,
): ForecastEvent {
  const warning = decision.type === 'warn' ? { notice: decision.notice, about: decision.about } : {};
  const change = decision.type === 'observe' ? { change: decision.change } : {};
  const dueAt = 'dueAt' in decision ? { dueAt: decision.dueAt } : {};
  return { night, type: decision.type, ...warning, ...change, ...dueAt, principal, credential, why: decision.why };
}
