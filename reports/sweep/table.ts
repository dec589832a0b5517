import { createColors } from 'picocolors';
import { isRequest, type SkipReason, undecided } from '../../core/lifecycle/decision.ts';
import type { SkippedCredential, SweepAction, SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { skipReasonInWords, untilInWords } from '../lifecycle-words.ts';
import { anyKeyId, anyUser, reactivateCommand, restoreCommand } from '../notices/commands.ts';
import { policySection } from '../policy-section.ts';
import { printable } from '../printable.ts';
import { layOut, listItem, type Row, type Sheet, sheetFor } from '../rows.ts';
import { commandLines, piecesOf } from '../shell-command.ts';
import type { TextStyle } from '../table.ts';
import { wrap } from '../text-layout.ts';
import {
  accountInWords,
  counted,
  credentialInWords,
  dateInWords,
  missingUsersInWords,
  reportAgeInWords,
  timeInWords,
} from '../words.ts';
import { isGood, type SweepDocument, writesOf } from './document.ts';

type Colors = ReturnType<typeof createColors>;

/** One kind of action, with its heading before and after it was done, in the order of urgency. */
interface Section {
  readonly planned: string;
  readonly done: string;
  readonly holds: (action: SweepAction) => boolean;
}

const isNotice = (notice: SweepAction['notice']) => (action: SweepAction) => {
  return action.type === 'warn' && action.notice === notice && !isRequest(action.about) && action.about !== 'unknown';
};

const sections: readonly Section[] = [
  { planned: 'TO BE DELETED', done: 'DELETED', holds: ({ type }) => type === 'delete' },
  { planned: 'TO BE DEACTIVATED', done: 'DEACTIVATED', holds: ({ type }) => type === 'deactivate' },
  { planned: 'FINAL NOTICES', done: 'FINAL NOTICES', holds: isNotice('final-notice') },
  { planned: 'FIRST NOTICES', done: 'FIRST NOTICES', holds: isNotice('first-notice') },
  { planned: 'REMINDERS', done: 'REMINDERS', holds: isNotice('reminder') },
  {
    planned: 'DUE, FINAL NOTICE DEFERRED BY A LIMIT',
    done: 'DUE, FINAL NOTICE DEFERRED BY A LIMIT',
    holds: isNotice('still-waiting'),
  },
  {
    planned: 'ROTATION TO BE REQUESTED',
    done: 'ROTATION REQUESTED',
    holds: ({ type, about }) => type === 'warn' && about === 'rotate',
  },
  {
    planned: 'DELETION TO BE REQUESTED',
    done: 'DELETION REQUESTED',
    holds: ({ type, about }) => type === 'warn' && about === 'remove',
  },
  {
    planned: 'NOTICES TO BE SENT: TOO OLD, LAST USE UNKNOWN',
    done: 'NOTICES SENT: TOO OLD, LAST USE UNKNOWN',
    holds: ({ type, about }) => type === 'warn' && about === 'unknown',
  },
  { planned: 'DEFERRED', done: 'DEFERRED', holds: isNotice('deferred') },
  { planned: 'TO BE RECORDED', done: 'RECORDED', holds: ({ type }) => type === 'observe' },
  { planned: 'WARNINGS TO BE WITHDRAWN', done: 'WARNINGS WITHDRAWN', holds: ({ type }) => type === 'resolve' },
];

/** Reasons to skip a credential, what needs attention first. Compliant ones are only counted. */
const skipReasonOrder: readonly SkipReason[] = [
  'unknown',
  'report-stale',
  'not-notified',
  'no-time',
  'unconfirmed',
  'blocked',
  'cap',
  'mode',
  'calendar',
  'waiting',
  'in-use',
  'restore-grace',
  'exempt',
];

/** A plan or a sweep for people: what is done, the most urgent first, and what is skipped and why. */
export function renderSweepTable(document: SweepDocument, style: TextStyle): string {
  const { result } = document;
  const width = Math.min(Math.max(style.width, 40), 140);
  const colors = createColors(style.color);
  const sheet = sheetFor(
    [
      ...result.actions.map((action) => actionRow(action, result.timezone)),
      ...result.skipped.map((one) => skippedRow(one, result)),
    ],
    width,
  );
  const blocks = [
    heading(document, width, colors),
    ...sections.map((section) => sectionBlock(section, result, sheet, colors)),
    ...skipReasonOrder.map((skipReason) => skipReasonBlock(skipReason, result, sheet, colors)),
    missingBlock(result, width),
    policySection(document.usage, width, colors),
    result.alreadySwept === undefined ? [] : wrap(`Nothing was done: ${result.alreadySwept}`, width),
    (result.notices?.channels ?? []).flatMap((note) => wrap(`Note: ${printable(note)}`, width).map(colors.yellow)),
    result.problems.flatMap((problem) => wrap(`Problem: ${printable(problem)}`, width).map(colors.red)),
    undoBlock(document, width),
    verdict(document, width, colors),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function missingBlock({ missingUsers }: SweepResult, width: number): string[] {
  const gone = missingUsersInWords(missingUsers);
  return gone === undefined ? [] : wrap(`${gone}.`, width);
}

/** How to reactivate what was deactivated just now. */
function undoBlock({ result, commandOptions }: SweepDocument, width: number): string[] {
  const { dryRun, actions, account } = result;
  const off = actions.find((action) => action.type === 'deactivate' && isGood(action));
  if (dryRun || off === undefined) return [];
  const credential = { ...off.credential, id: anyKeyId };
  const byHand = reactivateCommand({ userName: anyUser, credential, partition: account.partition });
  const about = 'Or with the AWS CLI alone; the next sweep then reports it as reactivated by someone else:';
  return [
    ...wrap('To undo a deactivation:', width),
    ...commandIn(restoreCommand(anyKeyId, commandOptions), width),
    ...(byHand === undefined ? [] : [...wrap(about, width), ...commandIn(byHand, width)]),
  ];
}

function commandIn(command: string, width: number): string[] {
  return commandLines(piecesOf(command), width - 2).map((line) => `  ${line}`);
}

/** What a sweep would deactivate, delete and record, without the notices, in sections that end with an empty line. */
export function renderWrites(result: SweepResult, style: TextStyle): string {
  const colors = createColors(style.color);
  const width = Math.min(Math.max(style.width, 40), 140);
  const writes = writesOf(result);
  const sheet = sheetFor(
    writes.map((action) => actionRow(action, result.timezone)),
    width,
  );
  const blocks = sections.map((section) => sectionBlock(section, { ...result, actions: writes }, sheet, colors));
  return blocks.flatMap((lines) => (lines.length > 0 ? [`${lines.join('\n')}\n\n`] : [])).join('');
}

function heading({ kind, result, report }: SweepDocument, width: number, colors: Colors): string[] {
  const { account, startedAt, mode, dryRun } = result;
  const what = kind === 'plan' ? 'plan' : dryRun ? 'dry run of a sweep' : 'sweep';
  const title = `AWS account ${accountInWords(account)}: ${what} in mode ${mode}, ${timeInWords(startedAt, result.timezone)}`;
  return [
    ...wrap(title, width).map(colors.bold),
    ...wrap(`Credential report ${reportAgeInWords(report, startedAt)}`, width),
  ];
}

function sectionBlock(section: Section, result: SweepResult, sheet: Sheet, colors: Colors): string[] {
  const own = result.actions.filter(section.holds);
  // What is only planned has not failed yet.
  const good = own.filter((action) => result.dryRun || isGood(action));
  const others = own.filter((action) => !good.includes(action));
  const paint = /DELETED|DEACTIVATED/.test(section.planned) ? colors.red : (text: string) => text;
  const listed = (title: string, actions: readonly SweepAction[]) => {
    if (actions.length === 0) return [];
    const rows = actions.flatMap((action) => layOut(actionRow(action, result.timezone), sheet));
    return [`${colors.bold(paint(title))} (${actions.length})`, ...rows];
  };
  const done = listed(result.dryRun ? section.planned : section.done, good);
  const open = listed(`${section.planned}, NOT DONE`, others);
  return [...done, ...(done.length > 0 && open.length > 0 ? [''] : []), ...open];
}

function actionRow(action: SweepAction, timezone: string | undefined): Row {
  const { why, type, about, dueAt, outcome, detail, change, unjudged } = action;
  const isDated = type === 'warn' && !isRequest(about) && action.notice !== 'still-waiting';
  const when = isDated && dueAt !== undefined ? dueInWords(about, dueAt, timezone) : undefined;
  const seen = change === undefined ? undefined : `found ${changeInWords[change]}`;
  const failed =
    outcome === 'planned' || outcome === 'applied' ? undefined : `${outcome}: ${detail ?? 'no reason given'}`;
  const added = outcome === 'applied' ? detail : undefined;
  const doubt = unjudged === undefined ? undefined : unjudgedInWords(unjudged);
  const parts = [failed, when, seen, why, added, doubt].filter((part) => part !== undefined);
  return { ...namesOf(action), details: parts.map(printable).join('; ') };
}

function unjudgedInWords(why: string): string {
  return `not judged by every rule: ${why}`;
}

const changeInWords = {
  deactivated: 'deactivated',
  restored: 'reactivated',
  deleted: 'deleted',
  'late-use': 'in use when it was deactivated',
} as const;

function dueInWords(about: SweepAction['about'], dueAt: Date, timezone: string | undefined): string {
  return `${about === 'delete' ? 'deleted' : 'deactivated'} on ${dateInWords(dueAt, timezone)} or later`;
}

function skipReasonBlock(skipReason: SkipReason, result: SweepResult, sheet: Sheet, colors: Colors): string[] {
  const own = result.skipped.filter((one) => one.skipReason === skipReason);
  if (own.length === 0) return [];
  const paint = undecided.has(skipReason) ? colors.magenta : colors.dim;
  return [
    ...wrap(`SKIPPED, ${skipReasonInWords(skipReason).toUpperCase()} (${own.length})`, sheet.width).map(paint),
    ...own.flatMap((one) => layOut(skippedRow(one, result), sheet)),
  ];
}

function skippedRow(skipped: SkippedCredential, result: SweepResult): Row {
  const doubt = skipped.unjudged === undefined ? '' : `; ${unjudgedInWords(skipped.unjudged)}`;
  return { ...namesOf(skipped), details: printable(`${skippedInWords(skipped, result)}${doubt}`) };
}

function skippedInWords({ skipReason, until, why }: SkippedCredential, { startedAt, timezone }: SweepResult): string {
  // Of what is overdue the date has passed, and stands in the reason.
  if (until === undefined || until <= startedAt) return why;
  const date = untilInWords(skipReason, dateInWords(until, timezone));
  return skipReason === 'in-use' ? `${why}; ${date}` : `${date}: ${why}`;
}

function namesOf({ credential, principal }: Pick<SkippedCredential, 'credential' | 'principal'>) {
  return { subject: printable(principal.name), credential: credentialInWords(credential) };
}

/** The last lines, which stay on the screen. */
function verdict(
  { kind, result, ledger, forecast = 'keysweep forecast' }: SweepDocument,
  width: number,
  colors: Colors,
): string[] {
  const { dryRun, mode, outcome } = result;
  const done = actionsInWords(result);
  // In mode audit --enforce would change nothing, and may have been given.
  const would = kind === 'plan' ? 'Tonight' : mode === 'audit' ? 'In mode audit' : 'With --enforce';
  const sum = `${dryRun ? would : 'Done'}: ${done}.`;
  const advice = [
    mode === 'audit'
      ? `Mode audit makes no changes. To see what mode enforce would do over the coming months: ${forecast}`
      : undefined,
    mode === 'warn' ? 'Mode warn notifies people, but deactivates and deletes nothing.' : undefined,
    dryRun && ledger === undefined && mode !== 'audit'
      ? 'Without --ledger, keysweep assumes that no one has been notified about any key.'
      : undefined,
    dryRun ? 'Nothing was changed and no one was notified.' : undefined,
    outcome === 'complete' ? undefined : `The ${kind} is ${outcome}: see above what could not be judged or done.`,
  ].filter((line) => line !== undefined);
  const paint = outcome === 'complete' ? colors.bold : (text: string) => colors.bold(colors.magenta(text));
  return [...wrap(sum, width).map(paint), ...advice.flatMap((text) => listItem(text, width))];
}

/** `2 deactivated, 1 deleted, 12 notices, 30 skipped`. Only what was applied, or is planned, counts. */
export function actionsInWords({ actions, skipped }: SweepResult): string {
  const good = actions.filter(isGood);
  const count = (...types: readonly SweepAction['type'][]) => good.filter(({ type }) => types.includes(type)).length;
  const others = actions.length - good.length;
  const skippedCount = skipped.filter(
    ({ skipReason }) => skipReason !== 'compliant' && skipReason !== 'deleted',
  ).length;
  const parts = [
    `${count('deactivate')} deactivated`,
    `${count('delete')} deleted`,
    counted(count('warn'), 'notice'),
    ...(count('observe', 'resolve') > 0 ? [`${count('observe', 'resolve')} recorded`] : []),
    ...(others > 0 ? [`${others} not done`] : []),
    `${skippedCount} skipped`,
  ];
  return parts.join(', ');
}
