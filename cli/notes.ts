/** Notes on stderr, besides results and errors. */
import type { Audit } from '../core/model.ts';
import { printable } from '../reports/printable.ts';
import { counted, credentialInWords, subjectInWords } from '../reports/words.ts';
import type { Io } from './io.ts';

/** Prints a note on stderr, one line each; silent with --quiet. */
export type Note = (text: string) => Promise<void>;

export function noteTo(io: Io, quiet: boolean): Note {
  return async (text) => {
    if (!quiet) await io.stderr.write(`keysweep: ${printable(text)}\n`);
  };
}

/** Says on stderr, --quiet or not, why an audit is incomplete: the reason for exit code 2. */
export async function explainIncomplete(audit: Audit, io: Io): Promise<void> {
  const unjudged = audit.findings.filter((finding) => finding.status === 'error');
  if (unjudged.length === 0) return;
  const rules = new Map<string, string[]>();
  for (const { principal, credential, reason, rule } of unjudged) {
    const key = JSON.stringify([
      `${subjectInWords(principal)} ${credentialInWords(credential)}`.trim(),
      printable(reason),
    ]);
    rules.set(key, [...(rules.get(key) ?? []), rule]);
  }
  const lines = [...rules].map(([key, [rule, ...others]]) => {
    const [subject, reason] = JSON.parse(key) as [string, string];
    return `${subject}: ${others.length === 0 ? rule : `${others.length + 1} rules`}: ${reason}`;
  });
  const head = `keysweep: incomplete: ${counted(unjudged.length, 'check')} could not be completed (exit code 2)`;
  await io.stderr.write(`${[head, ...firstFew(lines)].join('\n  ')}\n`);
}

const shown = 5;

/** The first of many lines, and how many more there are. */
export function firstFew(lines: readonly string[]): readonly string[] {
  return lines.length > shown ? [...lines.slice(0, shown), `and ${lines.length - shown} more`] : lines;
}

/**
 * A keysweep command for the user to run next, in the form in which this one was started: a checkout has `npm run
 * keysweep`, but perhaps no command `keysweep`. Source of the names: the npm documentation, `npm run` and `npm exec`.
 */
export function nextCommand(args: string, { env }: Pick<Io, 'env'>): string {
  return `${started[env.npm_lifecycle_event ?? ''] ?? 'keysweep'} ${args}`;
}

/** How keysweep was started, by the script that npm runs. */
const started: Readonly<Record<string, string>> = {
  keysweep: 'npm run -s keysweep --',
  demo: 'npm run -s keysweep --',
  npx: 'npx keysweep',
};
