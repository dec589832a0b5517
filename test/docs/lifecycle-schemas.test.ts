import { expect, it } from 'vitest';
import { channelsJsonSchema } from '../../reports/channels/schema.ts';
import { forecastJsonSchema } from '../../reports/forecast/schema.ts';
import { restoreJsonSchema } from '../../reports/restore-schema.ts';
import { storyJsonSchema } from '../../reports/story/schema.ts';

it.each([
  ['forecast', forecastJsonSchema],
  ['explain', storyJsonSchema],
  ['restore', restoreJsonSchema],
  ['channels', channelsJsonSchema],
] as const)('docs/schemas holds the schema of keysweep %s (else: npm run docs)', async (name, schema) => {
  const text = `${JSON.stringify(schema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`../../docs/schemas/${name}-v1.schema.json`);
});
