/** Pages of the documentation whose samples tests write and keep true. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const projectRoot = new URL('../../', import.meta.url);
const block = /^(<!-- sample: ([\w-]+) -->\n).*?(^<!-- end of sample -->$)/gms;

/** The text of a page; `page` is its path from the project's root. */
export function readPage(page: string): string {
  return readFileSync(new URL(page, projectRoot), 'utf8');
}

/**
 * Checks that the samples of a Markdown page are these, no more and no fewer; `npm run docs` writes them instead. A
 * sample stands between the lines `<!-- sample: NAME -->` and `<!-- end of sample -->`.
 *
 * One call a page: the page is compared as a whole.
 */
export async function expectSamples(page: string, samples: Readonly<Record<string, string>>): Promise<void> {
  const text = readPage(page);
  const names = [...text.matchAll(block)].map(([, , name = '']) => name);
  expect(names.toSorted()).toEqual(Object.keys(samples).toSorted());
  const current = text.replace(block, (_, start: string, name: string, end: string) => {
    return `${start}\n${samples[name]?.trimEnd()}\n\n${end}`;
  });
  await expect(current).toMatchFileSnapshot(fileURLToPath(new URL(page, projectRoot)));
}

/** Text as a fenced block of code. */
export function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;
}

/** A Markdown table. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line), ''].join('\n');
}

/** The fenced blocks of code of one language, in their order. */
export function codeBlocks(page: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...readPage(page).matchAll(fence)].map(([, code = '']) => code);
}

/** What stands as code in the first column of the tables of one section: names of columns, actions, settings. */
export function namesInTables(page: string, section: string): string[] {
  const [, text = ''] = readPage(page).split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  return [...own.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);
}
