/** Matchers of exemptions and overrides. Each returns true, false, or undefined if the fact is unknown. */
import { accessKey } from '../kinds/access-key.ts';
import { isRetirableKind } from '../kinds/kinds.ts';
import type { CredentialRef, FindingSubject, Known, Tags } from '../model.ts';
import { tagValues } from '../tags.ts';
import { compileGlob } from './glob.ts';
import type { Match } from './policy.ts';

/** What a match is applied to. */
export interface MatchFacts {
  readonly account: string;
  readonly principal: FindingSubject;
  readonly tags: Known<Tags>;
  /** Why the path in the ARN of a user is not known; absent if it is. */
  readonly unknownPath?: string;
  readonly credential?: CredentialRef;
}

/** true: matches. false: does not. undefined: depends on something unknown. */
export type MatchResult = boolean | undefined;

type Glob = (text: string) => boolean;

/** A match with its globs compiled. Absent: the match does not name it. */
interface PreparedMatch {
  readonly match: Match;
  /** For the parts that the match names. */
  readonly matchers: readonly Matcher[];
  readonly user?: Glob;
  readonly path?: Glob;
  readonly arn?: Glob;
  readonly accessKeyId?: Glob;
  readonly credentialId?: Glob;
  readonly account?: Glob;
  readonly tag?: readonly (readonly [key: string, value: Glob])[];
}

type Matcher = (match: PreparedMatch, facts: MatchFacts) => MatchResult;

/** Cheap and certain ones first. */
const matcherByKey = {
  user: matchUser,
  account: matchAccount,
  path: matchPath,
  arn: matchArn,
  accessKeyId: matchAccessKeyId,
  credentialId: matchCredentialId,
  tag: matchTags,
} as const satisfies Record<keyof Match, Matcher>;

/** A policy applies each of its matches to every user, and a forecast does so for every night. */
const prepared = new WeakMap<Match, PreparedMatch>();

function prepare(match: Match): PreparedMatch {
  const known = prepared.get(match);
  if (known !== undefined) return known;
  const { user, path, arn, accessKeyId, credentialId, account, tag } = match;
  const fresh: PreparedMatch = {
    match,
    matchers: Object.entries(matcherByKey).flatMap(([key, matcher]) =>
      match[key as keyof Match] === undefined ? [] : matcher,
    ),
    ...(user === undefined ? {} : { user: compileGlob(user.toLowerCase()) }),
    ...(path === undefined ? {} : { path: compileGlob(path) }),
    ...(arn === undefined ? {} : { arn: compileGlob(arn) }),
    ...(accessKeyId === undefined ? {} : { accessKeyId: compileGlob(accessKeyId) }),
    ...(credentialId === undefined ? {} : { credentialId: compileGlob(credentialId) }),
    ...(account === undefined ? {} : { account: compileGlob(account) }),
    ...(tag === undefined
      ? {}
      : { tag: Object.entries(tag).map(([key, value]) => [key, compileGlob(value)] as const) }),
  };
  prepared.set(match, fresh);
  return fresh;
}

/**
 * Whether all parts of the match fit. A part that certainly does not fit outweighs an unknown one.
 *
 * `account` alone reaches findings about the account as a whole; `account`, `arn` and the exact name `<root_account>`
 * reach the root user; everything else is about IAM users.
 */
export function matches(match: Match, facts: MatchFacts): MatchResult {
  const ready = prepare(match);
  let result: MatchResult = true;
  for (const matcher of ready.matchers) {
    const part = matcher(ready, facts);
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

/** IAM user names are unique regardless of case, so case is ignored. `*` does not match the root user. */
function matchUser({ user, match }: PreparedMatch, { principal }: MatchFacts): MatchResult {
  if (user === undefined) return true;
  if (principal.kind === 'root') return match.user === principal.name;
  return principal.kind === 'user' && user(principal.name.toLowerCase());
}

function matchPath({ path }: PreparedMatch, { principal, unknownPath }: MatchFacts): MatchResult {
  if (path === undefined) return true;
  if (unknownPath !== undefined) return undefined;
  return principal.kind === 'user' && path(pathOf(principal));
}

/** The IAM path with both slashes: `/` or `/machines/ci/`. */
function pathOf({ arn, name }: FindingSubject): string {
  const [, resource = ''] = /^arn:[^:]*:iam::\d*:user(\/.*)$/s.exec(arn) ?? [];
  return resource.slice(0, resource.length - name.length);
}

function matchArn({ arn }: PreparedMatch, { principal, unknownPath }: MatchFacts): MatchResult {
  if (arn !== undefined && unknownPath !== undefined) return undefined;
  return arn === undefined || (principal.kind !== 'account' && arn(principal.arn));
}

function matchAccount({ account }: PreparedMatch, facts: MatchFacts): MatchResult {
  return account === undefined || account(facts.account);
}

/** Ids of the root user's keys are never known: only the root user can list them. So an id matches users' keys only. */
function matchAccessKeyId({ accessKeyId }: PreparedMatch, { credential, principal }: MatchFacts): MatchResult {
  if (accessKeyId === undefined) return true;
  if (credential?.kind !== accessKey.kind || principal.kind !== 'user') return false;
  return credential.id === undefined ? undefined : accessKeyId(credential.id);
}

/** The same for every kind with ids; a console password, for example, has none. */
function matchCredentialId({ credentialId }: PreparedMatch, { credential, principal }: MatchFacts): MatchResult {
  if (credentialId === undefined) return true;
  if (credential === undefined || !isRetirableKind(credential.kind) || principal.kind !== 'user') return false;
  return credential.id === undefined ? undefined : credentialId(credential.id);
}

/** Tag keys ignore case, see {@link tagValues}; values must match exactly. */
function matchTags({ tag }: PreparedMatch, { tags, principal }: MatchFacts): MatchResult {
  if (tag === undefined) return true;
  // Only users can be tagged.
  if (principal.kind !== 'user') return false;
  if (!tags.known) return undefined;
  const parts = tag.map(([key, fits]): MatchResult => {
    const fitting = tagValues(tags.value, key).map(fits);
    // Two values of one key are impossible: it is unknown which one is real.
    return fitting.includes(true) ? (fitting.includes(false) ? undefined : true) : false;
  });
  return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
}
