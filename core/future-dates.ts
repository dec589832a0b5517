/**
 * Dates that lie ahead of the moment that is judged. AWS records what has happened, so a clock is wrong or the date is: then
 * no one knows the fact. Believed, a use in the year 2999 would be an exemption for ever.
 */
import { MINUTE } from './duration.ts';
import type { Duration, Known, LastUse, ObservedCredential, ObservedPrincipal } from './model.ts';

/**
 * By how much a clock may be slow. AWS refuses requests that are signed 5 to 15 minutes off, but the SDK corrects its
 * signatures by the answers it gets, and does not tell.
 */
export const clockTolerance: Duration = 15 * MINUTE;

/** Whether a moment lies ahead of `now` by more than clocks may differ. */
export function isInFuture(time: Date, now: Date): boolean {
  return time.getTime() - now.getTime() > clockTolerance;
}

/** What such a date means, for people: `its last use`, `its creation`. */
export function describeFutureDate(what: string, time: Date): string {
  return `${what} (${time.toISOString()}) lies ahead: a clock is wrong, or that date is`;
}

/** A last use, as far as it can be true at `now`. */
export function lastUseAsOf(lastUse: LastUse, now: Date): LastUse {
  if (lastUse.kind !== 'used' || !isInFuture(lastUse.at, now)) return lastUse;
  return { kind: 'unknown', why: describeFutureDate('its last use', lastUse.at) };
}

/** A date of creation or change, as far as it can be true at `now`. */
export function dateAsOf(date: Known<Date>, what: string, now: Date): Known<Date> {
  return date.known && isInFuture(date.value, now) ? { known: false, why: describeFutureDate(what, date.value) } : date;
}

/** A principal and its credentials, as far as what is known of them can be true at `now`. */
export function principalAsOf(principal: ObservedPrincipal, now: Date): ObservedPrincipal {
  const { createdAt, password, credentials } = principal;
  const isAnyAhead = [principal, password, ...credentials].some((one) =>
    datesOf(one).some((date) => isInFuture(date, now)),
  );
  if (!isAnyAhead) return principal;
  return {
    ...principal,
    createdAt: dateAsOf(createdAt, 'the creation of the user', now),
    password: { ...password, lastUse: lastUseAsOf(password.lastUse, now) },
    credentials: credentials.map((one) => credentialAsOf(one, now)),
  };
}

function datesOf(one: Partial<Pick<ObservedCredential, 'createdAt' | 'lastUse'>>): readonly Date[] {
  const { createdAt, lastUse } = one;
  return [...(createdAt?.known === true ? [createdAt.value] : []), ...(lastUse?.kind === 'used' ? [lastUse.at] : [])];
}

/** A credential, as far as what is known of it can be true at `now`. */
export function credentialAsOf(credential: ObservedCredential, now: Date): ObservedCredential {
  const { createdAt, lastUse } = credential;
  return {
    ...credential,
    createdAt: dateAsOf(createdAt, 'its creation', now),
    lastUse: lastUseAsOf(lastUse, now),
  };
}
