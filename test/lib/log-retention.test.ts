import { describe, expect, it } from 'vitest';
import { logRetention } from '../../lib/log-retention.ts';

const DAY = 86_400_000;

describe('logRetention', () => {
  it.each([
    [1, 1],
    [2, 3],
    [7, 7],
    [90, 90],
    [91, 120],
    [365, 365],
    [366, 400],
    [3653, 3653],
  ])('keeps logs for at least %d days: %d', (atLeast, days) => {
    expect(logRetention(atLeast * DAY)).toBe(days);
  });

  it('is the next period from one millisecond above', () => {
    expect(logRetention(90 * DAY + 1)).toBe(120);
  });

  it('refuses more than CloudWatch Logs offers, rather than keep less', () => {
    expect(() => logRetention(3654 * DAY)).toThrow(
      expect.objectContaining({
        code: 'PolicyInvalid',
        message: 'deployment.logRetention is 3654 days',
        hint: 'Set it to at most 3653 days, the limit of CloudWatch Logs.',
      }),
    );
  });
});
