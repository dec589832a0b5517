import { usageProblems } from '../../core/policy/usage.ts';
import type { PolicyUsage } from '../../core/policy/usage-types.ts';
import { shown } from '../mail-text.ts';
import { counted } from '../words.ts';

/** A message is about keys: so much of the policy is said beside them. */
const most = 3;

/** Which exemptions and overrides have no effect in the account: plain sentences, none where all is as it was meant. */
export function policyNotes(usage: PolicyUsage | undefined): readonly string[] {
  const problems = usage === undefined ? [] : usageProblems(usage);
  const more = problems.length - most;
  return [
    ...problems.slice(0, most).map((problem) => `Policy: ${shown(problem)}.`),
    ...(more > 0
      ? [`Policy: ${counted(more, 'more entry', 'more entries')} without effect: keysweep policy check --live`]
      : []),
  ];
}
