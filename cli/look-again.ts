import type { RetirableKind } from '../core/kinds/kinds.ts';
import { buildStates } from '../core/lifecycle/build-states.ts';
import type { FreshSightings } from '../core/lifecycle/forecast-model.ts';
import { type Remembered, startNight, withDelivered } from '../core/lifecycle/night-start.ts';
import { needsLook } from '../core/lifecycle/open-questions.ts';
import type { Snapshot, SnapshotUser } from '../core/lifecycle/snapshot.ts';
import type { ObservedCredential } from '../core/model.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';
import { observeLastUse, observeList } from '../core/triage.ts';
import { isActiveAgain, type KeyList, openLooker } from '../engine/inspector.ts';

/** What a forecast starts from, once IAM was asked about what audit and ledger leave open between them. */
export interface LookedAgain {
  readonly snapshot: Snapshot;
  readonly sightings: FreshSightings;
}

/**
 * Looks again as a sweep would, at the credentials of the ledger that the audit cannot tell about, or that it shows
 * otherwise than the ledger. The keys of their users get their names: the report does not tell two of the same second
 * apart, nor their last uses. Users about whom report and ledger leave nothing open cost no request.
 */
export async function lookWhereOpen(
  source: CredentialSource,
  snapshot: Snapshot,
  remembered: Remembered,
  policy: Policy,
  now: Date,
): Promise<LookedAgain> {
  const { entries } = startNight(remembered, now, policy);
  const open = buildStates(snapshot, remembered.entries, remembered.damaged)
    .filter(({ entry }) => entry !== undefined)
    .map((state) => withDelivered(state, entries.get(state.credential.id)))
    .filter((state) => needsLook(state, policy, now));
  const looker = openLooker(source, snapshot);
  const looked = await Promise.all(
    open.map(async (state) => {
      const seen = await looker.look(state, 'read');
      return seen.sighting.kind !== 'unknown' || !isActiveAgain(state) ? seen : state;
    }),
  );
  // By the names that they have now as well: a key of a user who was given another one is listed under that.
  const names = new Set([...open, ...looked].map(({ principal }) => principal.name.toLowerCase()));
  const users = await Promise.all(
    snapshot.users.map(async (user) => {
      const { name } = user.principal;
      if (!names.has(name.toLowerCase())) return withLastUses(user, source);
      // Only the report shows credentials without their ids.
      const nameless = new Set(user.credentials.flatMap(({ ref }) => (ref.id === undefined ? [ref.kind] : [])));
      let named = user;
      for (const kind of nameless) named = withNames(named, kind, await looker.list(kind, name), snapshot);
      return withLastUses(named, source);
    }),
  );
  const sightings = new Map(looked.map(({ credential, sighting }) => [credential.id, sighting]));
  return { snapshot: { ...snapshot, users }, sightings };
}

/** A user whose keys could not be listed stays as it is: nothing new is known of it. */
function withNames(user: SnapshotUser, kind: RetirableKind, list: KeyList, { audit }: Snapshot): SnapshotUser {
  if (!list.ok) return list.problem.code === 'not-found' ? { ...user, credentials: [] } : user;
  const { principal, tags } = user;
  return { principal, tags, ...observeList(user, kind, list.value, audit.report.generatedAt) };
}

/** An audit reads a last use that the report cannot show only where a finding hangs on it tonight; later ones may, too. */
async function withLastUses(user: SnapshotUser, source: CredentialSource): Promise<SnapshotUser> {
  const isAsked = ({ ref, lastUse, unverified, lastUseUnverified }: ObservedCredential) =>
    ref.id !== undefined && lastUse.kind === 'unknown' && unverified === undefined && lastUseUnverified === undefined;
  if (!user.credentials.some(isAsked)) return user;
  const credentials = user.credentials.map(async (one) => {
    const { kind, id } = one.ref;
    if (id === undefined || !isAsked(one)) return one;
    return observeLastUse(one, await source.lastUse(user.principal.name, { kind, id }));
  });
  return { ...user, credentials: await Promise.all(credentials) };
}
