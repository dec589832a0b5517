/**
 * Whether two moments fall into the same second. The credential report has no key ids: its slots are matched to live
 * keys by the second of their creation, which is all that it tells.
 */
export function isSameSecond(a: Date, b: Date): boolean {
  return Math.floor(a.getTime() / 1000) === Math.floor(b.getTime() / 1000);
}
