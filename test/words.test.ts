/** Retired words stay out of what people read and out of exported names; see test/support/retired-words.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readProduct } from '../scripts/architecture.ts';
import { documentText, pathText, type ReadableText, sourceTexts } from './support/readable-texts.ts';
import { describeUse, findRetiredWords, ordinaryUses, type RetiredUse, usesWithin } from './support/retired-words.ts';

function notOrdinary(uses: readonly RetiredUse[]): readonly RetiredUse[] {
  const ordinary = new Set(ordinaryUses.flatMap((use) => usesWithin(uses, use)));
  return uses.filter((use) => !ordinary.has(use));
}

describe('keysweep', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    'package.json',
    '.ci/run',
    ...filesIn('docs'),
    ...filesIn('examples'),
  ];
  const tools = [...filesIn('bench'), ...filesIn('scripts')].filter((path) => path.endsWith('.ts'));
  const uses = findRetiredWords([
    ...readProduct('.').flatMap(({ path, text }) => [pathText(path), ...sourceTexts(path, text)]),
    ...tools.flatMap((path) => [pathText(path), ...sourceTexts(path, readFileSync(path, 'utf8'))]),
    ...documents.flatMap((path) => [pathText(path), documentText(path, readFileSync(path, 'utf8'))]),
  ]);

  it('uses no retired word where people read it, nor in an exported name', () => {
    expect(notOrdinary(uses).map(describeUse)).toEqual([]);
  });

  it.each(ordinaryUses)('still says "$phrase"', (use) => {
    expect(usesWithin(uses, use), 'remove it from ordinaryUses').not.toEqual([]);
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replaceAll('\\', '/'))
    .filter((path) => !/\/(?:node_modules|cdk\.out)\//.test(path));
}

describe('the search', () => {
  const found = (texts: readonly ReadableText[]) => notOrdinary(findRetiredWords(texts)).map(describeUse);
  const inSource = (source: string) => found(sourceTexts('core/plan.ts', source));

  it('says where a word is, and what to say instead', () => {
    expect(inSource('// A plan.\n\nthrow new Error(`the key of ${name(of)} was switched\n  off`);')).toEqual([
      'core/plan.ts:3: the key of … was [switched off] -- say: ' +
        'deactivate, reactivate (a credential); enable, disable (a rule, a setting)',
    ]);
    expect(inSource('export const isHeldBack = true;')).toEqual([
      expect.stringMatching(/^core\/plan\.ts:1: is\[Held\]Back -- /),
    ]);
  });

  it.each([
    ['a string', "const text = 'Nobody was notified';", 'Nobody'],
    ['a string with escapes', "const text = 'It\\'s\\nheld';", 'held'],
    ['the type of a string', "let kind: 'found' | 'gone';", 'gone'],
    ['a property in quotes', "const names = { 'held-back': 1 };", 'held'],
    ['a template', 'const text = `${count} deeds`;', 'deeds'],
    ['a template of a type', 'type Id = `story-${string}`;', 'story'],
    ['a template in a template', 'const text = `all ${late ? `are put off ${days} days` : ""}`;', 'put off'],
    ['a sentence around an expression', 'const text = `switching ${key} off`;', 'switching … off'],
    ['a sentence of two strings', "const text = 'is put ' +\n  'off';", 'put off'],
    ['a sentence of strings and expressions', "const text = 'switching ' + key + ' off';", 'switching … off'],
    ['an exported function', 'export function tellOwners() {}', 'tell'],
    ['an exported constant', "export const HELD_BACK = 'x';", 'HELD'],
    ['an exported part of an object', 'export const { keys: putOff } = read();', 'putOff'],
    ['an exported type', 'export type KeyStory = string;', 'Story'],
    ['a class', 'export class Deed {}', 'Deed'],
    ['a member of a class', 'export class Plan { switchOff(key: string) {} }', 'switchOff'],
    ['a name that is exported as another', 'const plan = 1;\nexport { plan as rotationPlan };', 'rotation'],
    ['all that is exported as one name', "export * as deeds from './plan.ts';", 'deeds'],
    ['a property of an interface', 'export interface Plan { readonly heldBack: boolean }', 'held'],
    ['a property of a type in a type', 'export type Plan = Base & { readonly keys: readonly { gone: 1 }[] };', 'gone'],
  ])('finds a word in %s', (_, source, word) => {
    expect(inSource(source)).toEqual([expect.stringContaining(`[${word}]`)]);
  });

  it.each([
    ['comments', '/** Nobody was told. */\n// The deed.\nexport const keys = 1; // held'],
    ['imports', "import { keys } from './story.ts';\nexport * from './held.ts';\nawait import('./gone.ts');"],
    ['imports of types', "let keys: import('./story.ts').Keys;"],
    ['local names', 'function plan(told: number) { const held = told; return held; }'],
    [
      'words that look like one',
      "const text = 'history, threshold, foretell, retirable, the stop switch is on or off';",
    ],
    ['ordinary uses', "const text = 'keysweep requests rotation of it';"],
  ])('finds none in %s', (_, source) => {
    expect(inSource(source)).toEqual([]);
  });

  it('finds words in a page, also over the end of a line', () => {
    const page = documentText('docs/page.md', '# Keys\n\nA change is put\noff. See the key\nrotation.\n');
    expect(found([page])).toEqual([
      expect.stringMatching(/^docs\/page\.md:3: .*\[put off\]/),
      expect.stringMatching(/^docs\/page\.md:5: .*\[rotation\]/),
    ]);
  });

  it('finds words in the name of a file or folder', () => {
    expect(found([pathText('docs/stories/key.md'), pathText('core/switch-off.ts'), pathText('core/plan.ts')])).toEqual([
      expect.stringMatching(/^docs\/stories\/key\.md:1: .*\[stories\]/),
      expect.stringMatching(/^core\/switch-off\.ts:1: .*\[switch-off\]/),
    ]);
  });
});
