/** What follows from the registry, for code that handles credentials of any kind. */
import type { KindSpec } from './kind.ts';
import { kinds } from './registry.ts';

/** Kinds whose credentials are judged one by one and have a lifecycle, unless their `off` is `none`. */
export type RetirableKind = (typeof kinds)[number]['kind'];

/** Sections of keysweep.yaml with the thresholds of one kind each. */
export type KindSection = (typeof kinds)[number]['section'];

/** A spec that is in the registry. */
export interface Kind extends KindSpec {
  readonly kind: RetirableKind;
  readonly section: KindSection;
}

export const allKinds: readonly Kind[] = kinds;
export const retirableKinds: readonly RetirableKind[] = allKinds.map(({ kind }) => kind);
export const kindSections: readonly KindSection[] = allKinds.map(({ section }) => section);

const byKind: ReadonlyMap<string, Kind> = new Map(allKinds.map((kind) => [kind.kind, kind]));

export function isRetirableKind(kind: string): kind is RetirableKind {
  return byKind.has(kind);
}

export function kindOf(kind: RetirableKind): Kind {
  const found = byKind.get(kind);
  if (found === undefined) throw new RangeError(`no kind of credential is called ${kind}`);
  return found;
}

/** The kind of a credential of which only the id is known; the first kind if the id does not identify it. */
export function kindOfId(id: string): RetirableKind {
  const kindOfPrefix = allKinds.find(({ idPrefix }) => idPrefix !== undefined && id.startsWith(idPrefix));
  return (kindOfPrefix ?? kinds[0]).kind;
}

/** One value for each section. */
export function bySection<T>(ofKind: (kind: Kind) => T): Readonly<Record<KindSection, T>> {
  return Object.fromEntries(allKinds.map((kind) => [kind.section, ofKind(kind)])) as Record<KindSection, T>;
}
