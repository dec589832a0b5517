/** Matchers of exemptions and overrides. Each says true, false, or undefined where the fact is not known. */
import type { CredentialRef, FindingSubject, Known, Tags } from '../model.ts';
import { matchesGlob } from './glob.ts';
import type { Match } from './policy.ts';

/** What a match looks at. */
export interface MatchFacts {
  readonly account: string;
  readonly principal: FindingSubject;
  readonly tags: Known<Tags>;
  readonly credential?: CredentialRef;
}

/** true: matches. false: does not. undefined: hangs on something that is not known. */
export type MatchResult = boolean | undefined;

/** Cheap and sure ones first. */
const matchers = [matchUser, matchAccount, matchPath, matchArn, matchAccessKeyId, matchTags] as const;

/**
 * Whether everything that the match names fits (and). A part that surely does not fit outweighs an unknown one.
 *
 * `account` alone reaches findings about the account as a whole; `account`, `arn` and the very name `<root_account>`
 * reach the root user; everything else speaks of IAM users.
 */
export function matches(match: Match, facts: MatchFacts): MatchResult {
  let result: MatchResult = true;
  for (const matcher of matchers) {
    const part = matcher(match, facts);
    if (part === false) return false;
    if (part === undefined) result = undefined;
  }
  return result;
}

/** The match in one line, for messages: `tag:kind=machine user=break-glass-*`. The same for every order of the keys. */
export function describeMatch(match: Match): string {
  const { tag = {}, ...others } = match;
  const parts = [
    ...Object.entries(others).map(([key, pattern]) => `${key}=${pattern}`),
    ...Object.entries(tag).map(([key, pattern]) => `tag:${key}=${pattern}`),
  ];
  return parts.sort().join(' ');
}

/** IAM user names are unique without regard to case, so case does not count. `*` does not reach the root user. */
function matchUser({ user }: Match, { principal }: MatchFacts): MatchResult {
  if (user === undefined) return true;
  if (principal.kind === 'root') return user === principal.name;
  return principal.kind === 'user' && matchesGlob(user.toLowerCase(), principal.name.toLowerCase());
}

function matchPath({ path }: Match, { principal }: MatchFacts): MatchResult {
  if (path === undefined) return true;
  return principal.kind === 'user' && matchesGlob(path, pathOf(principal));
}

/** The IAM path with both slashes: `/` or `/machines/ci/`. */
function pathOf({ arn, name }: FindingSubject): string {
  const [, resource = ''] = /^arn:[^:]*:iam::\d*:user(\/.*)$/s.exec(arn) ?? [];
  return resource.slice(0, resource.length - name.length);
}

function matchArn({ arn }: Match, { principal }: MatchFacts): MatchResult {
  return arn === undefined || (principal.kind !== 'account' && matchesGlob(arn, principal.arn));
}

function matchAccount({ account }: Match, facts: MatchFacts): MatchResult {
  return account === undefined || matchesGlob(account, facts.account);
}

/** Ids of the root user's keys are never known: only the root user can list them. So an id speaks of users' keys. */
function matchAccessKeyId({ accessKeyId }: Match, { credential, principal }: MatchFacts): MatchResult {
  if (accessKeyId === undefined) return true;
  if (credential?.kind !== 'access-key' || principal.kind !== 'user') return false;
  return credential.id === undefined ? undefined : matchesGlob(accessKeyId, credential.id);
}

/**
 * Tag keys of users are compared without regard to case, as IAM does (IAM User Guide, "Tags for IAM resources": a user
 * cannot have both Department and department); values count exactly.
 */
function matchTags({ tag }: Match, { tags, principal }: MatchFacts): MatchResult {
  if (tag === undefined) return true;
  // Only users can be tagged.
  if (principal.kind !== 'user') return false;
  if (!tags.known) return undefined;
  const values = new Map(Object.entries(tags.value).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(tag).every(([key, pattern]) => {
    const found = values.get(key.toLowerCase());
    return found !== undefined && matchesGlob(pattern, found);
  });
}
