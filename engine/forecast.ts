/** Forecasts from the live account: what a sweep would read from IAM now is read before the nights are modeled. */
import type { RetirableKind } from '../core/kinds/kinds.ts';
import { type Forecast, type ForecastOptions, forecast } from '../core/lifecycle/forecast.ts';
import { deliveredState, openItem } from '../core/lifecycle/item.ts';
import { buildStates } from '../core/lifecycle/join.ts';
import { needsLiveStatus } from '../core/lifecycle/open-questions.ts';
import type { Remembered } from '../core/lifecycle/remembered.ts';
import type { Snapshot, SnapshotUser } from '../core/lifecycle/snapshot.ts';
import type { ObservedCredential } from '../core/model.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';
import { observeLastUse, observeList } from '../core/triage.ts';
import { type Inspector, openInspector } from './inspector.ts';

/** What a forecast started from, and what it says. */
export interface ForecastRun {
  readonly snapshot: Snapshot;
  readonly forecast: Forecast;
  /** Why it is unknown which users are exposed or privileged; under a cap, the longest idle keys then come first. */
  readonly riskUnread?: string;
}

export type ForecastSpan = Pick<ForecastOptions, 'from' | 'nights' | 'use' | 'onNight'>;

/** Models mode enforce, whatever the policy says, from audit and ledger. */
export function forecastEnforced(
  { snapshot, remembered }: { readonly snapshot: Snapshot; readonly remembered: Remembered },
  policy: Policy,
  options: ForecastOptions,
): Forecast {
  return forecast(snapshot, remembered, enforced(policy), options);
}

/** The same, after reading from IAM everything that the sweeps would read, now or later. */
export async function forecastLive(
  source: CredentialSource,
  audited: Snapshot,
  remembered: Remembered,
  policy: Policy,
  span: ForecastSpan,
): Promise<ForecastRun> {
  const inspector = openInspector(source, audited);
  const { reads } = inspector;
  const tagged = await withAllTags(reads, audited, policy);
  const { snapshot, liveStatuses } = await recheckOpen(inspector, tagged, remembered, enforced(policy), span.from);
  const options = { ...span, liveStatuses };
  const first = forecastEnforced({ snapshot, remembered }, policy, options);
  if (first.contested.length === 0) return { snapshot, forecast: first };
  const attached = await reads.attachedPolicies(first.contested);
  if (!attached.ok) return { snapshot, forecast: first, riskUnread: attached.problem.message };
  return {
    snapshot,
    forecast: forecastEnforced({ snapshot, remembered }, policy, { ...options, attached: attached.value }),
  };
}

function enforced(policy: Policy): Policy {
  return { ...policy, mode: 'enforce' };
}

/**
 * The snapshot with the tags of every user with credentials, where the policy matches tags: an audit reads only those of
 * users with findings, but a forecast needs the others as well. What cannot be read stays unknown.
 */
async function withAllTags(reads: CredentialSource, snapshot: Snapshot, policy: Policy): Promise<Snapshot> {
  const matchesTags = [...policy.overrides, ...policy.exemptions].some(({ match }) => match.tag !== undefined);
  const names = snapshot.users.filter(({ tags }) => !tags.known).map(({ principal }) => principal.name);
  if (!matchesTags || names.length === 0) return snapshot;
  const answers = await reads.userTags(names, snapshot.userNames.length);
  const users = snapshot.users.map((user) => {
    const answer = answers.get(user.principal.name);
    return answer?.ok === true ? { ...user, tags: { known: true as const, value: answer.value } } : user;
  });
  return { ...snapshot, users };
}

/**
 * Rechecks, as a sweep would, the credentials in the ledger that the audit cannot determine, or shows differently. The keys
 * of their users are listed to get their ids: the report cannot distinguish two keys of the same second, or their last uses.
 * Users for whom report and ledger leave nothing open cost no request.
 */
async function recheckOpen(
  inspector: Inspector,
  snapshot: Snapshot,
  remembered: Remembered,
  policy: Policy,
  now: Date,
): Promise<{ readonly snapshot: Snapshot } & Required<Pick<ForecastOptions, 'liveStatuses'>>> {
  const open = buildStates(snapshot, remembered.entries, remembered.damaged)
    .filter(({ entry }) => entry !== undefined)
    .map((state) => deliveredState(openItem(state, remembered.sweeps, now)))
    .filter((state) => needsLiveStatus(state, policy, now));
  const rechecked = await Promise.all(open.map(async (state) => (await inspector.recheck(state, 'read')) ?? state));
  // By their current names as well: the keys of a renamed user are listed under the new name.
  const names = new Set([...open, ...rechecked].map(({ principal }) => principal.name.toLowerCase()));
  const users = snapshot.users.map(async (user) => {
    if (!names.has(user.principal.name.toLowerCase())) return withLastUses(inspector, user);
    // Only credentials from the report have no ids.
    const nameless = new Set(user.credentials.flatMap(({ ref }) => (ref.id === undefined ? [ref.kind] : [])));
    let named = user;
    for (const kind of nameless) named = await withNames(inspector, named, kind, snapshot);
    return withLastUses(inspector, named);
  });
  const liveStatuses = new Map(rechecked.map(({ credential, liveStatus }) => [credential.id, liveStatus]));
  return { snapshot: { ...snapshot, users: await Promise.all(users) }, liveStatuses };
}

/** A user whose credentials could not be listed stays unchanged: nothing new is known about it. */
async function withNames(
  { reads }: Inspector,
  user: SnapshotUser,
  kind: RetirableKind,
  { audit }: Snapshot,
): Promise<SnapshotUser> {
  const list = await reads.credentials(kind, user.principal.name);
  if (!list.ok) return list.problem.code === 'not-found' ? { ...user, credentials: [] } : user;
  const { principal, tags } = user;
  return { principal, tags, ...observeList(user, kind, list.value, audit.report.generatedAt) };
}

/** An audit reads a last use that the report does not show only if a finding depends on it tonight; later ones may, too. */
async function withLastUses({ reads }: Inspector, user: SnapshotUser): Promise<SnapshotUser> {
  const isAsked = ({ ref, lastUse, unverified, lastUseUnverified }: ObservedCredential) =>
    ref.id !== undefined && lastUse.kind === 'unknown' && unverified === undefined && lastUseUnverified === undefined;
  if (!user.credentials.some(isAsked)) return user;
  const credentials = user.credentials.map(async (one) => {
    const { kind, id } = one.ref;
    if (id === undefined || !isAsked(one)) return one;
    return observeLastUse(one, await reads.lastUse(user.principal.name, { kind, id }));
  });
  return { ...user, credentials: await Promise.all(credentials) };
}
