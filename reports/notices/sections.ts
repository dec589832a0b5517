/** What a digest consists of, the most urgent first: which notices go where, and what each of them says. */
import { isRequest } from '../../core/lifecycle/decision.ts';
import type { Severity } from '../../core/model.ts';
import type { Mode } from '../../core/policy/policy.ts';
import { dayAndTimeInWords } from '../words.ts';
import type { NoticeItem } from './notice-item.ts';
import { type Noun, nounOf, refusalsOf } from './nouns.ts';

/** What the advice of a section depends on. */
export interface AdviceFacts {
  readonly mode: Mode;
  readonly noun: Noun;
  /** See {@link refusalsOf}. */
  readonly refusals?: string;
}

/** The notices of one kind, under one heading. */
export interface Section {
  /** For programs; never changes. */
  readonly id: string;
  /** In sentence case. */
  readonly title: string;
  /** How much it matters that someone reads it tonight. */
  readonly severity: Severity;
  /** What the sum says after the number: `2 keys deactivated`. */
  readonly outcome: (count: number) => string;
  readonly holds: (item: NoticeItem) => boolean;
  /** What it means and what to do, for all items of the section. */
  readonly advice: (facts: AdviceFacts) => readonly string[];
  /** When, for one item, by the clock of a time zone. */
  readonly when: (item: NoticeItem, timezone?: string) => string | undefined;
  /** Whether reactivating the credential undoes it, or keeps it from getting worse. */
  readonly isUndoable?: true;
}

const remove = 'Not needed? Delete it now. There is nothing else to do.';
const undo = 'Undo command and credentials for this account';

/** In the order in which they are shown. */
export const sections: readonly Section[] = [
  {
    id: 'deactivated',
    title: 'Deactivated tonight',
    severity: 'high',
    outcome: () => 'deactivated',
    holds: ({ kind, by }) => kind === 'deactivated' && by === 'keysweep',
    advice: ({ noun, refusals }) => [
      `keysweep deactivates each ${noun.one} below right after this message. Until it is deleted, it can be reactivated.`,
      ...refusalAdvice(`A workload that still uses the ${noun.one} now gets`, refusals),
      `Something stopped working? Reactivate the ${noun.one} with an ${undo}, then replace it.`,
    ],
    when: deletedLater,
    isUndoable: true,
  },
  {
    id: 'late-use',
    title: 'Was in use when it was deactivated',
    severity: 'high',
    outcome: () => 'in use when deactivated',
    holds: ({ kind }) => kind === 'late-use',
    advice: ({ noun, refusals }) => [
      `IAM reported only afterwards that each ${noun.one} below was used shortly before it was deactivated. A workload may be down.`,
      ...refusalAdvice('If so, it gets', refusals),
      `Still needed? Reactivate it with an ${undo}, then replace it. The time until its deletion has restarted.`,
    ],
    when: deletedLater,
    isUndoable: true,
  },
  {
    id: 'deleted',
    title: 'Deleted tonight',
    severity: 'high',
    outcome: () => 'deleted',
    holds: ({ kind, by }) => kind === 'deleted' && by === 'keysweep',
    advice: ({ noun }) => [
      `Each ${noun.one} below stayed inactive for the whole of deleteAfter. keysweep deletes it right after this message; AWS cannot undo that.`,
      `Access needed again? Create a new ${noun.one} or, better, use a role.`,
    ],
    when: () => undefined,
  },
  {
    id: 'final-notice-deactivation',
    title: 'Final notice: will be deactivated',
    severity: 'medium',
    outcome: () => 'on final notice before deactivation',
    holds: ({ kind, about }) => kind === 'final-notice' && about !== 'delete',
    advice: ({ mode, noun, refusals }) => [
      ...modeAdvice(mode),
      ...refusalAdvice(`After the deactivation, a workload that still uses the ${noun.one} gets`, refusals),
      remove,
      replace(noun),
    ],
    when: ({ dueAt }, timezone) =>
      dueAt && `deactivated on ${dayAndTimeInWords(dueAt, timezone)} or in the first sweep after that`,
  },
  {
    id: 'final-notice-deletion',
    title: 'Final notice: will be deleted',
    severity: 'medium',
    outcome: () => 'on final notice before deletion',
    holds: ({ kind, about }) => kind === 'final-notice' && about === 'delete',
    advice: ({ mode, noun }) => [
      ...modeAdvice(mode),
      `Each ${noun.one} below is inactive. Its deletion cannot be undone.`,
      `Still needed? Reactivate it with an ${undo}, then replace it.`,
    ],
    when: ({ dueAt }, timezone) =>
      dueAt && `deleted on ${dayAndTimeInWords(dueAt, timezone)} or in the first sweep after that`,
    isUndoable: true,
  },
  {
    id: 'first-notice',
    title: 'First notice: will be deactivated',
    severity: 'low',
    outcome: () => 'on first notice',
    holds: ({ kind, about }) => kind === 'first-notice' && !isRequest(about) && about !== 'unknown',
    advice: ({ mode, noun }) => [...modeAdvice(mode), remove, replace(noun)],
    when: deactivatedLater,
  },
  {
    id: 'reminder',
    title: 'Reminder: will be deactivated',
    severity: 'low',
    outcome: () => 'with a reminder',
    holds: ({ kind, about }) => kind === 'reminder' && !isRequest(about),
    advice: ({ mode, noun }) => [...modeAdvice(mode), remove, replace(noun)],
    when: deactivatedLater,
  },
  {
    id: 'still-waiting',
    title: 'Due, final notice deferred by a limit',
    severity: 'low',
    outcome: () => 'due and deferred by a limit',
    holds: ({ kind }) => kind === 'still-waiting',
    advice: ({ noun }) => [
      `Each ${noun.one} below is due. It gets a final notice before anything changes, as soon as the limits of the policy allow.`,
      'You get this once a week. To allow more changes a night, raise limits in keysweep.yaml.',
    ],
    when: () => undefined,
  },
  {
    id: 'rotate',
    title: 'Too old and in use: please rotate',
    severity: 'low',
    outcome: () => 'too old and in use',
    holds: ({ kind, about }) => about === 'rotate' && (kind === 'first-notice' || kind === 'reminder'),
    advice: ({ noun }) => [`Each ${noun.one} below is in use and stays active.`, replace(noun)],
    when: () => undefined,
  },
  {
    id: 'remove',
    title: 'Not needed, or too old: please delete',
    severity: 'low',
    outcome: (count) => `for ${count === 1 ? 'its owner' : 'their owners'} to delete`,
    holds: ({ kind, about }) => about === 'remove' && (kind === 'first-notice' || kind === 'reminder'),
    advice: () => [
      'Credentials of this kind cannot be deactivated first, and a deletion cannot be undone, so keysweep never changes them.',
      'Not needed? Delete it. Still needed? Replace it with a new one or, better, with a role or IAM Identity Center.',
    ],
    when: () => undefined,
  },
  {
    id: 'use-unknown',
    title: 'Too old, last use unknown',
    severity: 'low',
    outcome: () => 'too old, last use unknown',
    holds: ({ kind, about }) => about === 'unknown' && kind === 'first-notice',
    advice: ({ noun }) => [
      `keysweep cannot determine when each ${noun.one} below was last used. It changes nothing until that is known, and then only after notice.`,
      replace(noun),
    ],
    when: () => undefined,
  },
  {
    id: 'deferred',
    title: 'Deferred: the policy was relaxed',
    severity: 'low',
    outcome: () => 'deferred',
    holds: ({ kind }) => kind === 'deferred',
    advice: ({ noun }) => [
      `What was announced for each ${noun.one} below will happen later, or not at all while the policy stays as it is.`,
      'If it falls due again, a final notice comes first.',
    ],
    when: ({ about, dueAt }, timezone) => {
      if (dueAt === undefined) return 'stays inactive, and is not deleted while the policy stays as it is';
      return `${about === 'delete' ? 'deleted' : 'deactivated'} on ${dayAndTimeInWords(dueAt, timezone)} or later, after a final notice`;
    },
  },
  {
    id: 'not-applied',
    title: 'Announced, but not done',
    // As severe as what it takes back: every reader of that message must get this one.
    severity: 'high',
    outcome: () => 'announced but not done',
    holds: ({ kind }) => kind === 'not-applied',
    advice: ({ noun }) => [
      `A digest announced that each ${noun.one} below would be deactivated or deleted. That did not happen, for the reason given.`,
      'A later sweep rechecks it, and announces again what is still due.',
    ],
    when: () => undefined,
  },
  {
    id: 'blocked',
    title: 'Denied by AWS, not done',
    // As much as what it takes back.
    severity: 'high',
    outcome: () => 'denied by AWS',
    holds: ({ kind }) => kind === 'blocked',
    advice: ({ noun }) => [
      `A digest announced that each ${noun.one} below would be deactivated or deleted. AWS denied the change, so nothing happened.`,
      `Intended, for example by a service control policy? Exempt the ${noun.one} in keysweep.yaml. Not intended? Grant the role of keysweep the permissions in docs/permissions.md.`,
      'keysweep tries again at most once a week, after a new final notice. These attempts do not count toward a limit.',
    ],
    when: () => undefined,
  },
  {
    id: 'restored',
    title: 'Reactivated',
    severity: 'low',
    outcome: () => 'reactivated',
    holds: ({ kind }) => kind === 'restored',
    advice: ({ noun }) => [
      `Someone reactivated each ${noun.one} below. keysweep skips it for the restoreGrace of the policy. Its age keeps counting.`,
      replace(noun),
    ],
    when: () => undefined,
  },
  {
    id: 'deactivated-by-hand',
    title: 'Deactivated by someone else',
    severity: 'low',
    outcome: () => 'deactivated by someone else',
    holds: ({ kind, by }) => kind === 'deactivated' && by !== 'keysweep',
    advice: ({ noun, refusals }) => [
      'keysweep did not do this. The time until the deletion starts now.',
      ...refusalAdvice(`A workload that still uses the ${noun.one} gets`, refusals),
    ],
    when: deletedLater,
    isUndoable: true,
  },
  {
    id: 'deleted-by-hand',
    title: 'Deleted by someone else',
    severity: 'low',
    outcome: () => 'deleted by someone else',
    holds: ({ kind, by }) => kind === 'deleted' && by !== 'keysweep',
    advice: () => ['keysweep did not do this. There is nothing left to do.'],
    when: () => undefined,
  },
  {
    id: 'resolved',
    title: 'Resolved',
    severity: 'info',
    outcome: () => 'resolved',
    holds: ({ kind }) => kind === 'resolved',
    advice: ({ noun }) => [`The warning about each ${noun.one} below is withdrawn. Thank you.`],
    when: () => undefined,
  },
];

/** What a section says of its items. */
export function adviceOf({ advice }: Section, items: readonly NoticeItem[], mode: Mode): readonly string[] {
  const kinds = items.map(({ credential }) => credential.kind);
  const refusals = refusalsOf(kinds);
  return advice({ mode, noun: nounOf(kinds), ...(refusals === undefined ? {} : { refusals }) });
}

function deletedLater({ dueAt }: NoticeItem, timezone?: string): string | undefined {
  return dueAt && `deleted on ${dayAndTimeInWords(dueAt, timezone)} or later, after a final notice`;
}

function deactivatedLater({ dueAt }: NoticeItem, timezone?: string): string | undefined {
  return dueAt && `deactivated on ${dayAndTimeInWords(dueAt, timezone)} or later, after a final notice`;
}

function replace({ one }: Noun): string {
  return `Still needed? Create a new ${one}, move everything that uses the old one to it, then deactivate the old one.`;
}

function refusalAdvice(start: string, refusals: string | undefined): readonly string[] {
  return refusals === undefined ? [] : [`${start} ${refusals}.`];
}

function modeAdvice(mode: Mode): readonly string[] {
  return mode === 'enforce'
    ? []
    : [`keysweep runs in mode ${mode}: nothing happens on the date given unless the mode is changed.`];
}
