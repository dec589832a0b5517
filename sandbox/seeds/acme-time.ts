/** The night on which the acme account is looked at. */
export const acmeNow = new Date('2026-11-20T02:30:00Z');

/**
 * The ISO time so many days before {@link acmeNow}. Whole days are exact; fractions of days get odd minutes and
 * seconds, always the same ones, so that the account does not look as if it lived by the clock.
 */
export function daysAgo(days: number): string {
  const seconds = Math.round(days * 86_400);
  return secondsAgo(Number.isInteger(days) ? seconds : seconds + ((seconds * 7919) % 601));
}

export function secondsAgo(seconds: number): string {
  return new Date(acmeNow.getTime() - seconds * 1000).toISOString();
}
