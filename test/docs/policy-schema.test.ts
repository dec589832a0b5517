import { expect, it } from 'vitest';
import { policyJsonSchema, policySchemaFile } from '../../core/policy/json-schema.ts';

it('the published JSON Schema is current (else: npm run docs)', async () => {
  await expect(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(`../../${policySchemaFile}`);
});
