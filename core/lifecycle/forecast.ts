/** Runs the policy night by night over a model of the account: what to read before switching `enforce` on. */
import { DAY } from '../duration.ts';
import type { Principal } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import type { AttachedPolicies } from '../ports.ts';
import { addTo } from './decision.ts';
import { carryOut, countModelled, modelKeys, type UseAssumption } from './forecast-model.ts';
import { createForecastNights } from './forecast-night.ts';
import type { LedgerEntry, NoticeKind, RetirableRef } from './ledger.ts';
import { isAction, type PlannedAction, planDecided } from './plan.ts';
import type { Snapshot } from './snapshot.ts';
import { withStanding } from './standing.ts';

export interface ForecastOptions {
  /** The first night that is modelled. */
  readonly from: Date;
  /** How many nights, one every 24 hours. */
  readonly nights: number;
  readonly use: UseAssumption;
  /** Of the users in {@link Forecast.contested}. Without them, the longest idle go first where a cap bites. */
  readonly attached?: ReadonlyMap<string, AttachedPolicies>;
  /** Told after each night, because thousands of users take a while. */
  readonly onNight?: (done: number, total: number) => void;
}

/** One thing that would happen in one night. */
export interface ForecastEvent {
  readonly night: Date;
  readonly type: 'warn' | 'deactivate' | 'delete' | 'resolve' | 'observe';
  /** For `warn`: which notice. */
  readonly notice?: NoticeKind;
  /** For `warn`: what is going to happen; `rotate`: the credential is in use, and stays on. */
  readonly about?: 'retire' | 'rotate' | 'delete';
  /** For `observe`: what is found to have changed. */
  readonly change?: 'deactivated' | 'restored' | 'deleted';
  /** For `warn`: when that is due. For deeds: since when they are. */
  readonly dueAt?: Date;
  readonly principal: Principal;
  readonly credential: RetirableRef;
  readonly why: string;
}

export interface Forecast {
  readonly account: string;
  readonly events: readonly ForecastEvent[];
  /** Credentials that could not be judged in some night, with the first reason: what the forecast says too little about. */
  readonly unknown: readonly UnforecastCredential[];
  /** Names of users among whose keys a cap lets some pass and not others: who goes first hangs on their policies. */
  readonly contested: readonly string[];
}

export interface UnforecastCredential {
  readonly principal: Principal;
  readonly credential: RetirableRef;
  readonly why: string;
}

/**
 * Models every access key of the snapshot, also those in order tonight. A key whose id nobody had to read is called by
 * its user and slot. Sends nothing and writes nothing.
 */
export function forecast(
  snapshot: Snapshot,
  entries: readonly LedgerEntry[],
  policy: Policy,
  options: ForecastOptions,
): Forecast {
  const { from, nights, attached, onNight } = options;
  const { account, report } = snapshot.audit;
  const keys = modelKeys(snapshot, entries, policy, options).map((key) => {
    return attached === undefined ? key : { ...key, base: withStanding(key.base, attached) };
  });
  const byId = new Map(keys.map((key) => [key.base.credential.id, key]));
  const decideAt = createForecastNights(account, report.rows, keys, policy);
  const events: ForecastEvent[] = [];
  const unknown = new Map<string, UnforecastCredential>();
  const contested = new Set<string>();
  for (let night = 0; night < nights; night++) {
    const now = addTo(from, night * DAY);
    const { items, inFull } = decideAt(now);
    const planned = planDecided({ account: account.id, inScope: countModelled(keys) }, items, policy, now);
    for (const { principal } of planned.contested) contested.add(principal.name);
    for (const item of planned.actions) {
      const key = byId.get(item.state.credential.id);
      if (key === undefined) continue;
      const action = inFull(item);
      if (!isAction(action)) continue;
      carryOut(key, action, policy, now);
      events.push(eventOf(action, now));
    }
    for (const item of planned.left) {
      const { principal, credential } = item.state;
      if (item.decision.hold !== 'unknown' || unknown.has(credential.id)) continue;
      unknown.set(credential.id, { principal, credential, why: inFull(item).decision.why });
    }
    onNight?.(night + 1, nights);
  }
  for (const { base, sighting } of keys) {
    const { principal, credential } = base;
    if (sighting.kind !== 'unknown' || unknown.has(credential.id)) continue;
    unknown.set(credential.id, { principal, credential, why: sighting.why });
  }
  return { account: account.id, events, unknown: [...unknown.values()], contested: [...contested] };
}

function eventOf({ state, decision }: PlannedAction, night: Date): ForecastEvent {
  const { principal, credential } = state;
  const warning = decision.type === 'warn' ? { notice: decision.notice, about: decision.about } : {};
  const change = decision.type === 'observe' ? { change: decision.change } : {};
  const dueAt = 'dueAt' in decision ? { dueAt: decision.dueAt } : {};
  return { night, type: decision.type, ...warning, ...change, ...dueAt, principal, credential, why: decision.why };
}
