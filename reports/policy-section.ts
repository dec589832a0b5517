import type { createColors } from 'picocolors';
import { usageProblems } from '../core/policy/usage.ts';
import type { PolicyUsage } from '../core/policy/usage-types.ts';
import { printable } from './printable.ts';
import { listItem } from './rows.ts';

/** What of a policy matches no one, or never has a say, for a table; nothing where all is as it was meant. */
export function policySection(
  usage: PolicyUsage | undefined,
  width: number,
  colors: ReturnType<typeof createColors>,
): string[] {
  const problems = usage === undefined ? [] : usageProblems(usage);
  if (problems.length === 0) return [];
  return [
    `${colors.bold(colors.yellow('POLICY'))}  ${colors.bold('No effect in this account')}`,
    ...problems.flatMap((problem) => listItem(printable(problem), width)),
  ];
}
