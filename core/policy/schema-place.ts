/** Where the JSON Schema of keysweep.yaml is published, from the project's root. */
export const policySchemaFile = 'docs/schemas/keysweep.schema.json';

/** Where the schema of a released version can be read: unpkg serves every file of an npm package. @default the latest */
export function policySchemaUrl(version?: string): string {
  return `https://unpkg.com/keysweep${version === undefined ? '' : `@${version}`}/${policySchemaFile}`;
}
