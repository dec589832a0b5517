/** Runs the policy night by night over a model of the account: what to read before switching `enforce` on. */
import { isSameSecond } from '../creation-second.ts';
import { DAY } from '../duration.ts';
import type { LastUse, ObservedAccessKey, Principal } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import type { AttachedPolicies } from '../ports.ts';
import { sightingOf } from './build-states.ts';
import { addTo, isDeed } from './decision.ts';
import type { LedgerEntry, NoticeKind, RetirableRef } from './ledger.ts';
import { type PlannedAction, plan } from './plan.ts';
import { createSightingJudge, type SightingJudge } from './reasons.ts';
import type { Snapshot } from './snapshot.ts';
import { withStanding } from './standing.ts';
import type { CredentialState, Sighting } from './state.ts';
import { recordDecision, recordIntent, recordOutcome } from './transitions.ts';

/**
 * What the model takes for granted. `continue`: whoever used a key within the in-use window uses it every night on.
 * `stop`: nobody uses anything any more.
 */
export type UseAssumption = 'continue' | 'stop';

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

/** A key of the model, which changes from night to night. */
interface ModelKey {
  readonly base: CredentialState;
  readonly isUsedNightly: boolean;
  sighting: Sighting;
  entry: LedgerEntry | undefined;
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
  const account = snapshot.audit.account.id;
  const keys = modelKeys(snapshot, entries, policy, options).map((key) => {
    return attached === undefined ? key : { ...key, base: withStanding(key.base, attached) };
  });
  const byId = new Map(keys.map((key) => [key.base.credential.id, key]));
  const events: ForecastEvent[] = [];
  const unknown = new Map<string, UnforecastCredential>();
  const contested = new Set<string>();
  for (let night = 0; night < nights; night++) {
    const now = addTo(from, night * DAY);
    for (const key of keys) useTonight(key, now);
    const judge = createSightingJudge(snapshot.audit.account, policy, now);
    const states = keys
      .filter(({ entry }) => entry?.stage !== 'deleted')
      .map((key) => stateOf(key, judge))
      .filter(({ entry, findings }) => entry !== undefined || findings.length > 0);
    const report = { rows: snapshot.audit.report.rows, generatedAt: now };
    const planned = plan({ account, states, report, inScope: countModelled(keys) }, policy, now);
    const { actions, left } = planned;
    for (const { principal } of planned.contested) contested.add(principal.name);
    for (const action of actions) {
      const key = byId.get(action.state.credential.id);
      if (key === undefined) continue;
      carryOut(key, action, policy, now);
      events.push(eventOf(action, now));
    }
    for (const { state, decision } of left) {
      const { principal, credential } = state;
      if (decision.hold !== 'unknown' || unknown.has(credential.id)) continue;
      unknown.set(credential.id, { principal, credential, why: decision.why });
    }
    onNight?.(night + 1, nights);
  }
  for (const { base, sighting } of keys) {
    const { principal, credential } = base;
    if (sighting.kind !== 'unknown' || unknown.has(credential.id)) continue;
    unknown.set(credential.id, { principal, credential, why: sighting.why });
  }
  return { account, events, unknown: [...unknown.values()], contested: [...contested] };
}

function modelKeys(
  snapshot: Snapshot,
  entries: readonly LedgerEntry[],
  policy: Policy,
  { from, use }: Pick<ForecastOptions, 'from' | 'use'>,
): readonly ModelKey[] {
  const account = snapshot.audit.account.id;
  const entryById = new Map(entries.map((entry) => [entry.credential.id, entry]));
  return snapshot.users.flatMap(({ principal, tags, accessKeys }) =>
    accessKeys.map((key): ModelKey => {
      const { ref, status, lastUse } = key;
      // A key whose id is known is that key and no other, whenever its user's other key was created.
      const matched = ref.id === undefined ? matchBySecond(key, accessKeys, principal, entries) : entryById.get(ref.id);
      const id = ref.id ?? matched?.credential.id ?? `${principal.name} (access key ${ref.slot ?? '?'})`;
      const sighting = sightingOf(key);
      const base: CredentialState = {
        account,
        principal,
        credential: { kind: 'access-key', id },
        tags,
        sighting,
        findings: [],
      };
      const isUsed = lastUse.kind === 'used' && from.getTime() - lastUse.at.getTime() < policy.accessKeys.inUseWindow;
      const isActive = status.known && status.value === 'Active';
      return { base, sighting, entry: matched, isUsedNightly: use === 'continue' && isUsed && isActive };
    }),
  );
}

/** The one entry of a user's key created in that second; none where entries or slots make it ambiguous. */
function matchBySecond(
  { createdAt }: ObservedAccessKey,
  slots: readonly ObservedAccessKey[],
  principal: Principal,
  entries: readonly LedgerEntry[],
): LedgerEntry | undefined {
  if (!createdAt.known) return undefined;
  const second = createdAt.value;
  const twins = slots.filter((slot) => slot.createdAt.known && isSameSecond(slot.createdAt.value, second));
  const [match, ...others] = entries.filter((entry) => {
    return (
      entry.principal.name === principal.name && entry.stage !== 'deleted' && isSameSecond(entry.createdAt, second)
    );
  });
  return twins.length === 1 && others.length === 0 ? match : undefined;
}

function useTonight(key: ModelKey, now: Date): void {
  const { sighting } = key;
  if (!key.isUsedNightly || sighting.kind !== 'seen' || sighting.status !== 'Active') return;
  const lastUse: LastUse = { kind: 'used', at: now };
  key.sighting = { ...sighting, lastUse };
}

function stateOf({ base, sighting, entry }: ModelKey, judge: SightingJudge): CredentialState {
  const state = judge(base, sighting);
  return entry === undefined ? state : { ...state, entry };
}

function countModelled(keys: readonly ModelKey[]): number {
  return keys.filter(({ sighting }) => sighting.kind === 'seen' && sighting.status === 'Active').length;
}

/** Does to the model what the rotator would do to the account. */
function carryOut(key: ModelKey, { state, decision }: PlannedAction, policy: Policy, now: Date): void {
  const moment = { now, sweep: now.toISOString() };
  if (!isDeed(decision)) {
    key.entry = recordDecision(state, decision, policy, moment).entry;
    return;
  }
  const intent = recordIntent(state, decision, moment).entry;
  key.entry = recordOutcome({ ...state, entry: intent }, decision, policy, moment).entry;
  if (decision.type === 'delete') key.sighting = { kind: 'gone' };
  else if (key.sighting.kind === 'seen') key.sighting = { ...key.sighting, status: 'Inactive' };
}

function eventOf({ state, decision }: PlannedAction, night: Date): ForecastEvent {
  const { principal, credential } = state;
  const warning = decision.type === 'warn' ? { notice: decision.notice, about: decision.about } : {};
  const change = decision.type === 'observe' ? { change: decision.change } : {};
  const dueAt = 'dueAt' in decision ? { dueAt: decision.dueAt } : {};
  return { night, type: decision.type, ...warning, ...change, ...dueAt, principal, credential, why: decision.why };
}
