/** Schemas that say exactly what a type says, no more and no less, or do not compile. */
import * as z from 'zod/mini';

/** A type without `readonly`, which schemas do not know. */
type Plain<T> = T extends Date
  ? T
  : T extends readonly (infer U)[]
    ? Plain<U>[]
    : T extends object
      ? { -readonly [K in keyof T]: Plain<T[K]> }
      : T;

/** And without `?`, so that a property is missed on whichever side it is missing. */
type Whole<T> = T extends Date
  ? T
  : T extends readonly (infer U)[]
    ? Whole<U>[]
    : T extends object
      ? { -readonly [K in keyof T]-?: Whole<T[K]> }
      : T;

type Fits<A, B> = [Plain<A>, Whole<A>] extends [Plain<B>, Whole<B>] ? true : false;
type Same<A, B> = [Fits<A, B>, Fits<B, A>] extends [true, true] ? unknown : never;

/** Takes a schema of `T` that neither lacks a property of it nor has another one, at any depth. */
export function schemaOf<T>() {
  return <S extends z.ZodMiniType<T>>(schema: S & Same<T, z.output<S>>): S => schema;
}

/** The schema with what a reader of its JSON Schema is notified. Give each place its own: what is said belongs to the object. */
export function described<S extends z.ZodMiniType>(description: string, schema: S): S {
  z.globalRegistry.add(schema, { description });
  return schema;
}
