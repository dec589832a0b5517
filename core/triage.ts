/**
 * What the report leaves open, and how live reads settle it. Pure: says which reads are needed and takes in their
 * answers; the audit sends them. Reads that could not change a finding or give it a name are not asked for.
 */

import { isSameSecond } from './creation-second.ts';
import { laterUse, plausibleUse } from './last-use.ts';
import type { LastUse, Observation, ObservedCredential, ObservedPrincipal, Tags } from './model.ts';
import type { Policy } from './policy/policy.ts';
import type { LiveCredential, LiveRead } from './ports.ts';
import { createEvaluator } from './rules/evaluate.ts';
import type { RuleId } from './rules/ids.ts';
import { ruleById } from './rules/index.ts';

/** Names of the users whose tags decide about a finding. */
export function usersNeedingTags(observation: Observation, policy: Policy, asOf: Date): readonly string[] {
  if (!mentionsTags(policy)) return [];
  const evaluator = createEvaluator(observation, policy, asOf);
  return namesWhere(observation, (user) => evaluator.dependsOnTags(user));
}

/** Names of the users whose access keys must be listed: to name the keys of findings, or to see keys the report hides. */
export function usersNeedingKeyList(observation: Observation, policy: Policy, asOf: Date): readonly string[] {
  const evaluator = createEvaluator(observation, policy, asOf);
  return namesWhere(observation, (user) =>
    evaluator.evaluateUser(user).some(({ rule }) => confirmationOf(rule) !== undefined),
  );
}

/** An access key whose last use must be read. */
export interface LastUseQuestion {
  readonly userName: string;
  readonly accessKeyId: string;
}

/**
 * The access keys whose findings hang on a last use that the report may not show yet, or cannot show. Of a key that is too
 * old it is asked where the report does not tell: whether the key is in use decides what becomes of it.
 */
export function keysNeedingLastUse(observation: Observation, policy: Policy, asOf: Date): readonly LastUseQuestion[] {
  const evaluator = createEvaluator(observation, policy, asOf);
  return observation.users.flatMap((user) => {
    const findings = evaluator.evaluateUser(user);
    const failed = findings.flatMap(({ status, credential }) => (status === 'fail' ? (credential?.id ?? []) : []));
    const ids = findings.flatMap(({ rule, status, credential }) => {
      const isOpen = confirmationOf(rule) === 'last-use' ? status !== 'exempt' : status === 'error';
      return isOpen && credential?.id !== undefined ? [credential.id] : [];
    });
    const readable = user.credentials.filter(({ ref, unverified, lastUse, status }) => {
      const isAsked = (id: string) => ids.includes(id) || (lastUse.kind === 'unknown' && failed.includes(id));
      const isNeeded = ref.id !== undefined && isAsked(ref.id) && unverified === undefined;
      // An inactive key is not used: what the report says of its last use stays true.
      return isNeeded && (lastUse.kind === 'unknown' || (status.known && status.value === 'Active'));
    });
    return readable.map(({ ref }) => ({ userName: user.principal.name, accessKeyId: ref.id ?? '' }));
  });
}

/** A user with the tags that were read. */
export function withTags(user: ObservedPrincipal, read: LiveRead<Tags>): ObservedPrincipal {
  return { ...user, tags: read.ok ? { known: true, value: read.value } : { known: false, why: read.problem.message } };
}

/**
 * A user with the access keys that were listed; undefined where it no longer exists in IAM under this name.
 *
 * The report's last use goes to a live key only where both sides have exactly one key created in that second: slots
 * hold no key ids and are in no reliable order.
 *
 * @param generatedAt when the report was made: a key that it shows active was active then
 */
export function withAccessKeys(
  user: ObservedPrincipal,
  read: LiveRead<readonly LiveCredential[]>,
  generatedAt: Date | undefined,
): ObservedPrincipal | undefined {
  if (!read.ok) {
    if (read.problem.code === 'not-found') return undefined;
    return { ...user, credentials: user.credentials.map((key) => ({ ...key, unverified: read.problem.message })) };
  }
  const { credentialsIncomplete: _, ...known } = user;
  return { ...known, credentials: observeLiveKeys(user.credentials, read.value, generatedAt) };
}

/** The keys of a user that were listed, with what the report's slots tell of them; see {@link withAccessKeys}. */
export function observeLiveKeys(
  slots: readonly ObservedCredential[],
  live: readonly LiveCredential[],
  generatedAt: Date | undefined,
): readonly ObservedCredential[] {
  return live.map((key) => observeLiveKey(key, slots, live, generatedAt));
}

/** A user with the last use that was read for one key. The later one of report and live read counts. */
export function withLastUse(user: ObservedPrincipal, accessKeyId: string, read: LiveRead<LastUse>): ObservedPrincipal {
  const credentials = user.credentials.map((key) => (key.ref.id === accessKeyId ? observeLastUse(key, read) : key));
  return { ...user, credentials };
}

/** The same for the key alone. */
export function observeLastUse(key: ObservedCredential, read: LiveRead<LastUse>): ObservedCredential {
  if (read.ok) {
    const lastUse = laterUse(key.lastUse, read.value);
    return { ...key, lastUse: key.createdAt.known ? plausibleUse(lastUse, key.createdAt.value) : lastUse };
  }
  // Age and status are known all the same, and what rests on them alone is judged.
  const why = read.problem.message;
  const lastUse: LastUse = key.lastUse.kind === 'unknown' ? { kind: 'unknown', why } : key.lastUse;
  return { ...key, lastUseUnverified: why, lastUse };
}

function confirmationOf(id: RuleId): 'access-keys' | 'last-use' | undefined {
  const rule = ruleById(id);
  return rule.subject === 'user' ? rule.confirmedBy : undefined;
}

function mentionsTags({ overrides, exemptions }: Policy): boolean {
  return [...overrides, ...exemptions].some(({ match }) => match.tag !== undefined);
}

function namesWhere({ users }: Observation, wanted: (user: ObservedPrincipal) => boolean): readonly string[] {
  return users.filter(wanted).map(({ principal }) => principal.name);
}

function observeLiveKey(
  { id, status, createdAt }: LiveCredential,
  slots: readonly ObservedCredential[],
  live: readonly LiveCredential[],
  generatedAt: Date | undefined,
): ObservedCredential {
  const [slot, ...otherSlots] = slots.filter(
    (key) => key.createdAt.known && isSameSecond(key.createdAt.value, createdAt),
  );
  const twins = live.filter((key) => isSameSecond(key.createdAt, createdAt)).length;
  const matched = otherSlots.length === 0 && twins === 1 ? slot : undefined;
  const wasActive = matched?.status.known === true && matched.status.value === 'Active' && status !== 'Active';
  return {
    ref: { kind: 'access-key', id, ...(matched?.ref.slot === undefined ? {} : { slot: matched.ref.slot }) },
    status: { known: true, value: status },
    createdAt: { known: true, value: createdAt },
    lastUse: matched?.lastUse ?? { kind: 'unknown', why: 'the key matches no single slot of the credential report' },
    source: 'live',
    ...(wasActive && generatedAt !== undefined ? { lastSeenActiveAt: generatedAt } : {}),
  };
}
