/** A digest for machines. */
import { given } from '../../core/given.ts';
import { type Severity, severities } from '../../core/model.ts';
import type { NextStep, NoticeData, NoticeDataItem, NoticeGroup } from '../../core/notice.ts';
import { consolePage } from '../aws-places.ts';
import { clip } from '../mail-text.ts';
import { withoutLinks } from '../printable.ts';
import { counted } from '../words.ts';
import { anyKeyId, explainCommand, planCommand, restoreCommand } from './commands.ts';
import type { DigestInput } from './digest-input.ts';
import type { NoticeItem, WaitingItem } from './notice-item.ts';
import { partNotes } from './part-notes.ts';
import { type Section, sections, sumsOf } from './sections.ts';
import { subjectAbout } from './subject.ts';
import { waitingTitles } from './waiting-groups.ts';

/** All of a digest, nothing left out. */
export function digestData(input: DigestInput): NoticeData {
  const { account, now, sweep, mode, items, deferred, overdue, isCorrection = false, fullReport, part } = input;
  const { unjudged = [] } = input;
  const notes = [...(input.notes ?? []), ...partNotes(input)];
  const present = sections.filter(({ holds }) => items.some(holds));
  const waiting = [
    ['deferred', deferred],
    ['overdue', overdue],
    ['unjudged', unjudged],
  ] as const;
  return {
    schema: 'keysweep/notice/v1',
    id: `${isCorrection ? 'correction' : 'digest'}/${account.id}/${sweep}${part === undefined ? '' : `/${part.number}`}`,
    thread: `sweep/${account.id}/${sweep}`,
    kind: isCorrection ? 'correction' : 'digest',
    severity: worstOf(present),
    account,
    subject: subjectOf(input),
    summary: sumsOf(items).join(', '),
    at: now.toISOString(),
    mode,
    sweep,
    ...(notes.length === 0 ? {} : { notes }),
    groups: [
      ...present.map((section) => groupOf(section, input)),
      ...waiting.flatMap(([id, own]) => (own.length === 0 ? [] : [waitingGroup(id, own)])),
    ],
    items: [
      ...present.flatMap((section) => items.filter(section.holds).map((item) => toItem(item, section, input))),
      ...waiting.flatMap(([id, own]) => own.map((item) => ({ group: id, ...textsOf(item) }))),
    ],
    omitted: 0,
    nextSteps: nextStepsOf(present, input),
    ...given({ fullReport }),
  };
}

function subjectOf({ account, items, isCorrection, part }: DigestInput): string {
  const parts = sumsOf(items);
  const start = isCorrection ? 'keysweep correction' : 'keysweep';
  const candidates = parts.map((_, left) => {
    const shown = parts.slice(0, parts.length - left);
    return `${start}: ${shown.join(', ')}${left > 0 ? ', ...' : ''}`;
  });
  const end = part === undefined || part.of === 1 ? '' : ` (${part.number} of ${part.of})`;
  const texts = [...candidates, `${start}: ${counted(items.length, 'notice')}`];
  return subjectAbout(
    account,
    texts.map((text) => text + end),
  );
}

function worstOf(present: readonly Section[]): Severity {
  return severities.find((severity) => present.some((section) => section.severity === severity)) ?? 'info';
}

function groupOf({ id, title, holds, advice }: Section, { items, mode }: DigestInput): NoticeGroup {
  return { id, title: inSentenceCase(title), count: items.filter(holds).length, advice: advice(mode) };
}

function waitingGroup(id: keyof typeof waitingTitles, items: readonly WaitingItem[]): NoticeGroup {
  return { id, title: inSentenceCase(waitingTitles[id]), count: items.length, advice: [] };
}

function inSentenceCase(title: string): string {
  return title.slice(0, 1) + title.slice(1).toLowerCase();
}

function toItem(
  item: NoticeItem,
  section: Section,
  { account, timezone, commandOptions }: DigestInput,
): NoticeDataItem {
  const { kind, about, by, dueAt, principal } = item;
  const when = section.when(item, timezone);
  const undo = section.undo?.(item, commandOptions);
  const page = kind === 'deleted' ? undefined : consolePage(principal, account);
  return {
    group: section.id,
    ...textsOf(item),
    notice: kind,
    ...given({ about, by }),
    // A key that is to be rotated stays on: its date is none of a change.
    ...(dueAt === undefined || when === undefined ? {} : { dueAt: dueAt.toISOString() }),
    ...given({ when, undo, console: page }),
  };
}

function textsOf({
  principal,
  credential,
  owner,
  why,
}: Pick<NoticeItem, 'principal' | 'owner' | 'why'> & Pick<WaitingItem, 'credential'>) {
  return {
    principal,
    credential,
    ...(owner === undefined ? {} : { owner: clip(withoutLinks(owner)) }),
    ...(why === undefined ? {} : { why: clip(why) }),
  };
}

function nextStepsOf(present: readonly Section[], { commandOptions }: DigestInput): readonly NextStep[] {
  const has = (...ids: readonly string[]) => present.some(({ id }) => ids.includes(id));
  return [
    ...(has('deactivated', 'deactivated-by-hand')
      ? [
          {
            text: 'Something stopped working? Reactivate its key',
            command: restoreCommand(anyKeyId, commandOptions),
          },
        ]
      : []),
    ...(has('first-notice', 'reminder', 'final-notice-deactivation', 'final-notice-deletion')
      ? [{ text: 'A key must stay as it is? Ask whoever keeps keysweep.yaml for an exemption' }]
      : []),
    { text: 'The details of one key', command: explainCommand(anyKeyId, commandOptions) },
    { text: 'What comes next', command: planCommand(commandOptions) },
  ];
}
