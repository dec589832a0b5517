import { it } from 'vitest';
import { services } from '../../sandbox/sandbox.ts';
import { expectSamples, markdownTable } from '../support/doc-page.ts';

it('docs/sandbox.md lists the operations that the sandbox has (else: npm run docs)', async () => {
  const rows = services.map(({ name, protocol, operations }) => {
    return [name, protocol, Object.keys(operations).toSorted().join(', ')];
  });
  await expectSamples('docs/sandbox.md', { operations: markdownTable(['service', 'protocol', 'operations'], rows) });
});
