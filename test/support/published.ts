import { z } from 'zod';

/** What is left of a printed document of what its published schema describes: all of it, else something is not described. */
export function asPublished(schema: z.ZodType, printed: unknown): unknown {
  return z.encode(schema, schema.parse(printed));
}
