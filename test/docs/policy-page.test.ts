import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { JsonSchema } from '../../core/policy/checked-yaml.ts';
import { policyJsonSchema } from '../../core/policy/json-schema.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { starterPolicy } from '../../core/policy/starter.ts';
import { codeBlocks, expectSamples, fenced, markdownTable } from '../support/doc-page.ts';
import { runInMemory } from '../support/memory-io.ts';
import { savedReport, savedReportTime, savedUser } from '../support/saved-report.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();

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

/** Each entry but the first exemption has something that may not be meant. */
const doubtful = `version: 1
overrides:
  - match: { user: "svc-*" }
    accessKeys: { maxAge: 180d }
  - match: { user: svc-payments }
    accessKeys: { maxAge: 30d }
exemptions:
  - match: { user: break-glass }
    rules: "*"
    reason: sealed emergency access
    owner: security@example.com
    expires: 2027-06-30
  - match: { user: "svc-biling" }
    rules: [access-key-unused]
    reason: runs once a quarter
    owner: billing@example.com
    expires: 2027-06-30
  - match: { tag: { keep: "yes" } }
    rules: [access-key-unused]
    reason: batch job that runs twice a year
    owner: platform@example.com
    expires: 2027-06-30
`;

async function checkDoubtful(): Promise<string> {
  const names = ['break-glass', 'svc-billing', 'svc-payments', 'alice'];
  const report = savedReport(...names.map((name) => savedUser(name, '2026-11-21T12:00:00Z')));
  await writeFile(join(scratch.path, 'report.csv'), report);
  await writeFile(join(scratch.path, 'keysweep.yaml'), doubtful);
  const args = ['policy', 'check', '--report', 'report.csv'];
  const { code, stdout } = await runInMemory(args, { directory: scratch.path, now: savedReportTime });
  expect(code).toBe(1);
  return stdout;
}

it('docs/policy.md lists every setting as the schema has it, and shows what keysweep prints (else: npm run docs)', async () => {
  const settings = settingsOf(policyJsonSchema());
  const rows = settings.map(({ path, meaning, byDefault }) => [`\`${path}\``, meaning, byDefault]);
  await expectSamples(page, {
    settings: markdownTable(['setting', 'meaning', 'default'], rows),
    starter: fenced('yaml', starterPolicy),
    'check-policy': fenced('yaml', doubtful),
    check: fenced('text', await checkDoubtful()),
  });
});

const examples = [page, 'README.md'].flatMap((file) => {
  return codeBlocks(file, 'yaml').map((text, index) => ({ file, number: index + 1, text }));
});

it.each(examples)('example $number of $file is a valid policy', ({ file, text }) => {
  const whole = /^version:/m.test(text) ? text : `version: 1\n${text}`;
  expect(loadPolicy(whole, file).version).toBe(1);
});
