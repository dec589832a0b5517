/** A digest as data, for programs; texts are made of it. */
import { given } from '../../core/given.ts';
import { type Account, type Severity, severities } from '../../core/model.ts';
import type { NextStep, NoticeData, NoticeDataItem, NoticeGroup } from '../../core/notice.ts';
import { consolePage } from '../aws-places.ts';
import { clip } from '../mail-text.ts';
import { withoutLinks } from '../printable.ts';
import { counted } from '../words.ts';
import {
  anyKeyId,
  anyUser,
  type CredentialOfUser,
  explainCommand,
  planCommand,
  reactivateCommand,
  restoreCommand,
} from './commands.ts';
import type { DigestInput } from './digest-input.ts';
import type { NoticeItem, WaitingItem } from './notice-item.ts';
import { countKinds, nounOf } from './nouns.ts';
import { summarizeOwners } from './owners.ts';
import { partNotes } from './part-notes.ts';
import { adviceOf, type Section, sections } from './sections.ts';
import { subjectAbout } from './subject.ts';
import { sumsOf } from './sums.ts';
import { waitingTitles } from './waiting-groups.ts';

/** Owners that the data holds. */
const mostOwnersInData = 50;

/** All of a digest, nothing left out but the last of very many owners. */
export function digestData(input: DigestInput): NoticeData {
  const { account, now, sweep, mode, items, deferred, overdue, isCorrection = false, fullReport, part } = input;
  const { unjudged = [], timezone } = input;
  const owners = summarizeOwners(items);
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
    ...given({ timezone }),
    owners: owners.slice(0, mostOwnersInData),
    ownersOmitted: Math.max(0, owners.length - mostOwnersInData),
    groups: [
      ...present.map((section) => groupOf(section, input)),
      ...waiting.flatMap(([id, own]) => (own.length === 0 ? [] : [waitingGroup(id, own)])),
    ],
    items: [
      ...present.flatMap((section) => items.filter(section.holds).map((item) => toItem(item, section, input))),
      ...waiting.flatMap(([id, own]) => own.map((item) => ({ group: id, ...textsOf(item) }))),
    ],
    omitted: 0,
    nextSteps: nextStepsOf(input),
    ...given({ fullReport }),
  };
}

function subjectOf({ account, items, isCorrection, part }: DigestInput): string {
  const parts = sumsOf(items);
  const start = isCorrection ? 'Correction: ' : '';
  const candidates = parts.map((_, omitted) => {
    const shown = parts.slice(0, parts.length - omitted);
    return `${start}${shown.join(', ')}${omitted > 0 ? ', ...' : ''}`;
  });
  const end = part === undefined || part.of === 1 ? '' : ` (${part.number} of ${part.of})`;
  const texts = [...candidates, `${start}${counted(items.length, 'notice')}`];
  return subjectAbout(
    account,
    texts.map((text) => text + end),
  );
}

function worstOf(present: readonly Section[]): Severity {
  return severities.find((severity) => present.some((section) => section.severity === severity)) ?? 'info';
}

function groupOf(section: Section, { items, mode }: DigestInput): NoticeGroup {
  const own = items.filter(section.holds);
  return {
    id: section.id,
    title: section.title,
    count: own.length,
    kinds: countKinds(own.map(({ credential }) => credential.kind)),
    advice: adviceOf(section, own, mode),
  };
}

function waitingGroup(id: keyof typeof waitingTitles, items: readonly WaitingItem[]): NoticeGroup {
  const kinds = countKinds(items.map(({ credential }) => credential.kind));
  return { id, title: waitingTitles[id], count: items.length, kinds, advice: [] };
}

function toItem(
  item: NoticeItem,
  section: Section,
  { account, timezone, commandOptions }: DigestInput,
): NoticeDataItem {
  const { kind, about, by, dueAt, principal, credential } = item;
  const when = section.when(item, timezone);
  const undo = section.isUndoable && restoreCommand(credential.id, commandOptions);
  const undoWithAwsCli = section.isUndoable && reactivateCommand(ofUser(item, account));
  const page = kind === 'deleted' ? undefined : consolePage({ principal }, account);
  return {
    group: section.id,
    ...textsOf(item),
    notice: kind,
    ...given({ about, by }),
    // A key that is to be rotated stays active: its date is not that of a change.
    ...(dueAt === undefined || when === undefined ? {} : { dueAt: dueAt.toISOString() }),
    ...given({ when, undo, undoWithAwsCli, console: page }),
  };
}

/** For the commands about the credential of an item. */
export function ofUser(
  { principal, credential }: Pick<NoticeItem, 'principal' | 'credential'>,
  { partition }: Account,
): CredentialOfUser {
  return { userName: principal.name, credential, partition };
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

const aboutReactivatingByHand =
  'The same with the AWS CLI alone; the next sweep then reports it as reactivated by someone else';

/** What to do, the most urgent first. The same stand at the end of the text for e-mail. */
export function nextStepsOf(input: DigestInput): readonly NextStep[] {
  const { account, items, ownerTag, commandOptions } = input;
  const { one, many } = nounOf(items.map(({ credential }) => credential.kind));
  const has = (isIt: (item: NoticeItem) => boolean) => items.some(isIt);
  const isDated = has(({ about, dueAt }) => about === 'deactivate' && dueAt !== undefined);
  const off = items.find(({ kind }) => kind === 'deactivated' || kind === 'late-use');
  const byHand =
    off &&
    reactivateCommand({
      userName: anyUser,
      credential: { ...off.credential, id: anyKeyId },
      partition: account.partition,
    });
  const steps: readonly (NextStep | false)[] = [
    off !== undefined && {
      text: `Something stopped working? Reactivate its ${one}`,
      command: restoreCommand(anyKeyId, commandOptions),
    },
    byHand !== undefined && { text: aboutReactivatingByHand, command: byHand },
    has(({ about }) => about !== undefined && about !== 'delete') && {
      text: `Owners: delete ${many} that are not needed, and replace those that are${isDated ? ', before the date given' : ''}`,
    },
    has(({ about, kind }) => about !== undefined || kind === 'deactivated') && {
      text: `To keep ${many} as they are, request an exemption in keysweep.yaml, with a reason, an owner and an expiry date`,
    },
    has(({ owner }) => owner === undefined) && {
      text: `No owner known? Tag the IAM user with "${ownerTag}"`,
    },
    { text: `Details and history of one ${one}`, command: explainCommand(anyKeyId, commandOptions) },
    { text: 'What the next sweep would do', command: planCommand(commandOptions) },
  ];
  return steps.filter((step) => step !== false);
}
