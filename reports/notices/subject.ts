import type { Account } from '../../core/model.ts';
import { asciiOnly } from '../printable.ts';

/** SNS takes under 100 characters. */
const longestSubject = 99;

/** Source: IAM API reference, CreateAccountAlias. */
const accountAlias = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The first of the candidates that fits, after the account's alias, so that a list of messages can be sorted and searched
 * by account: `[acme-prod] 2 keys deactivated`. The account id stands where there is no alias, or no room for it.
 */
export function subjectAbout({ id, alias }: Account, candidates: readonly string[]): string {
  const names = [...(alias !== undefined && accountAlias.test(alias) ? [alias] : []), id];
  const subjects = candidates.flatMap((text) => names.map((name) => `[${name}] ${asciiOnly(text)}`));
  const fitting = subjects.find((subject) => subject.length <= longestSubject);
  return fitting ?? `[${id}] ${asciiOnly(candidates.at(-1) ?? '')}`.slice(0, longestSubject);
}
