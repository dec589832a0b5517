/** The users of the credential report, compared with the list of users that IAM shows now. */
import { MINUTE } from './duration.ts';
import { laterUse } from './last-use.ts';
import type { Duration, ObservedPrincipal, ReportFacts } from './model.ts';
import type { ListedUser } from './ports.ts';

/** Report and list give a creation to the second; they might round it differently. */
const tolerance: Duration = MINUTE;

/** Finds listed users by name. Case is ignored: names are unique without regard to it. */
export function byName(listed: readonly ListedUser[]): (name: string) => ListedUser | undefined {
  const users = new Map(listed.map((user) => [user.principal.name.toLowerCase(), user]));
  return (name) => users.get(name.toLowerCase());
}

/**
 * A user of the report with what the list shows of it: a later sign-in. Undefined if that user no longer exists: it is not
 * listed, or another user was created under its name since. Nothing that the report says is true of that one.
 */
export function asListed(
  user: ObservedPrincipal,
  listed: ListedUser | undefined,
  { generatedAt }: Pick<ReportFacts, 'generatedAt'>,
): ObservedPrincipal | undefined {
  if (listed === undefined) return undefined;
  const { createdAt, password } = user;
  const latest = createdAt.known ? createdAt.value.getTime() + tolerance : generatedAt?.getTime();
  if (latest !== undefined && listed.createdAt.getTime() > latest) return undefined;
  const { passwordLastUsedAt: at } = listed;
  if (at === undefined) return user;
  return { ...user, password: { ...password, lastUse: laterUse(password.lastUse, { kind: 'used', at }) } };
}
