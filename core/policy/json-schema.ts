import { z } from 'zod';
import { type JsonSchema, keysAt } from './checked-yaml.ts';
import { policyFileSchema } from './schema.ts';
import { policySchemaUrl } from './schema-place.ts';

/** The JSON Schema of keysweep.yaml, for editors. */
export function policyJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(policyFileSchema, { io: 'input' }) as JsonSchema;
  return { $schema, $id: policySchemaUrl(), ...schema };
}

/** The keys that the schema allows at a path of the file. */
export function allowedKeysAt(path: readonly PropertyKey[]): readonly string[] {
  return keysAt(policyJsonSchema(), path);
}
