import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { KeysweepError, messageOf } from '../error.ts';
import { allowedKeysAt } from './json-schema.ts';
import { formatPath, type Path, type Place, placeAt, placeOf, valueAt } from './places.ts';
import type { Policy } from './policy.ts';
import { resolvePolicy } from './resolve.ts';
import { policyFileSchema } from './schema.ts';

/** One thing that is wrong in a policy file. */
export interface PolicyProblem extends Place {
  /** `accessKeys.warn[0]`; empty for the whole file. */
  readonly path: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** The policy file cannot be used. Its message lists every problem, one a line. */
export class PolicyError extends KeysweepError {
  readonly problems: readonly PolicyProblem[];

  constructor(file: string, problems: readonly PolicyProblem[]) {
    const lines = problems.map(({ line, column, path, message }) => {
      return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
    });
    super('PolicyInvalid', lines.join('\n'), {
      hint: 'docs/policy.md explains every setting; `keysweep init` writes an example.',
    });
    this.problems = problems;
  }
}

/**
 * Reads the text of a keysweep.yaml.
 *
 * @param file name of the file, for messages
 * @throws PolicyError with all problems at once: YAML that does not parse, keys that do not exist, values that are not
 *   allowed. A policy is used whole or not at all.
 */
export function loadPolicy(text: string, file: string): Policy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new PolicyError(
      file,
      faults.map(({ pos, message }) => ({ ...placeAt(lines, pos[0]), path: '', message: `no valid YAML: ${message}` })),
    );
  }
  const content = toPlain(document, file);
  refusePrototypeKeys(document, lines, file);
  const checked = policyFileSchema.safeParse(content);
  if (checked.success) return resolvePolicy(checked.data);
  const problems = checked.error.issues.flatMap((issue) => {
    return describeIssue(issue, content).map(({ path, message }) => ({
      ...placeOf(document, lines, path),
      path: formatPath(path),
      message,
    }));
  });
  throw new PolicyError(
    file,
    problems.sort((a, b) => a.line - b.line || a.column - b.column),
  );
}

/** `__proto__` as a key would be lost on the way to a plain object, and with it a part of an exemption. */
function refusePrototypeKeys(document: Document, lines: LineCounter, file: string): void {
  const problems: PolicyProblem[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== '__proto__') return;
      problems.push({
        ...placeAt(lines, key.range?.[0] ?? 0),
        path: '',
        message: 'found the key "__proto__", which cannot be used',
      });
    },
  });
  if (problems.length > 0) throw new PolicyError(file, problems);
}

/** The plain value of the document; few enough aliases are resolved that no file can blow up. */
function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (thrown) {
    throw new PolicyError(file, [{ line: 1, column: 1, path: '', message: messageOf(thrown) }]);
  }
}

function describeIssue(issue: z.core.$ZodIssue, content: unknown): { path: Path; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeysAt(issue.path).join(', ');
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: `unknown key; allowed are ${allowed}` }));
  }
  const expectation = issue.message.replace(/^Invalid input: /, '').replace(/, received .*$/, '');
  const found = valueAt(content, issue.path);
  if (found === undefined) return [{ path: issue.path, message: `missing, ${expectation}` }];
  return [{ path: issue.path, message: `found ${found === null ? 'nothing' : JSON.stringify(found)}, ${expectation}` }];
}
