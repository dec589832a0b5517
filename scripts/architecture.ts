/**
 * The house from the outside: its rooms, the arrows between them, and what is wrong with either. `npm run architecture`
 * prints it and fails on a circle between files or an arrow against the rule. Imports of types and dynamic imports count.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The rooms, and what each may import: whole rooms, and of single files the types. The rule stands here and in biome.json. */
export const rooms: Readonly<
  Record<string, { readonly imports: readonly string[]; readonly types?: readonly string[] }>
> = {
  core: { imports: [] },
  reports: { imports: ['core'] },
  aws: { imports: ['core'] },
  files: { imports: ['core'] },
  engine: { imports: ['core', 'reports'] },
  lambda: { imports: ['core', 'reports', 'aws', 'files', 'engine'] },
  cli: { imports: ['core', 'reports', 'aws', 'files', 'engine', 'sandbox'] },
  lib: { imports: ['core'] },
  bin: { imports: ['core', 'cli', 'lib'] },
  sandbox: { imports: [], types: ['core/model.ts'] },
};

export interface SourceFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** One import of one file by another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly kind: 'static' | 'type' | 'dynamic';
}

/** Every file of every room, below the project's root. */
export function readProduct(root: string): readonly SourceFile[] {
  return Object.keys(rooms).flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
      .sort()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

/** Where a quote, a slash or the word `import` need not mean what it looks like. */
const tokens = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/,
    /(?<template>`(?:\\[\s\S]|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^`\\])*`)/,
    /(?<regex>(?<=[(,=:[!&|?{};\n]\s*|return\s+)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

const declaration = /\b(?:import|export)\b(?<type>\s+type\b)?(?:[^'`;()=]*?\bfrom)?\s*'(?<at>\d+)'/g;
const expression = /\bimport\s*\(\s*(?:'(?<at>\d+)')?/g;

/** The files that a file imports. @throws Error where a dynamic import does not say which file */
export function arrowsOf({ path, text }: SourceFile): readonly Arrow[] {
  const strings: string[] = [];
  // Strings become numbers, so that one which holds an import is none.
  const code = text.replace(tokens, (token, ...rest) =>
    rest.at(-1).string === undefined ? '' : `'${strings.push(token.slice(1, -1)) - 1}'`,
  );
  const arrows: Arrow[] = [];
  function add(at: string | undefined, kind: Arrow['kind']): void {
    const specifier = strings[Number(at)] ?? '';
    if (!specifier.startsWith('.')) return;
    arrows.push({ from: path, to: normalize(join(dirname(path), specifier)).replaceAll('\\', '/'), kind });
  }
  for (const { groups = {} } of code.matchAll(declaration)) {
    add(groups.at, groups.type === undefined ? 'static' : 'type');
  }
  for (const { groups = {} } of code.matchAll(expression)) {
    if (groups.at === undefined) throw new Error(`${path}: a dynamic import that names no file`);
    add(groups.at, 'dynamic');
  }
  return arrows;
}

/** At least one way around in every circle of files: `a.ts`, `b.ts` where a imports b, and b imports a. */
export function circlesIn(arrows: readonly Arrow[]): readonly (readonly string[])[] {
  const targets = groupedBy(arrows, ({ from }) => from);
  const done = new Set<string>();
  const way: string[] = [];
  const circles: string[][] = [];
  function walk(file: string): void {
    if (way.includes(file)) circles.push(way.slice(way.indexOf(file)));
    if (way.includes(file) || done.has(file)) return;
    way.push(file);
    for (const { to } of targets.get(file) ?? []) walk(to);
    way.pop();
    done.add(file);
  }
  for (const file of targets.keys()) walk(file);
  return circles;
}

function groupedBy(arrows: readonly Arrow[], keyOf: (arrow: Arrow) => string): ReadonlyMap<string, readonly Arrow[]> {
  const groups = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    const group = groups.get(keyOf(arrow)) ?? [];
    group.push(arrow);
    groups.set(keyOf(arrow), group);
  }
  return groups;
}

function roomOf(path: string): string {
  return path.split('/', 1)[0] ?? path;
}

/** The arrows that no rule allows, those too that lead out of the house. */
export function arrowsAgainstRule(arrows: readonly Arrow[]): readonly Arrow[] {
  return arrows.filter(({ from, to, kind }) => {
    const { imports = [], types = [] } = rooms[roomOf(from)] ?? {};
    const isWithin = roomOf(from) === roomOf(to);
    return !isWithin && !imports.includes(roomOf(to)) && !(kind === 'type' && types.includes(to));
  });
}

/** How large files are: the formatter's lines, and those that are neither blank nor all comment. */
export function sizeOf(files: readonly SourceFile[]): {
  readonly files: number;
  readonly lines: number;
  readonly code: number;
} {
  const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');
  const withoutComments = (text: string) => {
    return text.replace(tokens, (token, ...rest) => {
      return rest.at(-1).comment === undefined ? token : token.replaceAll(/[^\n]/g, '');
    });
  };
  let [lines, code] = [0, 0];
  for (const { text } of files) {
    lines += linesOf(text).length;
    code += linesOf(withoutComments(text)).filter((line) => line.trim() !== '').length;
  }
  return { files: files.length, lines, code };
}

/** What is printed, and whether the house is in order. */
export function describeHouse(files: readonly SourceFile[]): { readonly text: string; readonly isSound: boolean } {
  const arrows = files.flatMap(arrowsOf);
  const between = groupedBy(
    arrows.filter(({ from, to }) => roomOf(from) !== roomOf(to)),
    ({ from, to }) => `${roomOf(from)} -> ${roomOf(to)}`,
  );
  const circles = circlesIn(arrows);
  const against = arrowsAgainstRule(arrows);
  const row = (name: string, some: readonly SourceFile[]) => {
    const { files: count, lines, code } = sizeOf(some);
    return [name.padEnd(24), ...[count, lines, code].map((number) => number.toLocaleString('en').padStart(8))].join('');
  };
  const list = (title: string, found: readonly string[]) => ['', `${title}: ${found.length}`, ...found];
  const text = [
    ['room'.padEnd(24), ...['files', 'lines', 'code'].map((heading) => heading.padStart(8))].join(''),
    ...Object.keys(rooms).map((room) =>
      row(
        room,
        files.filter(({ path }) => roomOf(path) === room),
      ),
    ),
    row('all', files),
    row(
      'all without the sandbox',
      files.filter(({ path }) => roomOf(path) !== 'sandbox'),
    ),
    '',
    'arrows (of types alone)',
    ...[...between].map(([name, some]) => {
      const types = some.filter(({ kind }) => kind === 'type').length;
      return `${name.padEnd(24)}${String(some.length).padStart(8)}${`(${types})`.padStart(8)}`;
    }),
    ...list(
      'circles between files',
      circles.map((files) => [...files, files[0]].join(' -> ')),
    ),
    ...list(
      'arrows against the rule',
      against.map(({ from, to, kind }) => `${from} -> ${to} (${kind})`),
    ),
  ];
  return { text: `${text.join('\n')}\n`, isSound: circles.length === 0 && against.length === 0 };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, isSound } = describeHouse(readProduct(join(import.meta.dirname, '..')));
  process.stdout.write(text);
  process.exitCode = isSound ? 0 : 1;
}
