/** What people read of a file: strings and templates of sources, exported names, whole documents. */
import { parseAst } from 'vitest/node';

export interface ReadableText {
  readonly path: string;
  /** The text, where `_` and the humps of camelCase names are spaces. */
  readonly words: string;
  /** The line of a place in `words`, and the text around it as it is written. */
  readonly lineAt: (index: number) => number;
  readonly quote: (start: number, end: number) => string;
}

/** A whole file that is read as it is: a page, an example, a schema. */
export function documentText(path: string, content: string): ReadableText {
  return readable(path, content, 0, content);
}

/** The names of a file and of its folders. */
export function pathText(path: string): ReadableText {
  return readable(path, path, 0, path);
}

/**
 * Strings, templates and exported names of a TypeScript source, but no comments and imports. A template is one text, and so
 * are strings that `+` joins. Exported names are those of declarations, and of the members of exported types and classes.
 */
export function sourceTexts(path: string, source: string): readonly ReadableText[] {
  const texts: ReadableText[] = [];
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node, false);
  return texts;

  function visit(node: Node, isExported: boolean): void {
    const parts = partsOf(node);
    if (parts !== undefined) {
      if (parts.some(({ code }) => code === undefined)) add(node, parts);
      for (const { code } of parts) if (code !== undefined) visit(code, false);
      return;
    }
    const exports = isExported || node.type.startsWith('Export');
    if (exports) for (const name of namesOf(node)) add(name, [name]);
    const isDeclaration = node.type.startsWith('Export') || keepsExported.has(node.type);
    for (const child of childrenOf(node)) visit(child, exports && isDeclaration);
  }

  /** Code and quotes become filler of the same length, so that a place in the text gives a place in the source. */
  function add({ start, end }: Span, parts: readonly Part[]): void {
    let text = '';
    for (const part of parts) {
      text = text.padEnd(part.start - start, filler);
      text += part.code === undefined ? source.slice(part.start, part.end).replaceAll(escapes, unescaped) : hole;
    }
    texts.push(readable(path, text.padEnd(end - start, filler), start, source));
  }
}

/** Stands for `${...}`: a word of its own. */
const hole = '\u2026';
/** Is left out of `words`. No source has it. */
const filler = '\uE000';
const escapes = /\\(?:u\{[^}]*\}|u.{4}|x..|[\s\S])/g;

function unescaped(sequence: string): string {
  return /^\\['"`]$/.test(sequence) ? `${filler}${sequence.at(-1)}` : ' '.repeat(sequence.length);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Node extends Span {
  readonly type: string;
  readonly [property: string]: unknown;
}

/** Of a text: a literal piece, or the place of an expression. */
interface Part extends Span {
  readonly code?: Node;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** The nodes that may hold texts or names. `source` is the file that an import or export names. */
function childrenOf(node: Node): readonly Node[] {
  const names = node.type === 'TSImportType' ? [] : Object.keys(node).filter((name) => name !== 'source');
  return names.flatMap((name) => [node[name]].flat().filter(isNode));
}

/** The parts of a text, in order; undefined where the node is none. */
function partsOf(node: Node): readonly Part[] | undefined {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [{ start: node.start + 1, end: node.end - 1 }] : undefined;
    case 'TemplateLiteral':
    case 'TSTemplateLiteralType': {
      // A piece begins with a backtick or brace, and ends with a backtick or `${`.
      const pieces = (node.quasis as readonly Node[]).map(({ start, end, tail }): Part => {
        return { start: start + 1, end: end - (tail === true ? 1 : 2) };
      });
      const holes = (node.expressions ?? node.types) as readonly Node[];
      return [...pieces, ...holes.map(expression)].sort((one, other) => one.start - other.start);
    }
    case 'BinaryExpression': {
      const sides = node.operator === '+' ? ([node.left, node.right] as readonly Node[]) : [];
      const parts = sides.map(partsOf);
      if (parts.every((part) => part === undefined)) return undefined;
      return sides.flatMap((side, index) => parts[index] ?? [expression(side)]);
    }
    default:
      return undefined;
  }
}

function expression(code: Node): Part {
  return { start: code.start, end: code.end, code };
}

/** Where these are exported, so is what they declare. */
const keepsExported = new Set([
  'ClassBody',
  'ClassDeclaration',
  'ObjectPattern',
  'Property',
  'TSArrayType',
  'TSInterfaceBody',
  'TSInterfaceDeclaration',
  'TSIntersectionType',
  'TSPropertySignature',
  'TSTypeAliasDeclaration',
  'TSTypeAnnotation',
  'TSTypeLiteral',
  'TSTypeOperator',
  'TSTypeParameterInstantiation',
  'TSTypeReference',
  'TSUnionType',
  'VariableDeclaration',
  'VariableDeclarator',
]);

/** Where a node has the name of what it declares. */
const nameProperties: Readonly<Record<string, string>> = {
  ClassDeclaration: 'id',
  ExportAllDeclaration: 'exported',
  ExportSpecifier: 'exported',
  FunctionDeclaration: 'id',
  MethodDefinition: 'key',
  Property: 'value',
  PropertyDefinition: 'key',
  TSInterfaceDeclaration: 'id',
  TSMethodSignature: 'key',
  TSPropertySignature: 'key',
  TSTypeAliasDeclaration: 'id',
  VariableDeclarator: 'id',
};

function namesOf(node: Node): readonly Node[] {
  const name = node[nameProperties[node.type] ?? ''];
  return isNode(name) && name.type === 'Identifier' ? [{ ...name, end: name.start + String(name.name).length }] : [];
}

const hump = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

/** `text` is as long as what it was made of, which begins at `start` of the source. */
function readable(path: string, text: string, start: number, source: string): ReadableText {
  let words = '';
  /** Where each character of `words` is in `text`. */
  const places: number[] = [];
  for (const { 0: piece, index } of text.matchAll(/[^\uE000]+/g)) {
    let place = index;
    for (const [count, word] of piece.split(hump).entries()) {
      if (count > 0) {
        words += ' ';
        places.push(place);
      }
      words += word.replaceAll('_', ' ');
      for (let offset = 0; offset < word.length; offset += 1) places.push(place + offset);
      place += word.length;
    }
  }
  return {
    path,
    words,
    lineAt: (index) => source.slice(0, start + (places[index] ?? 0)).split('\n').length,
    quote: (from, to) => text.slice(places[from] ?? text.length, places[to] ?? text.length).replaceAll(filler, ''),
  };
}
