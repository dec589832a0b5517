/** A forecast in the plain way: every key is judged and planned again every night, by the whole policy. */
import { skipDamaged } from '../../core/lifecycle/damaged.ts';
import { type Forecast, type ForecastOptions, recordOf } from '../../core/lifecycle/forecast.ts';
import {
  carryOut,
  countModelled,
  isOver,
  type ModelKey,
  modelKeys,
  useTonight,
} from '../../core/lifecycle/forecast-model.ts';
import { modelledTimes } from '../../core/lifecycle/forecast-times.ts';
import { openItem, pastNoticeFirst } from '../../core/lifecycle/item.ts';
import { plan } from '../../core/lifecycle/plan.ts';
import { createLiveStatusJudge } from '../../core/lifecycle/reasons.ts';
import { countDone, type Remembered } from '../../core/lifecycle/remembered.ts';
import { withRisk } from '../../core/lifecycle/risk.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import type { Policy } from '../../core/policy/policy.ts';

export function plainForecast(
  snapshot: Snapshot,
  remembered: Remembered,
  policy: Policy,
  options: ForecastOptions,
): Forecast {
  const { audit } = snapshot;
  const account = audit.account.id;
  const keys = modelKeys(snapshot, remembered, policy, options).map((key) => {
    return options.attached === undefined ? key : { ...key, base: withRisk(key.base, options.attached) };
  });
  const byId = new Map(keys.map((key) => [key.base.credential.id, key]));
  const events: Forecast['events'][number][] = [];
  const unknown = new Map<string, Forecast['unknown'][number]>();
  const contested = new Set<string>();
  const noteUnknown = ({ principal, credential }: CredentialState, why: string) => {
    if (!unknown.has(credential.id)) unknown.set(credential.id, { principal, credential, why });
  };
  let ledger = remembered;
  for (const now of modelledTimes(policy, remembered, options.from, options.nights)) {
    for (const key of keys) useTonight(key, now);
    const done = countDone(ledger, now, policy);
    const { sweeps } = ledger;
    const judge = createLiveStatusJudge(audit.account, policy, now);
    const stateOf = ({ base, liveStatus, entry }: ModelKey): CredentialState => {
      const state = judge(base, liveStatus);
      return entry === undefined ? state : { ...state, entry };
    };
    const items = keys
      .filter((key) => !isOver(key))
      .map(stateOf)
      .filter(({ entry, findings }) => entry !== undefined || findings.length > 0)
      .map((state) => openItem(state, sweeps, now));
    const report = { rows: audit.report.rows, generatedAt: now };
    const planned = plan({ items, report, inScope: countModelled(keys), done }, policy, now);
    for (const { principal } of planned.contested) contested.add(principal.name);
    for (const item of [...planned.actions, ...planned.skipped]) {
      const key = byId.get(item.state.credential.id);
      if (key === undefined) continue;
      const settled = pastNoticeFirst(item, now, policy);
      const problem = carryOut(key, settled, policy, now);
      const { state, decision } = settled;
      if (problem !== undefined) noteUnknown(state, problem);
      if (problem !== undefined || decision.type === 'skip') continue;
      const { principal, credential } = state;
      const { type, why } = decision;
      const warning = decision.type === 'warn' ? { notice: decision.notice, about: decision.about } : {};
      const change = decision.type === 'observe' ? { change: decision.change } : {};
      const dueAt = 'dueAt' in decision ? { dueAt: decision.dueAt } : {};
      events.push({ night: now, type, ...warning, ...change, ...dueAt, principal, credential, why });
    }
    for (const { state, decision } of planned.skipped)
      if (decision.skipReason === 'unknown') noteUnknown(state, decision.why);
    const tombstones = ledger.entries.filter(({ credential }) => !byId.has(credential.id));
    const sweep = recordOf(account, now);
    ledger = {
      ...remembered,
      entries: [...tombstones, ...keys.flatMap(({ entry }) => entry ?? [])],
      sweeps: new Map([...ledger.sweeps, [sweep.id, sweep]]),
    };
  }
  for (const { base, liveStatus } of keys) if (liveStatus.kind === 'unknown') noteUnknown(base, liveStatus.why);
  for (const { state, decision } of skipDamaged(snapshot, remembered.damaged)) noteUnknown(state, decision.why);
  return { account, events, unknown: [...unknown.values()], contested: [...contested] };
}
