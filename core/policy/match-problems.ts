/** What is wrong with a match that can never match an IAM principal, in words, with the correction if there is one. */

import { rootUserName as rootName } from '../report/types.ts';
import { isSameTagKey } from '../tags.ts';
import { globsOverlap, literalsOf } from './glob-language.ts';
import {
  account,
  credentialId,
  type FieldGrammar,
  foreignIds,
  iamPath,
  isNameCharacter,
  isPathCharacter,
  isPossible,
  isTagCharacter,
  principalArn,
  tagKey,
  tagValue,
  userArn,
  userName,
} from './iam-grammar.ts';
import type { Match } from './policy.ts';

/** undefined: something could match. Otherwise what is expected, for a message that begins with what was found. */
export type Judge = (text: string) => string | undefined;

export const judgeUser: Judge = (text) => {
  if (text === rootName || isPossible(text, userName)) return undefined;
  const what = 'expected an IAM user name, or a glob of names with * and ?';
  if (text.toLowerCase() === rootName) return `${what}; for the root user, ${write(rootName)}`;
  if (/^arn:/i.test(text)) return `${what}: this is an ARN; use arn for it`;
  const [, path, end = ''] = /^(?:\/?)(.*)\/([^/]*)$/s.exec(text) ?? [];
  if (path !== undefined && !isRegular(text)) {
    const inPath = `path: ${JSON.stringify(`/${path}/`.replace(/\/+/g, '/'))}`;
    return `${what}: the path is not part of the name; write ${inPath}${end === '' ? '' : `, user: ${JSON.stringify(end)}`}`;
  }
  if (/[,;|]/.test(text)) return `${what}: to match several names, write an entry for each`;
  return explain(what, text, userName, isNameCharacter, 'a user name', 64);
};

export const judgePath: Judge = (text) => {
  if (isPossible(text, iamPath)) return undefined;
  const what = 'expected an IAM path with a slash at each end, such as /machines/ or /machines/*';
  return explain(what, text, iamPath, isPathCharacter, 'a path', 512, [
    ...(isRegular(text) ? [withSlashes(asGlob(text.replace(/\\+$|^\\+|\\(?=\w)/g, '/')))] : []),
    text === '' ? '/' : withSlashes(text),
  ]);
};

export const judgeAccount: Judge = (text) => {
  if (isPossible(text, account)) return undefined;
  const what = 'expected an account id of 12 digits in quotes, such as "111122223333", or a glob of ids';
  const digits = text.replace(/[\s_.-]/g, '');
  return `${what}${firstPossible([digits, asGlob(text)], account)}`;
};

export const judgeAccessKeyId: Judge = (text) => judgeId(text, 'an access key', new Set(Object.keys(foreignIds)));

/** Ids of all kinds look alike, and some do not show their kind. */
export const judgeCredentialId: Judge = (text) => judgeId(text, 'a credential', otherIds);

function judgeId(text: string, of: string, foreign: ReadonlySet<string>): string | undefined {
  const prefix = text.slice(0, 4).toUpperCase();
  const what = `expected the id of ${of} such as AKIAIOSFODNN7EXAMPLE, or a glob of ids`;
  if (foreign.has(prefix)) return `${what}: ${prefix}... is the id of ${foreignIds[prefix]}`;
  if (isPossible(text, credentialId)) return undefined;
  const why = /[a-z]/.test(text) ? ': ids are uppercase' : ': ids have 16 to 128 uppercase letters and digits';
  const upper = text.toUpperCase();
  return `${what}${why}${firstPossible([upper, upper.trim(), asGlob(text), ...withStar(upper)], credentialId)}`;
}

/** Those of {@link foreignIds} that do not belong to a user's credential at all. */
const otherIds: ReadonlySet<string> = new Set(['ABIA', 'AGPA', 'AIDA', 'AIPA', 'ANPA', 'ANVA', 'AROA', 'ASIA']);

/** @param reachesRoot whether the root user's ARN is allowed */
export function judgeArn(reachesRoot: boolean): Judge {
  const grammar = reachesRoot ? principalArn : userArn;
  const example = 'arn:aws:iam::111122223333:user/machines/*';
  return (text) => {
    if (isPossible(text, grammar)) return undefined;
    const what = `expected the ARN of an IAM user${reachesRoot ? ' or of the root user' : ''}, or a glob such as ${example}`;
    const [, partition = '', service = '', , id = '', resource = ''] =
      /^(?:arn:)?([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(text.replace(/^arn:/i, 'arn:')) ?? [];
    const candidates = [
      text.trim(),
      text.replace(/^arn:/i, 'arn:'),
      `arn:${partition}:iam::${id.replace(/[\s-]/g, '')}:${resource}`,
      `arn:${partition}:iam::${id === '' ? '*' : id}:${resource}`,
      `${text}*`,
      `${text}/*`,
      `arn:${partition}:iam::${id}:user${resource}`,
      `arn:*:iam::${id}:${resource}`,
      `arn:*:iam::*:${text}`,
      asGlob(text),
    ];
    if (!reachesRoot && isPossible(text, principalArn))
      return `${what}: overrides are for users, and this is the root user`;
    const [kind = ''] = /^[\w-]*/.exec(resource) ?? [];
    if (!['', 'user', 'root'].includes(kind) || !['', 'iam'].includes(service)) {
      return `${what}: ${service === 'iam' ? '' : `${service} `}${kind} is not a user`;
    }
    return `${what}${firstPossible(candidates, grammar)}`;
  };
}

export const judgeTagKey: Judge = (text) => {
  const what = 'expected an IAM tag key';
  if (/[*?]/.test(text)) return `${what}: tag keys cannot be globs, only values can`;
  if (isPossible(text, tagKey)) return undefined;
  return explain(what, text, tagKey, isTagCharacter, 'a tag key', 128);
};

export const judgeTagValue: Judge = (text) => {
  if (isPossible(text, tagValue)) return undefined;
  return explain(
    'expected a tag value, or a glob of values with * and ?',
    text,
    tagValue,
    isTagCharacter,
    'a tag value',
    256,
  );
};

/** What is wrong with parts that could each match something, but never together. */
export function judgeTogether({
  user,
  path,
  arn,
  account: id,
  tag,
  accessKeyId: key,
  credentialId: anyId,
}: Match): string | undefined {
  if (user === rootName) {
    const beside = Object.entries({ path, tag, accessKeyId: key, credentialId: anyId }).find(
      ([, value]) => value !== undefined,
    )?.[0];
    if (beside !== undefined) return `expected no ${beside} with ${rootName}: only users have that`;
  }
  if (Object.keys(tag ?? {}).length > 50) return 'expected at most 50 tags: a user cannot have more';
  if (key !== undefined && anyId !== undefined && !globsOverlap(key, anyId))
    return 'expected parts that can match together: no access key has both this accessKeyId and this credentialId';
  // A part that is impossible by itself has been reported already.
  const isAlone = user === undefined && path === undefined && id === undefined;
  if (arn === undefined || isAlone || !isPossible(arn, principalArn) || canMatchTogether(arn, { user, path, id })) {
    return undefined;
  }
  const others = Object.entries({ user, path, account: id }).flatMap(([name, value]) =>
    value === undefined ? [] : name,
  );
  return `expected parts that can match together: no principal has both this arn and this ${others.join(' and ')}`;
}

/** Never wrongly false: what could match must not be refused. User names ignore case, and so does this. */
function canMatchTogether(
  arn: string,
  { user, path, id = '*' }: { readonly [part in 'user' | 'path' | 'id']: string | undefined },
): boolean {
  const ofUser = `user${path ?? '/*'}${user ?? '*'}`;
  const resources =
    user === rootName ? ['root'] : user === undefined && path === undefined ? [ofUser, 'root'] : [ofUser];
  // If the account is written out, it is certain where the resource begins.
  const [, head, tail] = /^arn:[^:*?]+:iam::([\d?]{12}):(.*)$/s.exec(arn) ?? [];
  return resources.some((resource) => {
    if (head === undefined || tail === undefined) {
      return globsOverlap(`arn:*:iam::${id}:${resource}`.toLowerCase(), arn.toLowerCase());
    }
    return globsOverlap(head, id) && globsOverlap(tail.toLowerCase(), resource.toLowerCase());
  });
}

/** What is wrong if IAM would treat two of the tag keys as the same. */
export function judgeTagKeys(tags: Readonly<Record<string, string>>): string | undefined {
  const keys = Object.keys(tags);
  const twin = keys.find((key, at) => keys.slice(0, at).some((other) => isSameTagKey(other, key)));
  return twin === undefined ? undefined : 'expected keys that differ in more than case: IAM ignores case in tag keys';
}

function explain(
  what: string,
  text: string,
  grammar: FieldGrammar,
  allows: (character: string) => boolean,
  whose: string,
  longest: number,
  candidates: readonly string[] = [],
): string {
  const foreign = literalsOf(text).find((character) => !allows(character));
  const correction = firstPossible([text.trim(), ...candidates, asGlob(text)], grammar);
  if (text.trim() !== text && isPossible(text.trim(), grammar)) return `${what}, without spaces around it${correction}`;
  const regular = isRegular(text) ? ' (regular expressions are not supported)' : '';
  if (foreign !== undefined)
    return `${what}: ${JSON.stringify(foreign)} is not allowed in ${whose}${regular}${correction}`;
  const size = literalsOf(text).length > longest ? `: ${whose} has at most ${longest} characters` : '';
  return `${what}${size}${correction}`;
}

function firstPossible(candidates: readonly string[], grammar: FieldGrammar): string {
  const found = candidates.find((candidate) => candidate !== '' && isPossible(candidate, grammar));
  return found === undefined ? '' : `; ${write(found)}`;
}

function write(correction: string): string {
  return `write ${JSON.stringify(correction)}`;
}

function withSlashes(path: string): string {
  const start = /^[/*]/.test(path) ? '' : '/';
  return `${start}${path}${/[/*]$/.test(path) ? '' : '/'}`;
}

function withStar(text: string): readonly string[] {
  return text === '' ? [] : [`${text}*`];
}

function isRegular(text: string): boolean {
  return /[\^$|()[\]{}\\]/.test(text);
}

/** A simple regular expression as the equivalent glob. */
function asGlob(text: string): string {
  if (!isRegular(text) && !/\.[*+]/.test(text)) return text;
  const inner = text
    .trim()
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replace(/\.\*/g, '*')
    .replace(/\.\+/g, '?*')
    .replace(/\\([.+/@=-])/g, '$1');
  const start = text.trim().startsWith('^') || inner.startsWith('*') ? '' : '*';
  return `${start}${inner}${text.trim().endsWith('$') || inner.endsWith('*') ? '' : '*'}`;
}
