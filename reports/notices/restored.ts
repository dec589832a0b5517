import type { RetirableRef } from '../../core/lifecycle/ledger.ts';
import type { Account, Principal } from '../../core/model.ts';
import type { Notice } from '../../core/ports.ts';
import { asciiOnly, printable } from '../printable.ts';
import { accountInWords, timeInWords } from '../words.ts';

export interface RestoredFacts {
  readonly account: Account;
  readonly credential: RetirableRef;
  readonly principal: Principal;
  readonly who: string;
  readonly why: string;
  readonly at: Date;
}

/** SNS takes under 100 characters. */
const longestSubject = 99;

/** Tells people that a key was switched on again, by whom and why. */
export function restoredNotice({ account, credential, principal, who, why, at }: RestoredFacts): Notice {
  const name = `${printable(credential.id)} of ${printable(principal.name)}`;
  const subject = asciiOnly(`keysweep: ${printable(credential.id)} is on again in AWS account ${account.id}`);
  const body = [
    `${name} was switched on again in AWS account ${accountInWords(account)}, ${timeInWords(at)}.`,
    '',
    `   Who    ${printable(who)}`,
    `   Why    ${printable(why)}`,
    '',
    'keysweep leaves it alone for a while; its age goes on counting. Still needed: create a new key, move everything',
    'that uses the old one to it, then deactivate the old one.',
    `Its story: keysweep explain ${/^\w+$/.test(credential.id) ? credential.id : 'KEY_ID'}`,
    '',
  ];
  return { subject: subject.slice(0, longestSubject), body: body.join('\n') };
}
