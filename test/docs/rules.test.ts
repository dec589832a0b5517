import { expect, it } from 'vitest';
import { allowedKeysAt } from '../../core/policy/json-schema.ts';
import { rules } from '../../core/rules/index.ts';
import { renderRules, settingsIn } from './render-rules.ts';

it('docs/RULES.md is current (else: npm run docs)', async () => {
  await expect(renderRules()).toMatchFileSnapshot('../../docs/RULES.md');
});

it('every setting that a condition names exists in keysweep.yaml', () => {
  const paths = rules.flatMap(({ condition }) => settingsIn(condition));
  expect(paths).toContain('accessKeys.maxIdle');
  for (const path of paths) {
    const [group = '', key = ''] = path.split('.');
    expect(allowedKeysAt([group]), path).toContain(key);
  }
});
