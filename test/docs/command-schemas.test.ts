import { expect, it } from 'vitest';
import { auditJsonSchema } from '../../reports/audit-schema.ts';
import { channelsJsonSchema } from '../../reports/channels/schema.ts';
import { explainJsonSchema } from '../../reports/explain/schema.ts';
import { forecastJsonSchema } from '../../reports/forecast/schema.ts';
import { policyCheckJsonSchema } from '../../reports/policy-check-schema.ts';
import { restoreJsonSchema } from '../../reports/restore-schema.ts';
import { sweepJsonSchema } from '../../reports/sweep/schema.ts';

it.each([
  ['audit', auditJsonSchema],
  ['plan', () => sweepJsonSchema('plan')],
  ['sweep', () => sweepJsonSchema('sweep')],
  ['forecast', forecastJsonSchema],
  ['explain', explainJsonSchema],
  ['restore', restoreJsonSchema],
  ['channels', channelsJsonSchema],
  ['policy-check', policyCheckJsonSchema],
] as const)('docs/schemas holds the schema of keysweep %s (else: npm run docs)', async (name, schema) => {
  const text = `${JSON.stringify(schema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`../../docs/schemas/${name}-v1.schema.json`);
});
