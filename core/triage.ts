/**
 * What the report leaves open, and how live reads settle it. Pure: says which reads are needed and takes in their
 * answers; the audit sends them. Reads that could not change a finding or give it a name are not asked for.
 */

import { given } from './given.ts';
import { allKinds, kindOf, type RetirableKind } from './kinds/kinds.ts';
import { laterUse, plausibleUse } from './last-use.ts';
import type { RetirableRef } from './lifecycle/ledger.ts';
import { matchSlot } from './match-slot.ts';
import type { LastUse, Observation, ObservedCredential, ObservedPrincipal, SeenRef, Tags } from './model.ts';
import type { LiveRead } from './ports.ts';
import type { Evaluator } from './rules/evaluate.ts';
import type { RuleId } from './rules/ids.ts';
import { ruleById } from './rules/index.ts';

/** Names of the users whose tags decide about a finding. */
export function usersNeedingTags(observation: Observation, evaluator: Evaluator): readonly string[] {
  return observation.users.filter((user) => evaluator.dependsOnTags(user)).map(({ principal }) => principal.name);
}

/** The credentials of one kind that one user has. */
export interface ListQuestion {
  readonly userName: string;
  readonly kind: RetirableKind;
}

/**
 * What must be listed. Of a kind in the report: to name the credentials of findings, or to see what the report hides; of
 * every other kind: all there is.
 */
export function listsNeeded({ users }: Observation, evaluator: Evaluator): readonly ListQuestion[] {
  return users.flatMap((user) => {
    const open = new Set(evaluator.evaluateUser(user).map(({ rule }) => confirmationOf(rule)?.kind));
    return allKinds
      .filter(({ kind, inReport }) => !inReport || open.has(kind))
      .map(({ kind }) => ({ userName: user.principal.name, kind }));
  });
}

/** A credential whose last use must be read. */
export interface LastUseQuestion {
  readonly userName: string;
  readonly credential: RetirableRef;
}

/**
 * The credentials whose findings hang on a last use that the report may not show yet, or cannot show. Of one that is too
 * old it is asked where the report does not tell: whether it is in use decides what becomes of it. What is not tracked is
 * not asked.
 */
export function lastUsesNeeded({ users }: Observation, evaluator: Evaluator): readonly LastUseQuestion[] {
  return users.flatMap((user) => {
    const findings = evaluator.evaluateUser(user);
    const failed = findings.flatMap(({ status, credential }) => (status === 'fail' ? (credential?.id ?? []) : []));
    const ids = findings.flatMap(({ rule, status, credential }) => {
      const isOpen = confirmationOf(rule)?.by === 'last-use' ? status !== 'exempt' : status === 'error';
      return isOpen && credential?.id !== undefined ? [credential.id] : [];
    });
    return user.credentials.flatMap(({ ref, unverified, lastUse, status }): LastUseQuestion[] => {
      if (!isNamed(ref) || kindOf(ref.kind).use === 'untracked' || unverified !== undefined) return [];
      const isAsked = ids.includes(ref.id) || (lastUse.kind === 'unknown' && failed.includes(ref.id));
      // An inactive credential is not used: what the report says of its last use stays true.
      const isOpen = lastUse.kind === 'unknown' || (status.known && status.value === 'Active');
      return isAsked && isOpen ? [{ userName: user.principal.name, credential: { kind: ref.kind, id: ref.id } }] : [];
    });
  });
}

function isNamed(ref: SeenRef): ref is SeenRef & RetirableRef {
  return ref.id !== undefined;
}

/** A user with the tags that were read. */
export function withTags(user: ObservedPrincipal, read: LiveRead<Tags>): ObservedPrincipal {
  return { ...user, tags: read.ok ? { known: true, value: read.value } : { known: false, why: read.problem.message } };
}

/**
 * A user with the credentials of one kind that were listed; undefined where it no longer exists in IAM under this name.
 *
 * The report's last use goes to a live credential only where both sides have exactly one created in that second: slots
 * hold no ids and are in no reliable order.
 *
 * @param generatedAt when the report was made: what it shows active was active then
 */
export function withListed(
  user: ObservedPrincipal,
  kind: RetirableKind,
  read: LiveRead<readonly ObservedCredential[]>,
  generatedAt: Date | undefined,
): ObservedPrincipal | undefined {
  if (read.ok) {
    const { credentials: _, incomplete: __, ...known } = user;
    return { ...known, ...observeList(user, kind, read.value, generatedAt) };
  }
  // Where another list has just shown the user, it exists: then no one knows what this answer means.
  const isThere = user.credentials.some(({ source }) => source === 'live');
  if (read.problem.code === 'not-found' && !isThere) return undefined;
  const why = read.problem.message;
  // Of what the report does not show nothing is known then.
  if (!kindOf(kind).inReport) return { ...user, incomplete: { ...user.incomplete, [kind]: why } };
  const credentials = user.credentials.map((one) => (one.ref.kind === kind ? { ...one, unverified: why } : one));
  return { ...user, credentials };
}

/** What a user has once those of one kind were listed: of that kind those in the list, and no others. */
export function observeList(
  user: ListedUser,
  kind: RetirableKind,
  live: readonly ObservedCredential[],
  generatedAt: Date | undefined,
): ListedUser {
  const slots = user.credentials.filter(({ ref }) => ref.kind === kind);
  const others = user.credentials.filter(({ ref }) => ref.kind !== kind);
  const listed = live.map((one) => observeLive(one, slots, live, generatedAt));
  const { [kind]: _, ...incomplete } = user.incomplete ?? {};
  return { credentials: [...others, ...listed], ...(Object.keys(incomplete).length === 0 ? {} : { incomplete }) };
}

type ListedUser = Pick<ObservedPrincipal, 'credentials' | 'incomplete'>;

/** A user with the last use that was read for one credential. The later one of report and live read counts. */
export function withLastUse(
  user: ObservedPrincipal,
  { kind, id }: RetirableRef,
  read: LiveRead<LastUse>,
): ObservedPrincipal {
  const credentials = user.credentials.map((one) => {
    return one.ref.kind === kind && one.ref.id === id ? observeLastUse(one, read) : one;
  });
  return { ...user, credentials };
}

/** The same for the credential alone. */
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

/** What a live audit reads to confirm a finding of the rule; undefined where the report says it all. */
function confirmationOf(id: RuleId): { readonly kind: RetirableKind; readonly by: 'list' | 'last-use' } | undefined {
  const rule = ruleById(id);
  if (rule.subject === 'credential') return { kind: rule.kind, by: rule.confirmedBy };
  if (rule.subject !== 'user' || rule.confirmedByListOf === undefined) return undefined;
  return { kind: rule.confirmedByListOf, by: 'list' };
}

function observeLive(
  one: ObservedCredential,
  slots: readonly ObservedCredential[],
  live: readonly ObservedCredential[],
  generatedAt: Date | undefined,
): ObservedCredential {
  const dates = live.flatMap(({ createdAt }) => (createdAt.known ? [createdAt.value] : []));
  const match = one.createdAt.known ? matchSlot(one.createdAt.value, slots, dates) : undefined;
  const slot = match?.kind === 'one' ? match.slot : undefined;
  const wasActive = isActive(slot) && !isActive(one);
  return {
    ...one,
    ref: { ...one.ref, ...given({ slot: slot?.ref.slot }) },
    lastUse: slot?.lastUse ?? unseenUse(one.ref.kind),
    ...given({ lastSeenActiveAt: wasActive ? generatedAt : undefined }),
  };
}

function isActive(one: ObservedCredential | undefined): boolean {
  return one?.status.known === true && one.status.value === 'Active';
}

/** What is known of the last use of a credential that no slot of the report is about. */
function unseenUse(kind: RetirableKind): LastUse {
  const { use, inReport, noun } = kindOf(kind);
  if (use === 'untracked') return { kind: 'untracked' };
  const why = inReport
    ? `the ${noun.short} matches no single slot of the credential report`
    : `the credential report shows no ${noun.many}`;
  return { kind: 'unknown', why };
}
