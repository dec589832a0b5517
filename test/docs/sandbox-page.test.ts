import { it } from 'vitest';
import { cloudtrail } from '../../sandbox/services/cloudtrail.ts';
import { iam } from '../../sandbox/services/iam/index.ts';
import { sns } from '../../sandbox/services/sns.ts';
import { sts } from '../../sandbox/services/sts.ts';
import { expectSamples, markdownTable } from '../support/doc-page.ts';

it('docs/sandbox.md lists the operations that the sandbox has (else: npm run docs)', async () => {
  const rows = [iam, sts, sns, cloudtrail].map(({ name, protocol, operations }) => {
    return [name, protocol, Object.keys(operations).toSorted().join(', ')];
  });
  await expectSamples('docs/sandbox.md', { operations: markdownTable(['service', 'protocol', 'operations'], rows) });
});
