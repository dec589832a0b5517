/** The account of a forecast: its access keys, and what becomes of them from night to night. */
import { isSameSecond } from '../creation-second.ts';
import type { LastUse, ObservedAccessKey } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { sightingOf } from './build-states.ts';
import { isDeed } from './decision.ts';
import type { LedgerEntry } from './ledger.ts';
import type { PlannedAction } from './plan.ts';
import type { Snapshot } from './snapshot.ts';
import type { CredentialState, Sighting } from './state.ts';
import { recordDecision, recordIntent, recordOutcome } from './transitions.ts';

/**
 * What the model takes for granted. `continue`: whoever used a key within the in-use window uses it every night on.
 * `stop`: nobody uses anything any more.
 */
export type UseAssumption = 'continue' | 'stop';

/** A key of the model, which changes from night to night. */
export interface ModelKey {
  readonly base: CredentialState;
  readonly isUsedNightly: boolean;
  sighting: Sighting;
  entry: LedgerEntry | undefined;
}

/** Every access key of the snapshot, with its entry, as the first night finds it. */
export function modelKeys(
  snapshot: Snapshot,
  entries: readonly LedgerEntry[],
  policy: Policy,
  { from, use }: { readonly from: Date; readonly use: UseAssumption },
): readonly ModelKey[] {
  const account = snapshot.audit.account.id;
  const entryById = new Map(entries.map((entry) => [entry.credential.id, entry]));
  const entriesByUser = groupByUser(entries);
  return snapshot.users.flatMap(({ principal, tags, accessKeys }) => {
    const ofUser = entriesByUser.get(principal.name) ?? [];
    return accessKeys.map((key): ModelKey => {
      const { ref, status, lastUse } = key;
      // A key whose id is known is that key and no other, whenever its user's other key was created.
      const matched = ref.id === undefined ? matchBySecond(key, accessKeys, ofUser) : entryById.get(ref.id);
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
    });
  });
}

function groupByUser(entries: readonly LedgerEntry[]): ReadonlyMap<string, readonly LedgerEntry[]> {
  const byUser = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const group = byUser.get(entry.principal.name);
    if (group === undefined) byUser.set(entry.principal.name, [entry]);
    else group.push(entry);
  }
  return byUser;
}

/** The one entry of a user's key created in that second; none where entries or slots make it ambiguous. */
function matchBySecond(
  { createdAt }: ObservedAccessKey,
  slots: readonly ObservedAccessKey[],
  ofUser: readonly LedgerEntry[],
): LedgerEntry | undefined {
  if (!createdAt.known) return undefined;
  const second = createdAt.value;
  const twins = slots.filter((slot) => slot.createdAt.known && isSameSecond(slot.createdAt.value, second));
  const [match, ...others] = ofUser.filter(({ stage, createdAt: recorded }) => {
    return stage !== 'deleted' && isSameSecond(recorded, second);
  });
  return twins.length === 1 && others.length === 0 ? match : undefined;
}

/** Whether it is taken for granted that the key is used tonight. */
export function isUsedTonight({ isUsedNightly, sighting }: ModelKey): boolean {
  return isUsedNightly && sighting.kind === 'seen' && sighting.status === 'Active';
}

export function useTonight(key: ModelKey, now: Date): void {
  if (!isUsedTonight(key) || key.sighting.kind !== 'seen') return;
  const lastUse: LastUse = { kind: 'used', at: now };
  key.sighting = { ...key.sighting, lastUse };
}

/** Active keys: what a cap in percent is counted in. */
export function countModelled(keys: readonly ModelKey[]): number {
  return keys.filter(({ sighting }) => sighting.kind === 'seen' && sighting.status === 'Active').length;
}

/** Does to the model what the rotator would do to the account. */
export function carryOut(key: ModelKey, { state, decision }: PlannedAction, policy: Policy, now: Date): void {
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
