/** What a message about findings consists of, the most urgent first. */

import { describeExemption } from '../../core/findings/exempt.ts';
import type { FindingsNews, OpenedFinding } from '../../core/findings/findings-news.ts';
import type { RecordedFinding, Resolution } from '../../core/findings/open-findings.ts';
import { type AppliedExemption, type Severity, severities } from '../../core/model.ts';
import { type RuleId, ruleIds } from '../../core/rules/ids.ts';
import { remediesOf, ruleById } from '../../core/rules/index.ts';
import { resolutionInWords, timeInWords } from '../words.ts';

export interface FindingGroup {
  /** For programs; never changes. */
  readonly id: string;
  /** In sentence case. */
  readonly title: string;
  readonly severity?: Severity;
  readonly rule?: RuleId;
  /** What it means and what to do, for all its entries. */
  readonly advice: readonly string[];
  readonly entries: readonly FindingEntry[];
}

/** One finding, and what the message says about it. */
export interface FindingEntry {
  readonly finding: RecordedFinding;
  readonly since?: Date;
  readonly raisedFrom?: Severity;
  readonly resolution?: Resolution;
  /** What became of it, in words; of one that is no longer open. */
  readonly outcome?: string;
}

/** New findings by severity and rule, then what is resolved, then what could not be judged. */
export function findingGroups({ opened, resolved, unjudged, newlyExempt }: FindingsNews): readonly FindingGroup[] {
  const groups: readonly FindingGroup[] = [
    ...severities.flatMap((severity) => ruleIds.map((rule) => openedGroup(severity, rule, opened))),
    {
      id: 'newly-exempt',
      title: 'Newly exempt',
      advice: [
        'Exempt until the exemption expires. Exempt by mistake? Correct keysweep.yaml.',
        'Anyone who can tag users can make a user match by tag. Anyone who can create or rename users can do so by name or path.',
      ],
      entries: newlyExempt.map(({ finding, since }) => {
        const { exemption } = finding;
        const by = exemption === undefined ? '' : `; exempt by ${exemptionInWords(exemption)}`;
        return { finding, since, outcome: `${finding.reason}${by}` };
      }),
    },
    {
      id: 'not-judged',
      title: 'Not judged',
      advice: ['A check that was not possible has not passed. Fix what is named, then run the audit again.'],
      entries: unjudged.map((finding) => ({ finding })),
    },
    {
      id: 'resolved',
      title: 'Resolved',
      advice: [],
      entries: resolved.map(({ finding, since, resolution, exemption }) => {
        const until =
          exemption === undefined
            ? ''
            : ` until ${exemption.expires} by ${describeExemption(exemption)} (${exemption.reason})`;
        const outcome = `${resolutionInWords(resolution)}${until}; it had been open since ${timeInWords(since)}`;
        return { finding, since, resolution, outcome };
      }),
    },
  ];
  return groups.filter(({ entries }) => entries.length > 0);
}

/** Which match, until when, why, and who answers for it. */
function exemptionInWords(exemption: AppliedExemption): string {
  const { expires, reason, owner } = exemption;
  return `${describeExemption(exemption)} until ${expires}: ${reason}; owner ${owner}`;
}

function openedGroup(severity: Severity, rule: RuleId, opened: readonly OpenedFinding[]): FindingGroup {
  const { title } = ruleById(rule);
  const entries = opened.filter(({ finding }) => finding.severity === severity && finding.rule === rule);
  return {
    id: `new-${severity}/${rule}`,
    title: `New, ${severity}: ${title}`,
    severity,
    rule,
    advice: remediesOf(
      rule,
      entries.map(({ finding }) => finding),
    ),
    entries,
  };
}

/** The title of a rule; the id of one that this version does not know. */
export function ruleTitle({ rule }: RecordedFinding): string {
  const id = knownRule(rule);
  return id === undefined ? rule : ruleById(id).title;
}

export function knownRule(rule: string): RuleId | undefined {
  return ruleIds.find((id) => id === rule);
}
