/**
 * The properties whose value is not undefined, for spreads: an optional property must be absent, not undefined (TypeScript's
 * exactOptionalPropertyTypes, JSON, zod's strict objects). A property whose value may be undefined becomes optional.
 */
export type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The properties that are given: `{ ...given({ owner, dueAt }) }`. */
export function given<T extends object>(properties: T): Given<T> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Given<T>;
}
