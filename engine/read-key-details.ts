import { KeysweepError } from '../core/error.ts';
import { given } from '../core/given.ts';
import { kindOf, type RetirableKind } from '../core/kinds/kinds.ts';
import { describeKey, type KeyDetails } from '../core/lifecycle/key-details.ts';
import type { Ledger, RetirableRef } from '../core/lifecycle/ledger.ts';
import type { ObservedPrincipal } from '../core/model.ts';
import { observeReport } from '../core/observe.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';
import { parseReport } from '../core/report/parse.ts';
import { withLastUse, withListed, withTags } from '../core/triage.ts';
import { findKeyUser } from './find-key-user.ts';
import { type Inspector, openInspector } from './inspector.ts';
import { readQuarantine } from './read-quarantine.ts';
import { orDamage, readSweeps } from './remember.ts';

export interface KeyQuestion {
  readonly credential: RetirableRef;
  /** The user, if given. */
  readonly userName?: string;
}

/**
 * Reads everything about one credential: its user's row in the report, the user's credentials of that kind, tags and last
 * uses, whether AWS has quarantined the user, and the records in the ledger. Throws KeysweepError, for example
 * `AccessKeyNotFound`, and `LedgerCorrupt` if a damaged entry is all there is.
 */
export async function readKeyDetails(
  { credential, userName }: KeyQuestion,
  source: CredentialSource,
  ledger: Ledger,
  policy: Policy,
  asOf: Date,
): Promise<KeyDetails> {
  const self = await source.account();
  const found = await orDamage(ledger.entry(self.id, credential.id));
  const damage = found instanceof Error ? found : undefined;
  const entry = found instanceof Error ? undefined : found;
  const name = await findKeyUser(credential, userName, entry, self, source).catch((error: unknown) => {
    throw damage ?? error;
  });
  const { content, ...about } = await source.credentialReport();
  const { users, report } = observeReport(parseReport(content), about);
  const inspector = openInspector(source, { users: users.filter(({ credentials }) => credentials.length > 0) });
  const readUser = (row: ObservedPrincipal | undefined) =>
    row && readLive(row, credential.kind, inspector, users.length, about.generatedAt);
  const known = rowOf(users, name);
  const byName: FoundUser = { row: known, user: await readUser(known) };
  // The name in the ledger may be an old one: a key that is not listed under it may still exist.
  const mayBeElsewhere = userName === undefined && entry !== undefined && entry.stage !== 'deleted';
  const { row, user, unseen } =
    mayBeElsewhere && !mayShow(byName.user, credential)
      ? await followKey(credential, name, byName, { inspector, users, readUser })
      : byName;
  const principal = row?.principal ?? entry?.principal;
  const mayExist = entry !== undefined || mayShow(user, credential);
  if (principal === undefined || !mayExist) {
    if (damage !== undefined) throw damage;
    throw new KeysweepError(
      'AccessKeyNotFound',
      `user ${name} has no ${kindOf(credential.kind).noun.one} ${credential.id}`,
      {
        hint: 'It may have been deleted, or its user may be so new that the credential report does not show it yet.',
      },
    );
  }
  const history = await orDamage(ledger.events(self.id, credential.id));
  // With a good entry, a history that cannot be read is an error. With a damaged one, the damage is already reported.
  if (history instanceof Error && damage === undefined) throw history;
  const events = history instanceof Error ? [] : history;
  const { sweeps } = await readSweeps(ledger, self.id, entry === undefined ? [] : [entry], asOf);
  const quarantine = await readQuarantine(source, policy);
  const facts = { account: self, report, credential, principal, sweeps, events, ...given({ quarantine }) };
  return describeKey(
    {
      ...facts,
      ...given({ user, entry, unseen }),
      ...(damage === undefined ? {} : { damage: damage.message }),
    },
    policy,
    asOf,
  );
}

/** The user who seems to have the key. */
interface FoundUser {
  readonly row: ObservedPrincipal | undefined;
  readonly user: ObservedPrincipal | undefined;
  /** Why it is unknown whether the key still exists. */
  readonly unseen?: string;
}

interface UserReads {
  readonly inspector: Inspector;
  readonly users: readonly ObservedPrincipal[];
  readonly readUser: (row: ObservedPrincipal | undefined) => Promise<ObservedPrincipal | undefined> | undefined;
}

/** The user who has the key now, if the user of that name does not have it. */
async function followKey(
  credential: RetirableRef,
  name: string,
  found: FoundUser,
  { inspector, users, readUser }: UserReads,
): Promise<FoundUser> {
  const owner = await inspector.reads.ownerOf(credential);
  if (!owner.ok) {
    const { code, message } = owner.problem;
    const isMissing =
      code === 'not-found' || (code === 'access-denied' && (await inspector.namesOwners(credential.kind)));
    return isMissing ? found : { ...found, unseen: message };
  }
  const row = rowOf(users, owner.value);
  const user = owner.value === name ? found.user : await readUser(row);
  const now = { row: row ?? found.row, user };
  if (mayShow(user, credential)) return now;
  return {
    ...now,
    unseen: `it is not listed, but AWS still shows it as a ${kindOf(credential.kind).noun.short} of ${owner.value}`,
  };
}

function rowOf(users: readonly ObservedPrincipal[], name: string): ObservedPrincipal | undefined {
  return users.find(({ principal }) => principal.name.toLowerCase() === name.toLowerCase());
}

/** Whether the user has the key, or its keys could not be listed. */
function mayShow(user: ObservedPrincipal | undefined, { kind, id }: RetirableRef): boolean {
  if (user === undefined) return false;
  return (
    user.incomplete?.[kind] !== undefined || user.credentials.some(({ ref }) => ref.kind === kind && ref.id === id)
  );
}

/** The user with everything read live; undefined if the user no longer exists under this name. */
async function readLive(
  user: ObservedPrincipal,
  kind: RetirableKind,
  { reads }: Inspector,
  accountUsers: number,
  generatedAt: Date | undefined,
): Promise<ObservedPrincipal | undefined> {
  const { name } = user.principal;
  const [list, tags] = await Promise.all([reads.credentials(kind, name), reads.userTags([name], accountUsers)]);
  const listed = withListed(user, kind, list, generatedAt);
  if (listed === undefined) return undefined;
  // Credentials that could not be listed may still exist.
  if (!list.ok)
    return { ...listed, credentials: [], incomplete: { ...listed.incomplete, [kind]: list.problem.message } };
  const answer = tags.get(name);
  const tagged = answer === undefined ? listed : withTags(listed, answer);
  const own = tagged.credentials.flatMap(({ ref }) => (ref.kind === kind && ref.id !== undefined ? [ref.id] : []));
  const asked = kindOf(kind).use === 'tracked' ? own : [];
  const uses = await Promise.all(asked.map(async (id) => [id, await reads.lastUse(name, { kind, id })] as const));
  return uses.reduce((known, [id, use]) => withLastUse(known, { kind, id }, use), tagged);
}
