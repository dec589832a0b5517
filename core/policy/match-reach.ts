/** Whether a match and a list of rules leave anything to exempt: rules speak of users, of the root user, or of the account. */
import { accessKey } from '../kinds/access-key.ts';
import { rootUserName } from '../report/types.ts';
import type { RuleId } from '../rules/ids.ts';
import { ruleById } from '../rules/index.ts';
import { globsOverlap } from './glob-language.ts';
import { isPossible, principalArn, userArn } from './iam-grammar.ts';
import type { Match } from './policy.ts';

/** What is wrong with the rules of an exemption that can never excuse a finding, in words. */
export function judgeReach(match: Match, rules: readonly RuleId[] | '*'): string | undefined {
  if (rules === '*' || rules.length === 0 || rules.some((rule) => reaches(match, rule))) return undefined;
  // What is wrong with it has been said already.
  if (match.arn !== undefined && !isPossible(match.arn, principalArn)) return undefined;
  if (rules.every((rule) => rule === 'exemption-expired')) {
    return 'expected other rules: that an exemption has expired cannot be exempted';
  }
  return `expected a rule about what the match names: ${rules.join(', ')} ${rules.length === 1 ? 'is' : 'are'} not`;
}

function reaches(match: Match, id: RuleId): boolean {
  const { user, path, arn, tag, accessKeyId, credentialId } = match;
  if (id === 'exemption-expired') return false;
  const isAboutUsers = user !== rootUserName && (arn === undefined || isPossible(arn, userArn));
  const rule = ruleById(id);
  switch (rule.subject) {
    case 'account':
      // Only its id tells one account from another.
      return Object.keys(match).every((key) => key === 'account');
    case 'root':
      if (path !== undefined || tag !== undefined || accessKeyId !== undefined || credentialId !== undefined)
        return false;
      return (
        (user === undefined || user === rootUserName) && (arn === undefined || globsOverlap(arn, 'arn:*:iam::*:root'))
      );
    case 'user':
      // Findings about passwords, and about both keys of a user, name no credential with an id.
      return isAboutUsers && accessKeyId === undefined && credentialId === undefined;
    case 'credential':
      return isAboutUsers && (accessKeyId === undefined || rule.kind === accessKey.kind);
  }
}
