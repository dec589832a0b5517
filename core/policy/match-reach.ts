/** Whether a match and a list of rules can exempt anything: rules are about users, the root user, or the account. */
import { accessKey } from '../kinds/access-key.ts';
import { rootUserName } from '../report/types.ts';
import type { RuleId } from '../rules/ids.ts';
import { ruleById } from '../rules/index.ts';
import { globsOverlap } from './glob-language.ts';
import { isPossible, principalArn, userArn } from './iam-grammar.ts';
import type { Match } from './policy.ts';

/** What is wrong with the rules of an exemption that can never exempt a finding, in words. */
export function judgeReach(match: Match, rules: readonly RuleId[] | '*'): string | undefined {
  if (rules === '*' || rules.length === 0 || rules.some((rule) => reaches(match, rule))) return undefined;
  // The impossible ARN has been reported already.
  if (match.arn !== undefined && !isPossible(match.arn, principalArn)) return undefined;
  if (rules.every((rule) => rule === 'exemption-expired')) {
    return 'expected other rules: an expired exemption cannot be exempted';
  }
  return `expected a rule that applies to what the match names: ${rules.join(', ')} ${rules.length === 1 ? 'does' : 'do'} not`;
}

function reaches(match: Match, id: RuleId): boolean {
  const { user, path, arn, tag, accessKeyId, credentialId } = match;
  if (id === 'exemption-expired') return false;
  const isAboutUsers = user !== rootUserName && (arn === undefined || isPossible(arn, userArn));
  const rule = ruleById(id);
  switch (rule.subject) {
    case 'account':
      // Only the id distinguishes accounts.
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
