/** Schemas that match a type exactly, or do not compile. */
import * as z from 'zod/mini';

/** A type without `readonly`, which schemas do not have. */
type Plain<T> = T extends Date
  ? T
  : T extends readonly (infer U)[]
    ? Plain<U>[]
    : T extends object
      ? { -readonly [K in keyof T]: Plain<T[K]> }
      : T;

/** The same without `?`, so that a property missing on either side is noticed. */
type Whole<T> = T extends Date
  ? T
  : T extends readonly (infer U)[]
    ? Whole<U>[]
    : T extends object
      ? { -readonly [K in keyof T]-?: Whole<T[K]> }
      : T;

type Fits<A, B> = [Plain<A>, Whole<A>] extends [Plain<B>, Whole<B>] ? true : false;
type Same<A, B> = [Fits<A, B>, Fits<B, A>] extends [true, true] ? unknown : never;

/** Accepts a schema of `T` that has exactly its properties, at any depth. */
export function schemaOf<T>() {
  return <S extends z.ZodMiniType<T>>(schema: S & Same<T, z.output<S>>): S => schema;
}

/** The schema with a description for its JSON Schema. Use a new schema in each place: the description belongs to the object. */
export function described<S extends z.ZodMiniType>(description: string, schema: S): S {
  z.globalRegistry.add(schema, { description });
  return schema;
}
