import { isExpired } from '../policy/exemptions.ts';
import { describeMatch } from '../policy/match.ts';
import type { AccountRule, Verdict } from './rule.ts';

/** One finding for each exemption whose last day has passed. Whatever it covered is judged again. */
export const exemptionExpired: AccountRule = {
  id: 'exemption-expired',
  subject: 'account',
  title: 'Exemption has expired',
  condition: 'The last day of an exemption (in UTC) has passed: one finding for each such exemption.',
  why: 'The exception was granted for a limited time, which is over. Whatever it covered is judged like everything else again.',
  remedy: 'Ask its owner. Then either renew the exemption in keysweep.yaml with a new date, or remove it.',
  severity: 'medium',
  judge({ asOf, policy }) {
    const verdicts = policy.exemptions
      .filter((exemption) => isExpired(exemption, asOf))
      .map(({ match, rules, reason, owner, expires }): [string, Verdict] => {
        const what = `${describeMatch(match)} (${rules === '*' ? 'all rules' : rules.join(', ')})`;
        const key = `${what}:${expires}:${owner}`;
        const evidence = { match: describeMatch(match), exemptionReason: reason, owner, expires };
        return [
          key,
          { status: 'fail', key, reason: `exemption for ${what} expired after ${expires}; owner ${owner}`, evidence },
        ];
      });
    // The same exemption written twice is one finding.
    return [...new Map(verdicts).values()];
  },
};
