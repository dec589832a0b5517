import type { Account } from '../../core/model.ts';
import { asciiOnly } from '../printable.ts';
import { accountInWords } from '../words.ts';

/** SNS takes under 100 characters. */
const longestSubject = 99;

/** The first of the candidates that fits, with the account's alias where there is room; the last one always fits. */
export function subjectAbout(account: Account, candidates: readonly string[]): string {
  for (const text of candidates) {
    for (const name of [accountInWords(account), account.id]) {
      const subject = `${text} in AWS account ${name}`;
      if (subject.length <= longestSubject) return asciiOnly(subject);
    }
  }
  return asciiOnly(`${candidates.at(-1)} in AWS account ${account.id}`).slice(0, longestSubject);
}
