import type { Audit } from '../core/model.ts';
import { printable } from '../reports/printable.ts';
import { counted, credentialInWords, subjectInWords } from '../reports/words.ts';
import type { Io } from './io.ts';

const shown = 5;

/** Says on stderr, --quiet or not, why an audit is incomplete: the reason for exit code 2. */
export async function explainIncomplete(audit: Audit, io: Io): Promise<void> {
  const unjudged = audit.findings.filter((finding) => finding.status === 'error');
  if (unjudged.length === 0) return;
  const lines = unjudged.slice(0, shown).map((finding) => {
    const who = `${subjectInWords(finding.principal)} ${credentialInWords(finding.credential)}`.trim();
    return `  ${who}: ${finding.rule}: ${printable(finding.reason)}`;
  });
  const rest = unjudged.length > shown ? [`  and ${unjudged.length - shown} more`] : [];
  const head = `keysweep: incomplete: ${counted(unjudged.length, 'check')} could not be made (exit code 2)`;
  await io.stderr.write(`${[head, ...lines, ...rest].join('\n')}\n`);
}
