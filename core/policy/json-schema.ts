import { z } from 'zod';
import { type JsonSchema, keysAt } from './checked-yaml.ts';
import { policyFileSchema } from './schema.ts';

/** Where the JSON Schema of keysweep.yaml is published, from the project's root. */
export const policySchemaFile = 'docs/schemas/keysweep.schema.json';

/** The JSON Schema of keysweep.yaml, for editors. */
export function policyJsonSchema(): JsonSchema {
  return z.toJSONSchema(policyFileSchema, { io: 'input' }) as JsonSchema;
}

/** The keys that the schema allows at a path of the file. */
export function allowedKeysAt(path: readonly PropertyKey[]): readonly string[] {
  return keysAt(policyJsonSchema(), path);
}
