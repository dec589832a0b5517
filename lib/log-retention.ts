import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DAY } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import type { Duration } from '../core/model.ts';

/** The periods that CloudWatch Logs offers, in days, shortest first. */
const periods: readonly RetentionDays[] = Object.values(RetentionDays)
  .filter((days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE)
  .sort((a, b) => a - b);

/**
 * The shortest period of CloudWatch Logs that keeps logs for at least `atLeast` milliseconds.
 *
 * @throws KeysweepError PolicyInvalid if even the longest one (10 years) is shorter
 */
export function logRetention(atLeast: Duration): RetentionDays {
  const period = periods.find((days) => days * DAY >= atLeast);
  if (period !== undefined) return period;
  const longest = periods.at(-1);
  throw new KeysweepError('PolicyInvalid', `deployment.logRetention is ${atLeast / DAY} days`, {
    hint: `Set it to at most ${longest} days, the limit of CloudWatch Logs.`,
  });
}
