/** The users of the credential report, compared with the list of users that IAM shows now. */
import { HOUR, MINUTE } from './duration.ts';
import { laterUse } from './last-use.ts';
import type { Duration, ObservedPrincipal, ReportFacts } from './model.ts';
import type { ListedUser } from './ports.ts';

/** Report and list give a creation to the second; they might round it differently. */
const tolerance: Duration = MINUTE;

/** AWS may take a while to generate a report, and users may be created in that while. */
const generation: Duration = HOUR;

/** Finds listed users by name. Case is ignored: names are unique without regard to it. */
export function byName(listed: readonly ListedUser[]): (name: string) => ListedUser | undefined {
  const users = new Map(listed.map((user) => [user.principal.name.toLowerCase(), user]));
  return (name) => users.get(name.toLowerCase());
}

/**
 * A user of the report with what the list shows of it: a later sign-in. Undefined if that user no longer exists: it is not
 * listed, or its name now belongs to another user. Nothing that the report says is true of that one.
 *
 * @param isShown whether another live read has shown the user: then its absence from the list is a contradiction, and no
 * proof that it was deleted
 */
export function asListed(
  user: ObservedPrincipal,
  listed: ListedUser | undefined,
  report: Pick<ReportFacts, 'generatedAt'>,
  isShown: boolean,
): ObservedPrincipal | undefined {
  if (listed === undefined) return isShown ? user : undefined;
  if (isAnother(user, listed, report)) return undefined;
  const { password } = user;
  const { passwordLastUsedAt: at } = listed;
  if (at === undefined) return user;
  return { ...user, password: { ...password, lastUse: laterUse(password.lastUse, { kind: 'used', at }) } };
}

/** Another user may have been created since, or, created earlier, have been renamed. */
function isAnother(
  { createdAt }: ObservedPrincipal,
  listed: ListedUser,
  { generatedAt }: Pick<ReportFacts, 'generatedAt'>,
) {
  const created = listed.createdAt.getTime();
  if (createdAt.known) return Math.abs(created - createdAt.value.getTime()) > tolerance;
  return generatedAt !== undefined && created - generatedAt.getTime() > generation;
}

/** What an audit cannot confirm about users whom the list lacks, though another live read has shown them. */
export function describeUnlisted(names: readonly string[]): readonly string[] {
  const [first, ...others] = names;
  if (first === undefined) return [];
  if (others.length === 0)
    return [`whether user ${first} still exists: iam:ListUsers does not show it, but another request did`];
  const some = names.slice(0, maxNamed).join(', ');
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  return [
    `whether ${names.length} users still exist: iam:ListUsers does not show them, but other requests did: ${some}${more}`,
  ];
}

/** The most names in one sentence. */
const maxNamed = 3;
