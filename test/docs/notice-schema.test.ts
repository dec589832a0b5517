import { expect, it } from 'vitest';
import { noticeJsonSchema } from '../../reports/notices/schema.ts';

it('docs/schemas holds the schema of notices (else: npm run docs)', async () => {
  const text = `${JSON.stringify(noticeJsonSchema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../docs/schemas/notice-v1.schema.json');
});
