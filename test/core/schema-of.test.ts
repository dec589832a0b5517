import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { schemaOf } from '../../core/schema-of.ts';

interface Note {
  readonly text: string;
  readonly at?: Date;
  readonly lines: readonly { readonly number: number; readonly why?: string }[];
}

const line = z.strictObject({ number: z.number(), why: z.exactOptional(z.string()) });
const parts = { text: z.string(), at: z.exactOptional(z.date()), lines: z.array(line) };

describe('schemaOf', () => {
  it('is the schema, where it says what the type says', () => {
    const schema = z.strictObject(parts);
    expect(schemaOf<Note>()(schema)).toBe(schema);
  });

  // The compiler is what is tested: each of these lines must be an error to it.
  it('does not compile where the two differ', () => {
    const { at: _, ...withoutAt } = parts;
    // @ts-expect-error a property of the type is missing, although it is optional
    schemaOf<Note>()(z.strictObject(withoutAt));
    // @ts-expect-error a property that the type does not have, although it is optional
    schemaOf<Note>()(z.strictObject({ ...parts, who: z.exactOptional(z.string()) }));
    // @ts-expect-error optional, but not in the type
    schemaOf<Note>()(z.strictObject({ ...parts, text: z.exactOptional(z.string()) }));
    // @ts-expect-error not optional, but in the type
    schemaOf<Note>()(z.strictObject({ ...parts, at: z.date() }));
    // @ts-expect-error narrower than the type
    schemaOf<Note>()(z.strictObject({ ...parts, text: z.literal('x') }));
    // @ts-expect-error another property, further down
    schemaOf<Note>()(z.strictObject({ ...parts, lines: z.array(z.strictObject({ number: z.number() })) }));
    expect.assertions(0);
  });
});
