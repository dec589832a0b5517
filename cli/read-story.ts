import { KeysweepError } from '../core/error.ts';
import type { Ledger } from '../core/lifecycle/ledger.ts';
import { type KeyStory, tellStory } from '../core/lifecycle/story.ts';
import type { ObservedPrincipal } from '../core/model.ts';
import { observeReport } from '../core/observe.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';
import { parseReport } from '../core/report/parse.ts';
import { withAccessKeys, withLastUse, withTags } from '../core/triage.ts';
import { openLooker } from '../engine/inspector.ts';
import { orDamage } from '../engine/read-sweep.ts';
import { readSweeps } from '../engine/remember.ts';
import type { OpenAccount } from './account.ts';
import { findKeyUser } from './find-key.ts';

export interface StoryQuestion {
  readonly accessKeyId: string;
  /** The user, where the asker knows it. */
  readonly userName?: string;
}

/**
 * Reads what there is to know about one key: the report's row of its user, its keys, tags and last uses, and what the
 * ledger remembers. Throws KeysweepError, among them `AccessKeyNotFound`, and `LedgerCorrupt` where a damaged entry is all
 * that there is of it.
 */
export async function readStory(
  { accessKeyId, userName }: StoryQuestion,
  account: OpenAccount,
  ledger: Ledger,
  policy: Policy,
  asOf: Date,
): Promise<KeyStory> {
  const { source, progress } = account;
  const self = await source.account();
  const found = await orDamage(ledger.entry(self.id, accessKeyId));
  const damage = found instanceof Error ? found : undefined;
  const entry = found instanceof Error ? undefined : found;
  const name = await findKeyUser(accessKeyId, userName, entry, self, account).catch((error: unknown) => {
    throw damage ?? error;
  });
  progress.show('waiting for the credential report', 0, 1);
  const { content, ...about } = await source.credentialReport();
  const { users, report } = observeReport(parseReport(content), about);
  const look = (at: ObservedPrincipal | undefined) => at && lookCloser(at, source, users.length, about.generatedAt);
  const known = rowOf(users, name);
  const byName: FoundUser = { row: known, user: await look(known) };
  // The ledger's name of the user may be an old one, and what is not listed under it is not gone for that.
  const mayBeElsewhere = userName === undefined && entry !== undefined && entry.stage !== 'deleted';
  const { row, user, unseen } =
    mayBeElsewhere && !mayShow(byName.user, accessKeyId)
      ? await followKey(accessKeyId, name, byName, { source, users, look })
      : byName;
  const principal = row?.principal ?? entry?.principal;
  const mayExist = entry !== undefined || mayShow(user, accessKeyId);
  if (principal === undefined || !mayExist) {
    if (damage !== undefined) throw damage;
    throw new KeysweepError('AccessKeyNotFound', `user ${name} has no access key ${accessKeyId}`, {
      hint: 'It may have been deleted, or be so new that the credential report does not show its user yet.',
    });
  }
  const history = await orDamage(ledger.events(self.id, accessKeyId));
  // Beside a good entry, a history that cannot be read is an error; beside a damaged one, it is no more news.
  if (history instanceof Error && damage === undefined) throw history;
  const events = history instanceof Error ? [] : history;
  const { sweeps } = await readSweeps(ledger, self.id, entry === undefined ? [] : [entry], asOf);
  const facts = { account: self, report, accessKeyId, principal, sweeps, events };
  return tellStory(
    {
      ...facts,
      ...(user === undefined ? {} : { user }),
      ...(entry === undefined ? {} : { entry }),
      ...(unseen === undefined ? {} : { unseen }),
      ...(damage === undefined ? {} : { damage: damage.message }),
    },
    policy,
    asOf,
  );
}

/** Whose key it seems to be. */
interface FoundUser {
  readonly row: ObservedPrincipal | undefined;
  readonly user: ObservedPrincipal | undefined;
  /** Why it is not known whether the key still exists. */
  readonly unseen?: string;
}

interface UserReads {
  readonly source: CredentialSource;
  readonly users: readonly ObservedPrincipal[];
  readonly look: (row: ObservedPrincipal | undefined) => Promise<ObservedPrincipal | undefined> | undefined;
}

/** The user whose key it is by now, where the one of that name does not show it. */
async function followKey(
  accessKeyId: string,
  name: string,
  found: FoundUser,
  { source, users, look }: UserReads,
): Promise<FoundUser> {
  const owner = await source.ownerOf({ kind: 'access-key', id: accessKeyId });
  if (!owner.ok) {
    const { code, message } = owner.problem;
    const looker = openLooker(source, { users: users.filter(({ credentials }) => credentials.length > 0) });
    const isGone = code === 'not-found' || (code === 'access-denied' && (await looker.tellsOwners()));
    return isGone ? found : { ...found, unseen: message };
  }
  const row = rowOf(users, owner.value);
  const user = owner.value === name ? found.user : await look(row);
  const now = { row: row ?? found.row, user };
  if (mayShow(user, accessKeyId)) return now;
  return { ...now, unseen: `it is not listed, but AWS still knows it, as a key of ${owner.value}` };
}

function rowOf(users: readonly ObservedPrincipal[], name: string): ObservedPrincipal | undefined {
  return users.find(({ principal }) => principal.name.toLowerCase() === name.toLowerCase());
}

/** Whether the user has the key, or its keys could not be listed. */
function mayShow(user: ObservedPrincipal | undefined, accessKeyId: string): boolean {
  return (
    user !== undefined &&
    (user.credentialsIncomplete !== undefined || user.credentials.some(({ ref }) => ref.id === accessKeyId))
  );
}

/** The user with everything read live; undefined where the user is gone since the report was made. */
async function lookCloser(
  user: ObservedPrincipal,
  source: CredentialSource,
  accountUsers: number,
  generatedAt: Date | undefined,
): Promise<ObservedPrincipal | undefined> {
  const { name } = user.principal;
  const [keys, tags] = await Promise.all([
    source.credentials('access-key', name),
    source.userTags([name], accountUsers),
  ]);
  const listed = withAccessKeys(user, keys, generatedAt);
  if (listed === undefined) return undefined;
  // Keys that could not be listed are not gone.
  if (!keys.ok) return { ...listed, credentials: [], credentialsIncomplete: keys.problem.message };
  const answer = tags.get(name);
  const tagged = answer === undefined ? listed : withTags(listed, answer);
  const ids = tagged.credentials.flatMap(({ ref }) => ref.id ?? []);
  const uses = await Promise.all(
    ids.map(async (id) => [id, await source.lastUse(name, { kind: 'access-key', id })] as const),
  );
  return uses.reduce((known, [id, use]) => withLastUse(known, id, use), tagged);
}
