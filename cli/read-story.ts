import { KeysweepError } from '../core/error.ts';
import type { Ledger } from '../core/lifecycle/ledger.ts';
import { type KeyStory, tellStory } from '../core/lifecycle/story.ts';
import type { ObservedPrincipal } from '../core/model.ts';
import { observeReport } from '../core/observe.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';
import { parseReport } from '../core/report/parse.ts';
import { withAccessKeys, withLastUse, withTags } from '../core/triage.ts';
import { orDamage } from '../lambda/rotator/read-sweep.ts';
import { readSweeps } from '../lambda/rotator/remember.ts';
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
  const rowOf = (of: string) => users.find(({ principal }) => principal.name.toLowerCase() === of.toLowerCase());
  const look = async (at: ObservedPrincipal | undefined) =>
    at === undefined ? undefined : lookCloser(at, source, users.length, about.generatedAt);
  const shows = (at: ObservedPrincipal | undefined) =>
    at?.accessKeys.some(({ ref }) => ref.id === accessKeyId) === true;
  let row = rowOf(name);
  let user = await look(row);
  let unseen: string | undefined;
  // The ledger's name of the user may be an old one, and what is not listed under it is not gone for that.
  const mayBeElsewhere = userName === undefined && entry !== undefined && entry.stage !== 'deleted';
  if (mayBeElsewhere && !shows(user) && user?.accessKeysIncomplete === undefined) {
    const owner = await source.accessKeyOwner(accessKeyId);
    if (owner.ok && owner.value !== name) {
      row = rowOf(owner.value) ?? row;
      user = await look(rowOf(owner.value));
    }
    const isGone = !owner.ok && ['access-denied', 'not-found'].includes(owner.problem.code);
    if (!isGone && !shows(user) && user?.accessKeysIncomplete === undefined)
      unseen = owner.ok
        ? `it is not listed, but AWS still knows it, as a key of ${owner.value}`
        : owner.problem.message;
  }
  const principal = row?.principal ?? entry?.principal;
  const isSeen = shows(user);
  const mayExist = isSeen || entry !== undefined || user?.accessKeysIncomplete !== undefined;
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

/** The user with everything read live; undefined where the user is gone since the report was made. */
async function lookCloser(
  user: ObservedPrincipal,
  source: CredentialSource,
  accountUsers: number,
  generatedAt: Date | undefined,
): Promise<ObservedPrincipal | undefined> {
  const { name } = user.principal;
  const [keys, tags] = await Promise.all([source.accessKeys(name), source.userTags([name], accountUsers)]);
  const listed = withAccessKeys(user, keys, generatedAt);
  if (listed === undefined) return undefined;
  // Keys that could not be listed are not gone.
  if (!keys.ok) return { ...listed, accessKeys: [], accessKeysIncomplete: keys.problem.message };
  const answer = tags.get(name);
  const tagged = answer === undefined ? listed : withTags(listed, answer);
  const ids = tagged.accessKeys.flatMap(({ ref }) => ref.id ?? []);
  const uses = await Promise.all(ids.map(async (id) => [id, await source.accessKeyLastUse(name, id)] as const));
  return uses.reduce((known, [id, use]) => withLastUse(known, id, use), tagged);
}
