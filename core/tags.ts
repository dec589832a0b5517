/** How tags of IAM users are read: the only place that knows which tag keys are the same. */
import type { Tags } from './model.ts';

/**
 * Every value under a tag key. Keys ignore case, as IAM does (IAM User Guide, "Tags for IAM resources": a user cannot have
 * both Department and department). So there is at most one value, unless an answer is contradictory.
 */
export function tagValues(tags: Tags, key: string): readonly string[] {
  return byKey(tags).get(fold(key)) ?? [];
}

/** The value of a tag key; undefined if there is none, or if two spellings of the key have different values. */
export function tagValue(tags: Tags, key: string): string | undefined {
  const [value, ...others] = tagValues(tags, key);
  return others.every((other) => other === value) ? value : undefined;
}

/** Whether two keys are the same to IAM. */
export function isSameTagKey(one: string, other: string): boolean {
  return fold(one) === fold(other);
}

/** A policy asks for many keys of the same user. */
const prepared = new WeakMap<Tags, ReadonlyMap<string, readonly string[]>>();

function byKey(tags: Tags): ReadonlyMap<string, readonly string[]> {
  const known = prepared.get(tags);
  if (known !== undefined) return known;
  const values = new Map<string, string[]>();
  for (const [key, value] of Object.entries(tags)) values.set(fold(key), [...(values.get(fold(key)) ?? []), value]);
  prepared.set(tags, values);
  return values;
}

/** Composed and decomposed letters count as the same, as in globs. */
function fold(key: string): string {
  return key.normalize().toLowerCase();
}
