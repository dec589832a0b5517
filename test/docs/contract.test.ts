import { expect, it } from 'vitest';
import { renderContract } from '../contract/render-contract.ts';
import { contract } from '../contract/scenarios/index.ts';

it('docs/contract.md is current (else: npm run docs)', async () => {
  await expect(renderContract(contract)).toMatchFileSnapshot('../../docs/contract.md');
});
