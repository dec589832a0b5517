/** Whether one match leaves another nothing to say: for whoever wrote an override after one that covers it. Pure. */
import { rootUserName } from '../report/types.ts';
import { isSameTagKey } from '../tags.ts';
import { globCovers } from './glob-language.ts';
import { isPossible, rootArn } from './iam-grammar.ts';
import type { Match } from './policy.ts';

/**
 * Whether everything that fits the inner match surely fits the outer one. Never wrongly true. What the inner match says in
 * one part may follow from another: an ARN tells path and name, and everything that names a path or a tag is a user.
 *
 * @param isAboutUsers the inner match is asked about users alone, whatever it says, as that of an override
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

/** What is the id of an access key is the id of a credential. */
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
  // The name in an ARN is as it was written once, while a match by name ignores case.
  return globCovers(outer, `arn:*:iam::${account}:${whom === 'root' ? 'root' : `user${path}*`}`);
}

/** What is sure of the name (in lower case), the path and the account of all that a match fits, as globs. */
function partsOf({ user, path, account, arn = '' }: Match): Readonly<Record<'user' | 'path' | 'account', string>> {
  // With wildcards before it, no one can tell where the path begins.
  const [, ofArn = '*', resource = ''] = /^arn:[^:*?]+:iam::([\d?]{12}):user(\/.*)$/s.exec(arn) ?? [];
  const end = resource.lastIndexOf('/') + 1;
  const name = resource.slice(end);
  const start = resource.slice(0, end);
  // A wildcard in the last part may stand for further slashes.
  const isSure = name !== '' && !/[*?]/.test(name);
  return {
    user: (user ?? (isSure ? name : '*')).toLowerCase(),
    path: path ?? (isSure ? start : start === '' ? '/*' : `${start}*`),
    account: account ?? ofArn,
  };
}
