import { createColors } from 'picocolors';
import { printable } from '../printable.ts';
import { commandLines, piecesOf } from '../shell-command.ts';
import type { TextStyle } from '../table.ts';
import { wrap } from '../text-layout.ts';
import { accountInWords, timeInWords } from '../words.ts';
import { type ExplainDocument, undoOfKey } from './document.ts';
import type { Fact, Section } from './facts.ts';
import { findingFacts, keyFacts, policyFacts } from './key-facts.ts';
import { decisionInWords, historyFacts, nextSections, stageFacts } from './stage-facts.ts';

const labelCells = 12;

/** The details of one key for people: what it is, what is wrong, which policy holds, what was done, what comes next. */
export function renderExplainTable(details: ExplainDocument, style: TextStyle): string {
  const width = Math.min(Math.max(style.width, 40), 110);
  const colors = createColors(style.color);
  const title = `${printable(details.credential.id)} of ${printable(details.principal.name)}, AWS account ${accountInWords(details.account)}, as of ${timeInWords(details.asOf, details.timezone)}`;
  const sections: readonly Section[] = [
    ['THE KEY', keyFacts(details)],
    ['FINDINGS', findingFacts(details)],
    ['POLICY', policyFacts(details)],
    ['STAGE', stageFacts(details)],
    ['HISTORY', historyFacts(details)],
    ['NOW', [['decision', decisionInWords(details)]]],
    ...nextSections(details),
  ];
  const blocks = sections
    .filter(([, facts]) => facts.length > 0)
    .map(([heading, facts]) => [colors.bold(heading), ...layOutFacts(facts, width)]);
  const undo = undoLines(details, width);
  if (undo.length > 0) blocks.push([colors.bold('UNDO'), ...undo]);
  return `${[wrap(title, width).map(colors.bold), ...blocks].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function undoLines(details: ExplainDocument, width: number): readonly string[] {
  const { undo, undoWithAwsCli } = undoOfKey(details);
  const lines = undo === undefined ? [] : [...commandLines(piecesOf(undo), width - 2)];
  if (undoWithAwsCli !== undefined) {
    const how = undo === undefined ? 'with the AWS CLI' : 'or with the AWS CLI alone';
    const text = `${how}; the next sweep then reports it as reactivated by someone else:`;
    lines.push(...wrap(text, width - 2), ...commandLines(piecesOf(undoWithAwsCli), width - 2));
  }
  return lines.map((line) => `  ${line}`);
}

function layOutFacts(facts: readonly Fact[], width: number): readonly string[] {
  const cells = Math.max(labelCells, ...facts.map(([label]) => label.length + 2));
  return facts.flatMap(([label, text]) => {
    return wrap(text, width - cells - 2).map((line, index) => {
      return `  ${(index === 0 ? label : '').padEnd(cells)}${line}`.trimEnd();
    });
  });
}
