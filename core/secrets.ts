/** Secrets that people paste by mistake where a name, an id or a file is expected. Pure. */
import { evidenceOfName } from './name-evidence.ts';

/** Stands in a message for what was cut out of it. */
export const redacted = '<redacted>';

/** What is looked for, in the messages about a text that contains it. */
export const secretInWords = 'a secret access key, a session token, a webhook or a URL with a password';

/** The base64 alphabet; in a URL or in JSON some of it is escaped. */
const runs = /(?:[A-Za-z0-9+/]|%2[BbFf]|\\\/)+/g;

/** The host of a link, and its path: people's links have random ids in them. */
const links = /(\bhttps?:\/\/(?:localhost|[^\s/?#"'<>]*\.[^\s/?#"'<>]*))((?:\/[^\s?#"'<>]*)?)/gi;

/** Length of a secret access key, in characters. Source: the IAM API reference of AccessKey. */
const secretKeyLength = 40;

/** What is shorter may be any name in mixed case. A secret access key may lack some characters. */
const shortest = 30;

/** A session token has some hundred characters, the ids of documents together seldom this many. */
const shortestSessionToken = 150;

/** A secret access key that is not whole, perhaps after `user/`. In longer tokens there is enough between two slashes. */
const longestWithSlashes = 48;

/**
 * When a text counts as random: with so many changes between capitals, small letters and others, and fewer bits of
 * evidence that it is a name. Of random texts with the length of a secret access key, which have 25 changes, three in a
 * million fail; what has another length is less likely to be a secret.
 */
const randomOfKeyLength = { changes: 7, nameBits: 15 };
const randomOfOtherLength = { changes: 9, nameBits: 10 };

/** Values that are secrets because of what stands before or after them, whatever they look like. */
const labelled: readonly RegExp[] = [
  // aws_secret_access_key = ..., "SecretAccessKey": "...", X-Amz-Signature=... but not `password:reset`
  /((?:secret[_-]?access[_-]?key|session[_-]?token|security[_-]token|x-amz-signature|aws_bearer_token_\w+|password|passwd)["']?(?:\s*=\s*|:\s*(?=["'])|:(?=[^\s"'&,;]*\d))["']?)([^\s"'&,;]+)/gi,
  // https://token@host and https://name:password@host, with a slash in the password or not
  /(\b[a-z][a-z\d+.-]*:\/\/)([^\s/?#"'@:]{20,}|[^\s/?#"'@:]*:(?!\d+\/)[^\s?#"'@]+)(?=@)/gi,
  // name:password@localhost and name:password@host:port; mailto:name@host is neither
  /(^|[\s"'=(])([^\s/?#"'@:=]+:(?!\/\/)[^\s?#"'@]+)(?=@(?:localhost\b|[\w.-]+:\d))/gi,
  // Everyone with the URL of a webhook can post to it. In a query, and in JSON, its slashes are escaped.
  /((?:hooks\.slack(?:-gov)?\.com|(?:webhook|outlook)\.office(?:365)?\.com|discord(?:app)?\.com(?:\/|%(?:25)*2F|\\\/)api(?:(?:\/|%(?:25)*2F|\\\/)v\d+)?)(?:\/|%(?:25)*2F|\\\/))((?:services|workflows|triggers|webhook\w*)(?:\/|%(?:25)*2F|\\\/)[^\s"']+)/gi,
  // Workflows of Microsoft Teams, and Google Chat: with what signs the request
  /((?:logic\.azure\.(?:com|us|cn)|powerplatform\.(?:com|us|cn)|chat\.googleapis\.com)[^\s"'<>]*?(?:[?&;]|%(?:25)*(?:3F|26)|\\u0026)(?:sig|token|key)(?:=|%(?:25)*3D))([^\s"']+)/gi,
];

/** Whether the text contains what looks like a secret: see {@link secretInWords}. */
export function containsSecret(text: string): boolean {
  return withoutSecrets(text) !== text || isBrokenSecretKey(text);
}

/** Nothing but a secret access key, in two or three pieces. */
function isBrokenSecretKey(text: string): boolean {
  const pieces = text.trim().split(/\s+/);
  const plain = pieces.join('');
  const isLikely = pieces.length <= 3 && !pieces.some((piece) => id.test(piece)) && hasKeyLength(plain);
  return isLikely && /^[A-Za-z0-9+/]+$/.test(plain) && isRandom(plain);
}

/** The text with {@link redacted} in place of everything that looks like a secret. Applied twice it changes no more. */
export function withoutSecrets(text: string): string {
  const named = withoutLabelledSecrets(text);
  let at = 0;
  let safe = '';
  for (const { 0: link, 1: host = '', 2: path = '', index } of named.matchAll(links)) {
    safe +=
      withoutRuns(named.slice(at, index), isSecret) + withoutRuns(host, isSecret) + withoutRuns(path, isSecretInLink);
    at = index + link.length;
  }
  return safe + withoutRuns(named.slice(at), isSecret);
}

/** The same for what is a secret because of what stands around it only. Random text stays: it may be the name of a user. */
export function withoutLabelledSecrets(text: string): string {
  return labelled.reduce((rest, pattern) => rest.replace(pattern, `$1${redacted}`), text);
}

/**
 * What a person gave for the URL of an endpoint, without {@link withoutSecrets secrets} and without name and password:
 * also where a part is missing that would make it a URL.
 */
export function withoutUserInfo(url: string): string {
  return withoutSecrets(url.replace(userInfo, `$1${redacted}`));
}

const userInfo = /^((?:[a-z][a-z\d+.-]*:)?\/*)[^/?#@]*:(?!\/|\d+\/)[^?#]*(?=@)/i;

function withoutRuns(text: string, judge: (run: string) => boolean): string {
  return text.replace(runs, (run) => (judge(run) ? redacted : run));
}

function unescaped(run: string): string {
  return run.replace(/%2B/gi, '+').replace(/%2F|\\\//gi, '/');
}

function isSecret(escaped: string): boolean {
  const run = unescaped(escaped);
  if (run.length < shortest) return false;
  const whole = run.length <= longestWithSlashes ? [run] : [];
  return [...whole, ...run.split('/'), ...keyLengthsOf(run)].some(isRandom);
}

/** In a link only what has the length of a secret access key, or is as long as a session token: others are ids of documents. */
function isSecretInLink(escaped: string): boolean {
  const run = unescaped(escaped).replace(/^\//, '');
  const parts = run.split('/');
  if ([run, ...parts].some((text) => hasKeyLength(text) && isRandom(text))) return true;
  const random = parts.filter(isRandom).join('/');
  if (random.length >= shortestSessionToken && /[+/]/.test(random)) return true;
  return keyLengthsOf(run, 2).some((text) => endsMixed(text) && isRandom(text));
}

/** Not `file/d/` and an id. */
function endsMixed(text: string): boolean {
  const parts = text.split('/');
  return isMixed(parts[0] ?? '') && isMixed(parts.at(-1) ?? '');
}

/** What has the length of a secret access key, give or take some characters, between two ends or slashes, as after `user/`. */
function keyLengthsOf(run: string, tolerance = 0): readonly string[] {
  const bounds = [...run].flatMap((character, at) => (character === '/' ? [at] : []));
  const starts = [0, ...bounds.map((at) => at + 1)];
  const ends = [...bounds, run.length];
  return starts.flatMap((start) =>
    ends.filter((end) => Math.abs(end - start - secretKeyLength) <= tolerance).map((end) => run.slice(start, end)),
  );
}

/** As random base64, and unlike words and ids. Between slashes, what has one case only is a word, a number or a digest. */
function isRandom(text: string): boolean {
  const parts = text.split('/');
  if (text.length < shortest || parts.some((part) => id.test(part))) return false;
  const changes = parts.reduce((sum, part) => sum + (isMixed(part) ? changesIn(part) : 0), 0);
  const random = hasKeyLength(text) ? randomOfKeyLength : randomOfOtherLength;
  return changes >= random.changes && evidenceOfName(text) < random.nameBits;
}

/** Give or take two characters, which people lose and add when they copy. */
function hasKeyLength(text: string): boolean {
  return Math.abs(text.length - secretKeyLength) <= 2;
}

/** Of a key, a user, a role. Source: IAM User Guide, “IAM identifiers”. */
const id = /^A[A-Z]{3}[A-Z0-9]{16,17}$/;

/** Both cases in it, as in base64 but not in hexadecimal digests, key ids and most names. */
function isMixed(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text);
}

/** How often it changes between capitals, small letters and others. */
function changesIn(part: string): number {
  const kinds = [...part].map((one) => (/[a-z]/.test(one) ? 'a' : /[A-Z]/.test(one) ? 'A' : '0'));
  return kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
}
