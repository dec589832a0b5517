import { given } from '../../core/given.ts';
import type { RetirableRef } from '../../core/lifecycle/ledger.ts';
import type { Account, Principal } from '../../core/model.ts';
import type { Notice, NoticeData } from '../../core/notice.ts';
import { consolePage } from '../aws-places.ts';
import { clip, factLines, fold, joinBlocks, shown } from '../mail-text.ts';
import { asciiOnly, printable } from '../printable.ts';
import { accountInWords, timeInWords } from '../words.ts';
import { type CommandOptions, explainCommand } from './commands.ts';
import { composeNotice } from './compose.ts';
import { subjectAbout } from './subject.ts';

export interface RestoredFacts {
  readonly account: Account;
  readonly credential: RetirableRef;
  readonly principal: Principal;
  readonly who: string;
  readonly why: string;
  readonly at: Date;
  /** Of the policy. @default UTC */
  readonly timezone?: string;
  /** What makes the command in it use the ledger of this restoration. */
  readonly commandOptions?: CommandOptions;
}

const advice =
  'keysweep skips it for the restoreGrace of the policy. Its age keeps counting. To replace it, create a new one, move everything that uses the old one to it, then deactivate the old one.';

/** Notifies people that a key was reactivated, by whom and why. */
export function restoredNotice(facts: RestoredFacts): Notice {
  const { account, credential, principal, who, why, at } = facts;
  const name = `${printable(credential.id)} of ${printable(principal.name)}`;
  const body = joinBlocks([
    fold(`${name} was reactivated in AWS account ${accountInWords(account)} at ${timeInWords(at, facts.timezone)}.`),
    factLines([
      { label: 'Who', text: shown(who) },
      { label: 'Why', text: shown(why) },
    ]),
    [...fold(advice), 'Its details and history:', `    ${detailsOf(facts)}`],
  ]);
  return composeNotice(dataOf(facts), body);
}

function detailsOf({ credential, commandOptions }: RestoredFacts): string {
  return explainCommand(credential.id, commandOptions);
}

function summaryOf({ credential, principal }: RestoredFacts): string {
  return `${printable(credential.id)} of ${printable(principal.name)} reactivated`;
}

function dataOf(facts: RestoredFacts): NoticeData {
  const { account, credential, principal, who, why, at } = facts;
  const page = consolePage({ principal }, account);
  const id = `restored/${account.id}/${asciiOnly(credential.id)}/${at.toISOString()}`;
  return {
    schema: 'keysweep/notice/v1',
    id,
    thread: id,
    kind: 'restored',
    severity: 'low',
    account,
    subject: subjectAbout(account, [summaryOf(facts)]),
    summary: summaryOf(facts),
    at: at.toISOString(),
    groups: [{ id: 'restored', title: 'Reactivated', count: 1, advice: [advice] }],
    items: [
      {
        group: 'restored',
        principal,
        credential,
        by: 'person',
        who: clip(who),
        why: clip(why),
        notice: 'restored',
        ...given({ console: page }),
      },
    ],
    omitted: 0,
    nextSteps: [{ text: 'Its details and history', command: detailsOf(facts) }],
  };
}
