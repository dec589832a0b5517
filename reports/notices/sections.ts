/** What a digest consists of, the most urgent first: which notices go where, and what each of them says. */
import { isRequest } from '../../core/lifecycle/decision.ts';
import type { Severity } from '../../core/model.ts';
import type { Mode } from '../../core/policy/policy.ts';
import { nightInWords } from '../words.ts';
import { type CommandOptions, restoreCommand } from './commands.ts';
import type { NoticeItem } from './notice-item.ts';

/** The notices of one kind, under one heading. */
export interface Section {
  /** For machines; never changes. */
  readonly id: string;
  readonly title: string;
  /** How much it matters that someone reads it tonight. */
  readonly severity: Severity;
  /** The section in the sum at the top: `2 deactivated`. */
  readonly sum: (count: number) => string;
  readonly holds: (item: NoticeItem) => boolean;
  /** What it means and what to do, for all items of the section. */
  readonly advice: (mode: Mode) => readonly string[];
  /** When, for one item, by the clock of a time zone. */
  readonly when: (item: NoticeItem, timezone?: string) => string | undefined;
  /** The command that undoes it, or keeps it from getting worse. */
  readonly undo?: (item: NoticeItem, commandOptions?: CommandOptions) => string;
}

const rotate =
  'Still needed: create a new key, move everything that uses the old one to it, then deactivate the old one.';
const remove = 'Not needed: delete it now; nothing else has to be done.';
const restore = ({ credential }: NoticeItem, commandOptions?: CommandOptions) =>
  restoreCommand(credential.id, commandOptions);

/** In the order in which they are notified. */
export const sections: readonly Section[] = [
  {
    id: 'deactivated',
    title: 'DEACTIVATED TONIGHT',
    severity: 'high',
    sum: (count) => `${count} deactivated`,
    holds: ({ kind, by }) => kind === 'deactivated' && by === 'keysweep',
    advice: () => [
      'These keys are being deactivated now: requests signed with them will be refused. Nothing is lost yet.',
      'If something stopped working, reactivate the key with the command below it, and tell its owner to replace it.',
    ],
    when: ({ dueAt }, timezone) =>
      dueAt && `will be deleted on ${nightInWords(dueAt, timezone)} or later, after a final notice`,
    undo: restore,
  },
  {
    id: 'late-use',
    title: 'WAS IN USE WHEN IT WAS DEACTIVATED',
    severity: 'high',
    sum: (count) => `${count} had been in use`,
    holds: ({ kind }) => kind === 'late-use',
    advice: () => [
      'When these keys were deactivated, IAM did not show yet that something had just used them. It may be standing still.',
      'Still needed: reactivate it with the command below it, then replace it. The time until the deletion starts again.',
    ],
    when: ({ dueAt }, timezone) =>
      dueAt && `will be deleted on ${nightInWords(dueAt, timezone)} or later, after a final notice`,
    undo: restore,
  },
  {
    id: 'deleted',
    title: 'DELETED TONIGHT',
    severity: 'high',
    sum: (count) => `${count} deleted`,
    holds: ({ kind, by }) => kind === 'deleted' && by === 'keysweep',
    advice: () => [
      'These keys were Inactive for the whole time that the policy gives. They are being deleted now: AWS knows no undelete.',
      'Whoever needs access again gets a new key, or better a role.',
    ],
    when: () => undefined,
  },
  {
    id: 'final-notice-deactivation',
    title: 'FINAL NOTICE: WILL BE DEACTIVATED',
    severity: 'medium',
    sum: (count) => `${count} to be deactivated next`,
    holds: ({ kind, about }) => kind === 'final-notice' && about !== 'delete',
    advice: (mode) => [...modeAdvice(mode), remove, rotate],
    when: ({ dueAt }, timezone) =>
      dueAt && `deactivated on ${nightInWords(dueAt, timezone)} or in the first sweep after it`,
  },
  {
    id: 'final-notice-deletion',
    title: 'FINAL NOTICE: WILL BE DELETED',
    severity: 'medium',
    sum: (count) => `${count} to be deleted next`,
    holds: ({ kind, about }) => kind === 'final-notice' && about === 'delete',
    advice: (mode) => [
      ...modeAdvice(mode),
      'These keys are Inactive. After the deletion there is no way back.',
      'Still needed: reactivate it with the command below it, then replace it.',
    ],
    when: ({ dueAt }, timezone) =>
      dueAt && `deleted on ${nightInWords(dueAt, timezone)} or in the first sweep after it`,
    undo: restore,
  },
  {
    id: 'first-notice',
    title: 'FIRST NOTICE: WILL BE DEACTIVATED',
    severity: 'low',
    sum: (count) => `${count} newly warned`,
    holds: ({ kind, about }) => kind === 'first-notice' && !isRequest(about) && about !== 'unknown',
    advice: (mode) => [...modeAdvice(mode), remove, rotate],
    when: ({ dueAt }, timezone) =>
      dueAt && `deactivated on ${nightInWords(dueAt, timezone)} or later; there will be a final notice`,
  },
  {
    id: 'reminder',
    title: 'REMINDER: WILL BE DEACTIVATED',
    severity: 'low',
    sum: (count) => `${count} reminded`,
    holds: ({ kind, about }) => kind === 'reminder' && !isRequest(about),
    advice: (mode) => [...modeAdvice(mode), remove, rotate],
    when: ({ dueAt }, timezone) =>
      dueAt && `deactivated on ${nightInWords(dueAt, timezone)} or later; there will be a final notice`,
  },
  {
    id: 'still-waiting',
    title: 'STILL WAITING: DUE, AND DEFERRED BY A LIMIT OF THE POLICY',
    severity: 'low',
    sum: (count) => `${count} still waiting`,
    holds: ({ kind }) => kind === 'still-waiting',
    advice: () => [
      'These keys are due. Each gets a final notice before anything happens, once a limit of the policy lets it pass.',
      'Said once a week. More at a time: limits in keysweep.yaml.',
    ],
    when: () => undefined,
  },
  {
    id: 'rotate',
    title: 'TOO OLD, AND IN USE: PLEASE ROTATE',
    severity: 'low',
    sum: (count) => `${count} in use and too old`,
    holds: ({ kind, about }) => about === 'rotate' && (kind === 'first-notice' || kind === 'reminder'),
    advice: () => [`These keys are in use and stay on. ${rotate}`],
    when: () => undefined,
  },
  {
    id: 'remove',
    title: 'NOT NEEDED, OR TOO OLD: PLEASE REMOVE',
    severity: 'low',
    sum: (count) => `${count} to be removed by ${count === 1 ? 'its owner' : 'their owners'}`,
    holds: ({ kind, about }) => about === 'remove' && (kind === 'first-notice' || kind === 'reminder'),
    advice: () => [
      'These cannot be deactivated for a while: whoever removes one cannot bring it back. keysweep never does it.',
      'Not needed: remove it. Still needed: replace it by a new one, or better by a role or IAM Identity Center.',
    ],
    when: () => undefined,
  },
  {
    id: 'use-unknown',
    title: 'TOO OLD, AND WHETHER THEY ARE IN USE IS UNKNOWN',
    severity: 'low',
    sum: (count) => `${count} too old, last use unknown`,
    holds: ({ kind, about }) => about === 'unknown' && kind === 'first-notice',
    advice: () => [
      'When these keys were last used cannot be determined. Nothing is changed until it is known, and then not without notice.',
      rotate,
    ],
    when: () => undefined,
  },
  {
    id: 'deferred',
    title: 'DEFERRED: THE POLICY WAS RELAXED',
    severity: 'low',
    sum: (count) => `${count} deferred`,
    holds: ({ kind }) => kind === 'deferred',
    advice: () => [
      'What was announced for these keys comes later than announced, or not at all while the policy stays as it is.',
      'Should it be due again, a final notice comes first.',
    ],
    when: ({ about, dueAt }, timezone) => {
      if (dueAt === undefined) return 'stays inactive, and is not deleted while the policy stays as it is';
      return `${about === 'delete' ? 'deleted' : 'deactivated'} on ${nightInWords(dueAt, timezone)} or later; there will be a final notice`;
    },
  },
  {
    id: 'not-done',
    title: 'NOT DONE AFTER ALL',
    // As much as what it takes back: whoever heard of that must hear of this.
    severity: 'high',
    sum: (count) => `${count} not done after all`,
    holds: ({ kind }) => kind === 'not-applied',
    advice: () => [
      'A digest said that these keys would be deactivated or deleted. They were not, for the reason given.',
      'A later sweep rechecks; what is still due then is announced again.',
    ],
    when: () => undefined,
  },
  {
    id: 'blocked',
    title: 'DENIED BY AWS, AND NOT DONE',
    // As much as what it takes back.
    severity: 'high',
    sum: (count) => `${count} denied by AWS`,
    holds: ({ kind }) => kind === 'blocked',
    advice: () => [
      'A digest said that these keys would be deactivated or deleted. AWS denied it: nothing has happened to them.',
      'If that is meant to be, by a service control policy say, exempt them in keysweep.yaml. If not, allow it: docs/permissions.md lists what the role of keysweep needs.',
      'keysweep tries again at most once a week, after a new final notice, and takes no place under a limit for it.',
    ],
    when: () => undefined,
  },
  {
    id: 'restored',
    title: 'REACTIVATED',
    severity: 'low',
    sum: (count) => `${count} restored`,
    holds: ({ kind }) => kind === 'restored',
    advice: () => [
      'Someone switched these keys on again. They are skipped for a while; their age keeps counting.',
      rotate,
    ],
    when: () => undefined,
  },
  {
    id: 'deactivated-by-hand',
    title: 'DEACTIVATED BY SOMEONE ELSE',
    severity: 'low',
    sum: (count) => `${count} deactivated by hand`,
    holds: ({ kind, by }) => kind === 'deactivated' && by !== 'keysweep',
    advice: () => ['keysweep did not do this. The time until the deletion counts from now.'],
    when: ({ dueAt }, timezone) =>
      dueAt && `will be deleted on ${nightInWords(dueAt, timezone)} or later, after a final notice`,
    undo: restore,
  },
  {
    id: 'deleted-by-hand',
    title: 'DELETED BY SOMEONE ELSE',
    severity: 'low',
    sum: (count) => `${count} deleted by hand`,
    holds: ({ kind, by }) => kind === 'deleted' && by !== 'keysweep',
    advice: () => ['keysweep did not do this. Nothing is left to do.'],
    when: () => undefined,
  },
  {
    id: 'resolved',
    title: 'RESOLVED',
    severity: 'info',
    sum: (count) => `${count} resolved`,
    holds: ({ kind }) => kind === 'resolved',
    advice: () => ['The warnings about these keys are withdrawn. Thank you.'],
    when: () => undefined,
  },
];

/** `2 deactivated`, `1 resolved`, ...: what there is, the most urgent first. */
export function sumsOf(items: readonly NoticeItem[]): readonly string[] {
  return sections.flatMap(({ sum, holds }) => {
    const count = items.filter(holds).length;
    return count === 0 ? [] : [sum(count)];
  });
}

function modeAdvice(mode: Mode): readonly string[] {
  return mode === 'enforce' ? [] : [`keysweep runs in mode ${mode}: it does nothing on that day unless this changes.`];
}
