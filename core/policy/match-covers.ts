/** Whether one match covers another, to report an entry after one that covers it. Pure. */
import { rootUserName } from '../report/types.ts';
import { isSameTagKey } from '../tags.ts';
import { globCovers } from './glob-language.ts';
import { isPossible, rootArn } from './iam-grammar.ts';
import type { Match } from './policy.ts';

/**
 * Whether everything that matches the inner match certainly matches the outer one. Never wrongly true. One part of the
 * inner match may imply another: an ARN includes path and name, and anything with a path or a tag is a user.
 *
 * @param isAboutUsers the inner match is applied to users only, whatever it says, as in an override
 */
export function matchCovers(outer: Match, inner: Match, isAboutUsers = speaksOfUsers(inner)): boolean {
  const { user, path, arn, account, accessKeyId, credentialId, tag } = outer;
  const whom = inner.user === rootUserName ? 'root' : isAboutUsers ? 'user' : undefined;
  const known = partsOf(inner);
  const isUserCovered =
    user === undefined ||
    (user === rootUserName ? whom === 'root' : whom === 'user' && globCovers(user.toLowerCase(), known.user));
  return (
    isUserCovered &&
    (path === undefined || (whom === 'user' && globCovers(path, known.path))) &&
    (arn === undefined || isArnCovered(arn, inner, whom)) &&
    (account === undefined || globCovers(account, known.account)) &&
    (accessKeyId === undefined || (inner.accessKeyId !== undefined && globCovers(accessKeyId, inner.accessKeyId))) &&
    (credentialId === undefined || isIdCovered(credentialId, inner)) &&
    Object.entries(tag ?? {}).every(([key, value]) => {
      return Object.entries(inner.tag ?? {}).some(
        ([other, narrow]) => isSameTagKey(key, other) && globCovers(value, narrow),
      );
    })
  );
}

/** The id of an access key is the id of a credential. */
function isIdCovered(outer: string, { accessKeyId, credentialId }: Match): boolean {
  return [accessKeyId, credentialId].some((inner) => inner !== undefined && globCovers(outer, inner));
}

function speaksOfUsers({ user, path, tag, accessKeyId, credentialId, arn }: Match): boolean {
  if (user === rootUserName) return false;
  const isPartOfUsers = [user, path, tag, accessKeyId, credentialId].some((part) => part !== undefined);
  return isPartOfUsers || (arn !== undefined && !isPossible(arn, rootArn));
}

function isArnCovered(outer: string, inner: Match, whom: 'user' | 'root' | undefined): boolean {
  if (inner.arn !== undefined && globCovers(outer, inner.arn)) return true;
  if (whom === undefined) return false;
  const { account, path } = partsOf(inner);
  // An ARN has the name's exact case, while a match by name ignores case.
  return globCovers(outer, `arn:*:iam::${account}:${whom === 'root' ? 'root' : `user${path}*`}`);
}

/** What is certain about the name (in lowercase), the path and the account of everything that matches, as globs. */
function partsOf({ user, path, account, arn = '' }: Match): Readonly<Record<'user' | 'path' | 'account', string>> {
  // After wildcards, it is unknown where the path begins.
  const [, accountInArn = '*', resource = ''] = /^arn:[^:*?]+:iam::([\d?]{12}):user(\/.*)$/s.exec(arn) ?? [];
  const end = resource.lastIndexOf('/') + 1;
  const name = resource.slice(end);
  const start = resource.slice(0, end);
  // A wildcard in the last part may match further slashes.
  const isSure = name !== '' && !/[*?]/.test(name);
  return {
    user: (user ?? (isSure ? name : '*')).toLowerCase(),
    path: path ?? (isSure ? start : start === '' ? '/*' : `${start}*`),
    account: account ?? accountInArn,
  };
}
