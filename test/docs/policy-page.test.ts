import { expect, it } from 'vitest';
import { type JsonSchema, policyJsonSchema } from '../../core/policy/json-schema.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { starterPolicy } from '../../core/policy/starter.ts';
import { codeBlocks, expectSamples, fenced, markdownTable } from '../support/doc-page.ts';

const page = 'docs/policy.md';

/** Settings that have tables of their own on the page, because they are lists or maps. */
const explainedElsewhere = ['overrides', 'exemptions', 'rules'];

interface Setting {
  readonly path: string;
  readonly meaning: string;
  readonly byDefault: string;
}

function settingsOf(schema: JsonSchema, prefix = ''): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]): Setting[] => {
    const path = `${prefix}${key}`;
    if (explainedElsewhere.includes(path)) return [];
    if (property.properties !== undefined) return settingsOf(property, `${path}.`);
    const description = String(property.description ?? property.items?.description);
    const [, meaning = description, byDefault = ''] = /^(.*) Default: (.*)\.$/.exec(description) ?? [];
    return [{ path, meaning, byDefault }];
  });
}

it('docs/policy.md lists every setting as the schema has it (else: npm run docs)', async () => {
  const settings = settingsOf(policyJsonSchema());
  const rows = settings.map(({ path, meaning, byDefault }) => [`\`${path}\``, meaning, byDefault]);
  await expectSamples(page, {
    settings: markdownTable(['setting', 'meaning', 'default'], rows),
    starter: fenced('yaml', starterPolicy),
  });
});

const examples = [page, 'README.md'].flatMap((file) => {
  return codeBlocks(file, 'yaml').map((text, index) => ({ file, number: index + 1, text }));
});

it.each(examples)('example $number of $file is a valid policy', ({ file, text }) => {
  const whole = /^version:/m.test(text) ? text : `version: 1\n${text}`;
  expect(loadPolicy(whole, file).version).toBe(1);
});
