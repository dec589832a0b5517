/** Files that people write in YAML: read in full, checked by a schema, refused with every problem and its place. */
import { type Document, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../error.ts';
import { didYouMean } from '../nearest.ts';
import { containsSecret, secretInWords } from '../secrets.ts';
import { formatPath, type Path, type Place, placeAt, placeOf, valueAt } from './places.ts';

/** A JSON Schema, as far as it is used here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: JsonSchema;
}

/** One thing that is wrong in a file. */
export interface YamlProblem extends Place {
  /** `accessKeys.warn[0]`; empty for the whole file. */
  readonly path: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** `keysweep.yaml:3:5: accessKeys.maxAge: found ...`: a form in which editors find the place. */
export function lineOf(file: string, { line, column, path, message }: YamlProblem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

/**
 * Reads a text and checks it against a schema. JSON is YAML, too.
 *
 * @param refuse makes the error of all problems at once: YAML that does not parse, keys that do not exist, values that
 *   are not allowed
 * @param secretKeys keys of mappings whose values are meant to be secrets
 */
export function readCheckedYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  refuse: (problems: readonly YamlProblem[]) => Error,
  secretKeys: readonly string[] = [],
): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw refuse(
      faults.map(({ pos, message }) => ({ ...placeAt(lines, pos[0]), path: '', message: `invalid YAML: ${message}` })),
    );
  }
  const misnamed = impossibleKeys(document, lines);
  if (misnamed.length > 0) throw refuse(misnamed);
  // Before the values are judged: a correction would repeat a secret in parts.
  const secrets = secretsIn(document, lines, secretKeys);
  if (secrets.length > 0) throw refuse(secrets);
  const content = toPlain(document, refuse);
  const checked = schema.safeParse(content, { error: (issue) => expectationOf(issue, schema) });
  if (checked.success) return checked.data;
  const problems = checked.error.issues.flatMap((issue) => {
    return describeIssue(issue, content, schema).map(({ path, message }) => ({
      ...placeOf(document, lines, path),
      path: formatPath(path),
      message,
    }));
  });
  throw refuse(problems.sort((a, b) => a.line - b.line || a.column - b.column));
}

/** The keys that a schema allows at a path of its file. */
export function keysAt(whole: JsonSchema, path: readonly PropertyKey[]): readonly string[] {
  let schema: JsonSchema | undefined = whole;
  for (const key of path) {
    schema = typeof key === 'number' ? schema?.items : schema?.properties?.[String(key)];
  }
  return schema?.propertyNames?.enum ?? Object.keys(schema?.properties ?? {});
}

/**
 * A key `__proto__` would be lost in the plain object, and its content with it. Of a key that is a list or a mapping the
 * parser would print the content to stderr by itself.
 */
function impossibleKeys(document: Document, lines: LineCounter): readonly YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      const at = isNode(key) ? placeAt(lines, key.range?.[0] ?? 0) : { line: 1, column: 1 };
      if (isNode(key) && !isScalar(key)) {
        problems.push({ ...at, path: '', message: 'found a list, a mapping or an alias as a key, expected a name' });
      } else if (isScalar(key) && key.value === '__proto__') {
        problems.push({ ...at, path: '', message: 'found the key "__proto__", which is not allowed' });
      }
    },
  });
  return problems;
}

/** Keys and values that look like secrets: a policy is kept in a repository, and results and messages quote it. */
function secretsIn(document: Document, lines: LineCounter, secretKeys: readonly string[]): readonly YamlProblem[] {
  const problems: YamlProblem[] = [];
  // Where secrets have a place, the account is made up, and so are its names.
  const name =
    secretKeys.length > 0
      ? 'a name, choose another'
      : 'the name of a user, match its key by accessKeyId, or write * for a part of the name';
  visit(document, {
    Scalar: (role, { value, range }, ancestors) => {
      if (typeof value !== 'string' || !containsSecret(value)) return;
      const pair = ancestors.at(-1);
      if (role === 'value' && isPair(pair) && isScalar(pair.key) && secretKeys.includes(String(pair.key.value))) return;
      problems.push({
        ...placeAt(lines, range?.[0] ?? 0),
        path: '',
        message: `found what looks like ${secretInWords} (not shown). If it is one, remove it, and replace it wherever it is in use; if it is ${name}`,
      });
    },
  });
  return problems;
}

/** The plain value of the document; resolves a limited number of aliases, so that no file can blow up. */
function toPlain(document: Document, refuse: (problems: readonly YamlProblem[]) => Error): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (thrown) {
    throw refuse([{ line: 1, column: 1, path: '', message: messageOf(thrown) }]);
  }
}

function describeIssue(
  issue: z.core.$ZodIssue,
  content: unknown,
  schema: z.ZodType,
): { path: Path; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedAt(schema, issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `unknown key${choiceOf(key, allowed)}`,
    }));
  }
  const { path, message } = issue;
  if (issue.code === 'custom' && issue.params?.about === 'key') {
    return [{ path, message: `found the key ${JSON.stringify(path.at(-1))}, ${message}` }];
  }
  const found = valueAt(content, path);
  if (found === undefined) return [{ path, message: `missing, ${message}` }];
  return [{ path, message: `found ${shownOf(found, path)}, ${message}` }];
}

/** Where the name of a secret belongs, people write the secret itself, such as the URL of a webhook. */
function shownOf(found: unknown, path: Path): string {
  if (found === null) return 'nothing';
  return /secret/i.test(String(path.at(-1))) ? 'a value that is not shown' : JSON.stringify(found);
}

/** What is allowed and what was probably meant; only the latter if there is too much to read. */
function choiceOf(key: string, allowed: readonly string[]): string {
  const question = didYouMean(key, allowed);
  const list = `; allowed keys: ${allowed.join(', ')}`;
  return question !== '' && list.length > 300 ? question : `${list}${question}`;
}

/** What is expected if the schema itself does not say so. */
function expectationOf({ code, expected, path }: z.core.$ZodRawIssue, schema: z.ZodType): string {
  if (code !== 'invalid_type') return 'expected a different value';
  if (expected === 'object') return `expected a mapping; allowed keys: ${allowedAt(schema, path ?? []).join(', ')}`;
  return `expected ${plainTypes[String(expected)] ?? 'a different type'}`;
}

const plainTypes: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  string: 'a string',
};

function allowedAt(schema: z.ZodType, path: Path): readonly string[] {
  return keysAt(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, path);
}
