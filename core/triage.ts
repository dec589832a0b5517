/**
 * What the report leaves open, and how live reads settle it. Pure: says which reads are needed and merges their answers;
 * the audit sends them. A read that could neither change a finding nor give it an id is not needed.
 */

import { given } from './given.ts';
import { allKinds, kindOf, type RetirableKind } from './kinds/kinds.ts';
import { laterUse } from './last-use.ts';
import type { RetirableRef } from './lifecycle/ledger.ts';
import { matchSlot } from './match-slot.ts';
import type { LastUse, Observation, ObservedCredential, ObservedPrincipal, SeenRef, Tags } from './model.ts';
import type { LiveRead } from './ports.ts';
import { quarantinePoliciesOf } from './quarantine.ts';
import type { Evaluator } from './rules/evaluate.ts';
import type { RuleId } from './rules/ids.ts';
import { ruleById } from './rules/index.ts';
import type { Confirmation } from './rules/rule.ts';

/** Names of the users whose tags decide a finding. */
export function usersNeedingTags(observation: Observation, evaluator: Evaluator): readonly string[] {
  return observation.users.filter((user) => evaluator.dependsOnTags(user)).map(({ principal }) => principal.name);
}

/** A list that must be read: the credentials of one kind that one user has. */
export interface ListQuestion {
  readonly userName: string;
  readonly kind: RetirableKind;
}

/**
 * What must be listed. For a kind in the report: to get the ids of credentials with findings, or to see what the report
 * leaves out. For every other kind: everything. Nothing of a user whose row is unreadable.
 */
export function listsNeeded({ users }: Observation, evaluator: Evaluator): readonly ListQuestion[] {
  return users.flatMap((user) => {
    if (user.unreadable !== undefined) return [];
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
 * The credentials whose findings depend on a last use that the report may not show yet, or cannot show. For a credential
 * that is too old it is read if the report does not show it: whether it is in use decides what happens to it. Untracked
 * kinds are not read.
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
      // An inactive credential cannot be used: what the report says about its last use stays true.
      const isOpen = lastUse.kind === 'unknown' || (status.known && status.value === 'Active');
      return isAsked && isOpen ? [{ userName: user.principal.name, credential: { kind: ref.kind, id: ref.id } }] : [];
    });
  });
}

function isNamed(ref: SeenRef): ref is SeenRef & RetirableRef {
  return ref.id !== undefined;
}

/**
 * Whether a live read has shown that a user of this name exists.
 * @param shown names of users whom a list of their credentials has shown
 */
export function isShown(
  { principal: { name }, tags }: ObservedPrincipal,
  { quarantine }: Pick<Observation, 'quarantine'>,
  shown: ReadonlySet<string>,
): boolean {
  return tags.known || shown.has(name) || quarantinePoliciesOf(quarantine, name).length > 0;
}

/**
 * Users with findings that rest on the report alone: some may have been deleted since, or have signed in. Of users whom a
 * list of their credentials has shown, what the list confirms does not count; for the rest, their name may now belong to
 * another user.
 * @param shown names of users whom a live read has shown
 */
export function usersToConfirm(
  { users }: Observation,
  evaluator: Evaluator,
  shown: ReadonlySet<string>,
): readonly string[] {
  return users
    .filter((user) => {
      const isRead = user.tags.known || shown.has(user.principal.name);
      return evaluator
        .evaluateUser(user)
        .some(({ status, rule }) => status !== 'exempt' && !(isRead && confirmationOf(rule) !== undefined));
    })
    .map(({ principal }) => principal.name);
}

/** A user with the tags that were read. */
export function withTags(user: ObservedPrincipal, read: LiveRead<Tags>): ObservedPrincipal {
  return { ...user, tags: read.ok ? { known: true, value: read.value } : { known: false, why: read.problem.message } };
}

/**
 * A user with the listed credentials of one kind; undefined if the user no longer exists in IAM under this name.
 *
 * A live credential takes the report's last use only if both sides have exactly one created in that second: slots hold no
 * ids and come in no reliable order.
 *
 * @param generatedAt when the report was generated: what it shows as active was active then
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
  // If another list has just shown the user, it exists, and this answer is a contradiction.
  const isThere = user.credentials.some(({ source }) => source === 'live');
  if (read.problem.code === 'not-found' && !isThere) return undefined;
  const why = read.problem.message;
  // Nothing is known of credentials that the report does not show.
  if (!kindOf(kind).inReport) return { ...user, incomplete: { ...user.incomplete, [kind]: why } };
  const credentials = user.credentials.map((one) => (one.ref.kind === kind ? { ...one, unverified: why } : one));
  return { ...user, credentials };
}

/** What a user has once one kind was listed: of that kind exactly those in the list. */
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

/** A user with the last use that was read for one credential. The later of report and live read counts. */
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
  if (read.ok) return { ...key, lastUse: laterUse(key.lastUse, read.value) };
  // Age and status are still known, and rules that need nothing else can judge it.
  const why = read.problem.message;
  const lastUse: LastUse = key.lastUse.kind === 'unknown' ? { kind: 'unknown', why } : key.lastUse;
  return { ...key, lastUseUnverified: why, lastUse };
}

/** What a live audit reads to confirm a finding of the rule; undefined if the report is enough. */
function confirmationOf(id: RuleId): Confirmation | undefined {
  const rule = ruleById(id);
  if (rule.subject === 'credential') return { kind: rule.kind, by: rule.confirmedBy };
  return rule.subject === 'user' ? rule.confirmedBy : undefined;
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

/** What is known of the last use of a credential that matches no slot of the report. */
function unseenUse(kind: RetirableKind): LastUse {
  const { use, inReport, noun } = kindOf(kind);
  if (use === 'untracked') return { kind: 'untracked' };
  const why = inReport
    ? `the ${noun.short} matches no single slot of the credential report`
    : `the credential report shows no ${noun.many}`;
  return { kind: 'unknown', why };
}
