import type { Severity } from '../../core/model.ts';
import type { ChatMessage, NextStep, NoticeData } from '../../core/notice.ts';
import { instantInWords } from '../evidence-words.ts';
import { clip } from '../mail-text.ts';
import { ownerInWords } from '../notices/owners.ts';
import { printable } from '../printable.ts';
import { accountInWords, counted, dayAndTimeInWords } from '../words.ts';
import { bold, command as commandAsCode, foreign, type Link, own, plainLink } from './markdown.ts';
import { type ChatFullness, chatFullnesses, namedPerGroup, type Passage, passagesOf } from './passages.ts';

/** Chats take 8,000 characters, and make a scroll of them. In UTF-16 units. */
const longestDescription = 4_000;
/** Where every item is named. */
const longestNaming = 7_500;
const longestStep = 350;
const longestKeyword = 75;

/** A notice for a chat: what its readers must know before they decide whether to get up. */
export function chatMessage(data: NoticeData): ChatMessage {
  return {
    title: own(chatTitle(data)),
    description: describe(data).description,
    nextSteps: nextStepTexts(data, longestStep),
    keywords: ['keysweep', data.kind, data.severity, data.account.id].map((word) => clip(word, longestKeyword)),
    threadId: data.thread,
    summary: `${data.summary} in AWS account ${accountInWords(data.account)}`,
  };
}

/** The subject with a mark that is seen from afar; plain text. */
export function chatTitle({ severity, subject }: NoticeData): string {
  return `${severityMarks[severity]} ${subject}`;
}

const severityMarks: Readonly<Record<Severity, string>> = {
  critical: '🚨',
  high: '🔴',
  medium: '🟠',
  low: '🔵',
  info: '⚪',
};

/** Where, when and by what: the line below the title. */
export function contextOf({ account, at, timezone, mode, audit }: NoticeData): string {
  const parts = [
    `AWS account ${foreign(accountInWords(account), 128)}`,
    timezone === undefined ? instantInWords(at) : dayAndTimeInWords(new Date(at), timezone),
    mode === undefined ? undefined : `mode ${mode}`,
    audit && `${counted(audit.fail, 'finding')} in total, ${audit.exempt} exempt, ${audit.error} not judged`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** What to know before one reads on; undefined where there is nothing. */
export function notesText({ notes = [] }: NoticeData): string | undefined {
  return notes.length === 0 ? undefined : notes.map((note) => own(clip(note))).join('\n');
}

/** Owners that a chat lists. */
const mostOwnersInChats = 10;

/** Who has to do something; undefined in a message that is not by owner. */
export function ownersText({ owners = [], ownersOmitted = 0 }: NoticeData): string | undefined {
  if (owners.length === 0) return undefined;
  const lines = owners
    .slice(0, mostOwnersInChats)
    .map((one) => `• ${foreign(ownerInWords(one), 128)}: ${own(one.summary)}`);
  const more = owners.length + ownersOmitted - lines.length;
  return [bold('By owner'), ...lines, ...(more > 0 ? [`... and ${counted(more, 'more owner')}`] : [])].join('\n');
}

/** Where everything stands that a summary leaves out; undefined where no one keeps it. */
export function fullReportText({ fullReport }: NoticeData, link: Link): string | undefined {
  return fullReport === undefined ? undefined : link(printable(fullReport), 'Full report');
}

/** Those that are not too long, in UTF-16 units: half a command is none. */
export function nextStepTexts({ nextSteps }: NoticeData, longest: number): readonly string[] {
  return nextSteps.map(stepText).filter((step) => step.length <= longest);
}

function stepText({ text, command }: NextStep): string {
  return command === undefined ? own(text) : `${own(text)}: ${commandAsCode(command)}`;
}

/** How many items of each group the description names. */
export function namedInChat(data: NoticeData): number {
  return namedPerGroup(describe(data).fullness);
}

function describe(data: NoticeData): { readonly description: string; readonly fullness: ChatFullness } {
  const report = fullReportText(data, plainLink);
  const notes = notesText(data);
  const owners = ownersText(data);
  let [description, last]: [string, ChatFullness] = ['', { items: 0, isNamingAll: false }];
  for (const fullness of chatFullnesses(data)) {
    const passages = passagesOf(data, fullness, plainLink).map(passageText);
    description = [contextOf(data), notes, owners, ...passages, report]
      .filter((part) => part !== undefined)
      .join('\n\n');
    last = fullness;
    if (description.length <= (fullness.isNamingAll ? longestNaming : longestDescription)) break;
  }
  return { description, fullness: last };
}

function passageText({ heading, advice, items, names, more }: Passage): string {
  const isList = items.every((item) => item.startsWith('• '));
  const lines = [heading, ...advice].join('\n');
  const notified = [...items, ...(names.length === 0 ? [] : [names.join('\n')])].join(isList ? '\n' : '\n\n');
  return [lines, notified, more ?? ''].filter((part) => part !== '').join(isList ? '\n' : '\n\n');
}
