/** Secrets that people paste by mistake where a name, an id or a file is expected. Pure. */

/** Stands in a message for what was cut out of it. */
export const redacted = '<redacted>';

/** The base64 alphabet; in a URL or in JSON some of it is escaped. */
const runs = /(?:[A-Za-z0-9+/]|%2[BbFf]|\\\/)+/g;

/** Length of a secret access key, in characters. Source: the IAM API reference of AccessKey. */
const secretKeyLength = 40;

/** A shorter text may be a name in mixed case. */
const shortestToken = 24;

/** From here on slashes may be part of it: a secret access key with a character too few, or a session token. */
const shortestWithSlashes = 36;

/** Values that are secrets because of what stands before them, whatever they look like. */
const labelled: readonly RegExp[] = [
  // aws_secret_access_key = ..., "SecretAccessKey": "...", X-Amz-Signature=...
  /((?:secret_?access_?key|session_?token|security[_-]token|x-amz-signature|aws_bearer_token_\w+|password|passwd)["']?(?:\s*=\s*|:\s*(?=["'])|:(?=\S))["']?)([^\s"'&,;]+)/gi,
  // https://name:password@host, with a slash in the password or not
  /(\bhttps?:\/\/)([^\s/?#"'@:]+|[^\s/?#"'@:]*:(?!\d+\/)[^\s?#"'@]+)(?=@)/gi,
  // AKIA...:secret, and the line of an accessKeys.csv
  /(\bA[KS]IA[A-Z0-9]{12,28}["']?[:,;|=/]["']?)([A-Za-z0-9+/%=]{6,})/g,
  // Everyone with the URL of a webhook can post to it.
  /(hooks\.slack\.com\/)((?:services|workflows|triggers)\/[^\s"']+)/gi,
];

/** Whether the text contains what looks like a secret: a secret access key, a session token, a password in a URL. */
export function containsSecret(text: string): boolean {
  return withoutSecrets(text) !== text;
}

/** The text with {@link redacted} in place of everything that looks like a secret. Applied twice it changes no more. */
export function withoutSecrets(text: string): string {
  const bare = text.replace(runs, (run) => (isSecret(run) ? redacted : run));
  return labelled.reduce((rest, pattern) => rest.replace(pattern, `$1${redacted}`), bare);
}

function isSecret(run: string): boolean {
  const plain = run.replace(/%2B/gi, '+').replace(/%2F|\\\//gi, '/');
  if (plain.length < shortestToken) return false;
  if (plain.length >= shortestWithSlashes && isRandom(plain)) return true;
  return plain.split('/').some((part) => part.length >= shortestToken && isRandom(part)) || containsSecretKey(plain);
}

/** Exactly 40 characters between two ends or slashes: a secret access key, perhaps after `user/` or a host. */
function containsSecretKey(run: string): boolean {
  for (let start = 0; start + secretKeyLength <= run.length; start++) {
    const end = start + secretKeyLength;
    const isBounded = (start === 0 || run[start - 1] === '/') && (end === run.length || run[end] === '/');
    if (isBounded && isMixed(run.slice(start, end)) && changesIn(run.slice(start, end)) >= 9) return true;
  }
  return false;
}

/** Both cases in it, as in base64 but not in hexadecimal digests, key ids and most names. */
function isMixed(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text);
}

/** Random base64 changes between capitals, small letters and digits at 64 of 100 places, a name like `myLedgerTable` at 20. */
function isRandom(text: string): boolean {
  return isMixed(text) && changesIn(text) >= 0.42 * (text.length - 1);
}

/** How often it changes between capitals, small letters and others. Between slashes, what has one case only is a word. */
function changesIn(text: string): number {
  return text
    .split('/')
    .filter(isMixed)
    .reduce((sum, part) => sum + changesInPart(part), 0);
}

function changesInPart(part: string): number {
  const kinds = [...part].map((one) => (/[a-z]/.test(one) ? 'a' : /[A-Z]/.test(one) ? 'A' : '0'));
  return kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
}
