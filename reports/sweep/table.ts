import { createColors } from 'picocolors';
import { type HoldReason, isRequest, undecided } from '../../core/lifecycle/decision.ts';
import type { Rotation, RotationAction, RotationLeft } from '../../core/lifecycle/sweep-result.ts';
import { holdInWords, untilInWords } from '../lifecycle-words.ts';
import { policySection } from '../policy-section.ts';
import { printable } from '../printable.ts';
import { layOut, listItem, type Row, type Sheet, sheetFor } from '../rows.ts';
import type { TextStyle } from '../table.ts';
import { wrap } from '../text-layout.ts';
import {
  accountInWords,
  counted,
  credentialInWords,
  dateInWords,
  goneUsersInWords,
  reportAgeInWords,
  timeInWords,
} from '../words.ts';
import type { RotationDocument } from './document.ts';

type Colors = ReturnType<typeof createColors>;

/** One kind of action, with its heading before and after it was done, in the order of urgency. */
interface Section {
  readonly planned: string;
  readonly done: string;
  readonly holds: (action: RotationAction) => boolean;
}

const isNotice = (notice: RotationAction['notice']) => (action: RotationAction) => {
  return action.type === 'warn' && action.notice === notice && !isRequest(action.about) && action.about !== 'unknown';
};

const sections: readonly Section[] = [
  { planned: 'TO BE DELETED', done: 'DELETED', holds: ({ type }) => type === 'delete' },
  { planned: 'TO BE SWITCHED OFF', done: 'SWITCHED OFF', holds: ({ type }) => type === 'deactivate' },
  { planned: 'FINAL NOTICES', done: 'FINAL NOTICES', holds: isNotice('final-notice') },
  { planned: 'FIRST NOTICES', done: 'FIRST NOTICES', holds: isNotice('first-notice') },
  { planned: 'REMINDERS', done: 'REMINDERS', holds: isNotice('reminder') },
  { planned: 'STILL WAITING', done: 'STILL WAITING', holds: isNotice('still-waiting') },
  {
    planned: 'TOO OLD AND IN USE: TO BE ASKED TO ROTATE',
    done: 'TOO OLD AND IN USE: ASKED TO ROTATE',
    holds: ({ type, about }) => type === 'warn' && about === 'rotate',
  },
  {
    planned: 'TO BE ASKED TO REMOVE',
    done: 'ASKED TO REMOVE',
    holds: ({ type, about }) => type === 'warn' && about === 'remove',
  },
  {
    planned: 'TOO OLD, LAST USE UNKNOWN: TO BE NOTIFIED',
    done: 'TOO OLD, LAST USE UNKNOWN: NOTIFIED',
    holds: ({ type, about }) => type === 'warn' && about === 'unknown',
  },
  { planned: 'DEFERRED', done: 'DEFERRED', holds: isNotice('deferred') },
  { planned: 'TO BE NOTED', done: 'NOTED', holds: ({ type }) => type === 'observe' },
  { planned: 'WARNINGS TO BE WITHDRAWN', done: 'WARNINGS WITHDRAWN', holds: ({ type }) => type === 'resolve' },
];

/** Reasons to leave a credential alone, what needs attention first. Those in order are only counted. */
const holdOrder: readonly HoldReason[] = [
  'unknown',
  'report-stale',
  'not-notified',
  'no-time',
  'blocked',
  'cap',
  'mode',
  'calendar',
  'waiting',
  'in-use',
  'restore-grace',
  'exempt',
];

/** A plan or a sweep for people: what is done, the most urgent first, and what is left alone and why. */
export function renderRotationTable(document: RotationDocument, style: TextStyle): string {
  const { rotation } = document;
  const width = Math.min(Math.max(style.width, 40), 140);
  const colors = createColors(style.color);
  const sheet = sheetFor(
    [
      ...rotation.actions.map((action) => actionRow(action, rotation.timezone)),
      ...rotation.left.map((one) => leftRow(one, rotation)),
    ],
    width,
  );
  const blocks = [
    heading(document, width, colors),
    ...sections.map((section) => sectionBlock(section, rotation, sheet, colors)),
    ...holdOrder.map((hold) => holdBlock(hold, rotation, sheet, colors)),
    goneBlock(rotation, width),
    policySection(document.usage, width, colors),
    rotation.alreadySwept === undefined ? [] : wrap(`Nothing was done: ${rotation.alreadySwept}`, width),
    (rotation.notices?.channels ?? []).flatMap((note) => wrap(`Note: ${printable(note)}`, width).map(colors.yellow)),
    rotation.problems.flatMap((problem) => wrap(`Problem: ${printable(problem)}`, width).map(colors.red)),
    verdict(document, width, colors),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function goneBlock({ goneUsers }: Rotation, width: number): string[] {
  const gone = goneUsersInWords(goneUsers);
  return gone === undefined ? [] : wrap(`${gone}.`, width);
}

/** Only what a rotation would switch off and delete: what a person is asked about. */
export function renderDeeds(rotation: Rotation, style: TextStyle): string {
  const colors = createColors(style.color);
  const width = Math.min(Math.max(style.width, 40), 140);
  const deeds = rotation.actions.filter(({ type }) => type === 'deactivate' || type === 'delete');
  const sheet = sheetFor(
    deeds.map((action) => actionRow(action, rotation.timezone)),
    width,
  );
  const blocks = sections.map((section) => sectionBlock(section, { ...rotation, actions: deeds }, sheet, colors));
  return `${blocks.flatMap((lines) => (lines.length > 0 ? [`${lines.join('\n')}\n`] : [])).join('\n')}`;
}

function heading({ kind, rotation, report }: RotationDocument, width: number, colors: Colors): string[] {
  const { account, startedAt, mode, dryRun } = rotation;
  const what = kind === 'plan' ? 'plan' : dryRun ? 'dry run of a sweep' : 'sweep';
  const title = `AWS account ${accountInWords(account)}: ${what} in mode ${mode}, ${timeInWords(startedAt)}`;
  return [
    ...wrap(title, width).map(colors.bold),
    ...wrap(`Credential report ${reportAgeInWords(report, startedAt)}`, width),
  ];
}

function sectionBlock(section: Section, rotation: Rotation, sheet: Sheet, colors: Colors): string[] {
  const own = rotation.actions.filter(section.holds);
  // What is only planned has not failed yet.
  const good = own.filter((action) => rotation.dryRun || isGood(action));
  const others = own.filter((action) => !good.includes(action));
  const paint = /DELETED|OFF/.test(section.planned) ? colors.red : (text: string) => text;
  const listed = (title: string, actions: readonly RotationAction[]) => {
    if (actions.length === 0) return [];
    const rows = actions.flatMap((action) => layOut(actionRow(action, rotation.timezone), sheet));
    return [`${colors.bold(paint(title))} (${actions.length})`, ...rows];
  };
  const done = listed(rotation.dryRun ? section.planned : section.done, good);
  const open = listed(`${section.planned}, NOT DONE`, others);
  return [...done, ...(done.length > 0 && open.length > 0 ? [''] : []), ...open];
}

function isGood({ outcome }: RotationAction): boolean {
  return outcome === 'planned' || outcome === 'applied';
}

function actionRow(action: RotationAction, timezone: string | undefined): Row {
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
  deactivated: 'switched off',
  restored: 'switched on again',
  deleted: 'deleted',
  'late-use': 'to have been in use when it was switched off',
} as const;

function dueInWords(about: RotationAction['about'], dueAt: Date, timezone: string | undefined): string {
  return `${about === 'delete' ? 'deleted' : 'switched off'} on ${dateInWords(dueAt, timezone)} or later`;
}

function holdBlock(hold: HoldReason, rotation: Rotation, sheet: Sheet, colors: Colors): string[] {
  const own = rotation.left.filter((one) => one.hold === hold);
  if (own.length === 0) return [];
  const paint = undecided.has(hold) ? colors.magenta : colors.dim;
  return [
    ...wrap(`LEFT ALONE, ${holdInWords(hold).toUpperCase()} (${own.length})`, sheet.width).map(paint),
    ...own.flatMap((one) => layOut(leftRow(one, rotation), sheet)),
  ];
}

function leftRow(left: RotationLeft, rotation: Rotation): Row {
  const doubt = left.unjudged === undefined ? '' : `; ${unjudgedInWords(left.unjudged)}`;
  return { ...namesOf(left), details: printable(`${leftInWords(left, rotation)}${doubt}`) };
}

function leftInWords({ hold, until, why }: RotationLeft, { startedAt, timezone }: Rotation): string {
  // Of what is overdue the date has passed, and stands in the reason.
  if (until === undefined || until <= startedAt) return why;
  const date = untilInWords(hold, dateInWords(until, timezone));
  return hold === 'in-use' ? `${why}; ${date}` : `${date}: ${why}`;
}

function namesOf({ credential, principal }: Pick<RotationLeft, 'credential' | 'principal'>) {
  return { subject: printable(principal.name), credential: credentialInWords(credential) };
}

/** The last lines, which stay on the screen. */
function verdict({ kind, rotation, ledger }: RotationDocument, width: number, colors: Colors): string[] {
  const { dryRun, mode, outcome } = rotation;
  const done = actionsInWords(rotation);
  // In mode audit --enforce would change nothing, and may have been given.
  const would = kind === 'plan' ? 'Tonight' : mode === 'audit' ? 'In mode audit' : 'With --enforce';
  const sum = `${dryRun ? would : 'Done'}: ${done}.`;
  const advice = [
    mode === 'audit'
      ? 'Mode audit does nothing about keys. What mode enforce would do over the coming months: keysweep forecast'
      : undefined,
    mode === 'warn' ? 'Mode warn tells people, and switches nothing off.' : undefined,
    dryRun && ledger === undefined && mode !== 'audit'
      ? 'Without --ledger every key looks as if nobody had been told about it.'
      : undefined,
    dryRun ? 'Nothing was changed and nobody was told.' : undefined,
    outcome === 'complete' ? undefined : `The ${kind} is ${outcome}: see above what could not be judged or done.`,
  ].filter((line) => line !== undefined);
  const paint = outcome === 'complete' ? colors.bold : (text: string) => colors.bold(colors.magenta(text));
  return [...wrap(sum, width).map(paint), ...advice.flatMap((text) => listItem(text, width))];
}

/** `2 switched off, 1 deleted, 12 notices, 30 left alone`. Only what was applied, or is planned, counts. */
export function actionsInWords({ actions, left }: Rotation): string {
  const good = actions.filter(isGood);
  const count = (...types: readonly RotationAction['type'][]) => good.filter(({ type }) => types.includes(type)).length;
  const others = actions.length - good.length;
  const alone = left.filter(({ hold }) => hold !== 'compliant' && hold !== 'deleted').length;
  const parts = [
    `${count('deactivate')} switched off`,
    `${count('delete')} deleted`,
    counted(count('warn'), 'notice'),
    ...(count('observe', 'resolve') > 0 ? [`${count('observe', 'resolve')} noted`] : []),
    ...(others > 0 ? [`${others} not done`] : []),
    `${alone} left alone`,
  ];
  return parts.join(', ');
}
