/** A forecast in the plain way: every key is judged and planned anew every night, by the whole policy. */
import { DAY } from '../../core/duration.ts';
import { addTo } from '../../core/lifecycle/decision.ts';
import type { Forecast, ForecastOptions } from '../../core/lifecycle/forecast.ts';
import { carryOut, countModelled, type ModelKey, modelKeys, useTonight } from '../../core/lifecycle/forecast-model.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import { plan } from '../../core/lifecycle/plan.ts';
import { createSightingJudge } from '../../core/lifecycle/reasons.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import { withStanding } from '../../core/lifecycle/standing.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import type { Policy } from '../../core/policy/policy.ts';

export function plainForecast(
  snapshot: Snapshot,
  entries: readonly LedgerEntry[],
  policy: Policy,
  options: ForecastOptions,
): Forecast {
  const { audit } = snapshot;
  const account = audit.account.id;
  const keys = modelKeys(snapshot, entries, policy, options).map((key) => {
    return options.attached === undefined ? key : { ...key, base: withStanding(key.base, options.attached) };
  });
  const byId = new Map(keys.map((key) => [key.base.credential.id, key]));
  const events: Forecast['events'][number][] = [];
  const unknown = new Map<string, Forecast['unknown'][number]>();
  const contested = new Set<string>();
  for (let night = 0; night < options.nights; night++) {
    const now = addTo(options.from, night * DAY);
    for (const key of keys) useTonight(key, now);
    const judge = createSightingJudge(audit.account, policy, now);
    const stateOf = ({ base, sighting, entry }: ModelKey): CredentialState => {
      const state = judge(base, sighting);
      return entry === undefined ? state : { ...state, entry };
    };
    const states = keys
      .filter(({ entry }) => entry?.stage !== 'deleted')
      .map(stateOf)
      .filter(({ entry, findings }) => entry !== undefined || findings.length > 0);
    const report = { rows: audit.report.rows, generatedAt: now };
    const planned = plan({ account, states, report, inScope: countModelled(keys) }, policy, now);
    for (const { principal } of planned.contested) contested.add(principal.name);
    for (const action of planned.actions) {
      const { state, decision } = action;
      const key = byId.get(state.credential.id);
      if (key === undefined) continue;
      carryOut(key, action, policy, now);
      const { principal, credential } = state;
      const { type, why } = decision;
      const warning = decision.type === 'warn' ? { notice: decision.notice, about: decision.about } : {};
      const change = decision.type === 'observe' ? { change: decision.change } : {};
      const dueAt = 'dueAt' in decision ? { dueAt: decision.dueAt } : {};
      events.push({ night: now, type, ...warning, ...change, ...dueAt, principal, credential, why });
    }
    for (const { state, decision } of planned.left) {
      const { principal, credential } = state;
      if (decision.hold !== 'unknown' || unknown.has(credential.id)) continue;
      unknown.set(credential.id, { principal, credential, why: decision.why });
    }
  }
  for (const { base, sighting } of keys) {
    const { principal, credential } = base;
    if (sighting.kind !== 'unknown' || unknown.has(credential.id)) continue;
    unknown.set(credential.id, { principal, credential, why: sighting.why });
  }
  return { account, events, unknown: [...unknown.values()], contested: [...contested] };
}
