/**
 * Dates in the future. AWS records what has happened, so either a clock or the date is wrong, and the fact counts as unknown.
 * Otherwise a use in the year 2999 would exempt its credential forever.
 */
import { MINUTE } from './duration.ts';
import type { Duration, Known, LastUse, ObservedCertificate, ObservedCredential, ObservedPrincipal } from './model.ts';

/**
 * How far a clock may be behind. AWS refuses requests whose signature is 5 to 15 minutes off, but the SDK silently corrects
 * its signatures by the answers it gets.
 */
export const clockTolerance: Duration = 15 * MINUTE;

/** Whether a moment is later than `now` by more than clocks may differ. */
export function isInFuture(time: Date, now: Date): boolean {
  return time.getTime() - now.getTime() > clockTolerance;
}

/** Explains such a date to people. @param what `its last use`, `its creation` */
export function describeFutureDate(what: string, time: Date): string {
  return `${what} (${time.toISOString()}) is in the future: a clock is wrong, or that date is`;
}

/** A last use; unknown if it cannot be true at `now`. */
export function lastUseAsOf(lastUse: LastUse, now: Date): LastUse {
  if (lastUse.kind !== 'used' || !isInFuture(lastUse.at, now)) return lastUse;
  return { kind: 'unknown', why: describeFutureDate('its last use', lastUse.at) };
}

/** A date of creation or change; unknown if it cannot be true at `now`. */
export function dateAsOf(date: Known<Date>, what: string, now: Date): Known<Date> {
  return date.known && isInFuture(date.value, now) ? { known: false, why: describeFutureDate(what, date.value) } : date;
}

/** A principal and its credentials, with every date unknown that cannot be true at `now`. */
export function principalAsOf(principal: ObservedPrincipal, now: Date): ObservedPrincipal {
  const { createdAt, password, credentials, certificates, removed } = principal;
  const dated = [principal, password, ...credentials, ...certificates, ...(removed?.credentials ?? [])];
  if (!dated.some((one) => datesOf(one).some((date) => isInFuture(date, now)))) return principal;
  const asOfNow = (all: readonly ObservedCredential[]) => all.map((one) => credentialAsOf(one, now));
  return {
    ...principal,
    createdAt: dateAsOf(createdAt, 'the creation of the user', now),
    password: { ...password, lastUse: lastUseAsOf(password.lastUse, now) },
    credentials: asOfNow(credentials),
    certificates: certificates.map((one) => certificateAsOf(one, now)),
    ...(removed === undefined ? {} : { removed: { ...removed, credentials: asOfNow(removed.credentials) } }),
  };
}

type Dated = Pick<ObservedCredential, 'createdAt' | 'lastUse'> & Pick<ObservedCertificate, 'uploadedAt'>;

function datesOf({ createdAt, uploadedAt, lastUse }: Partial<Dated>): readonly Date[] {
  const known = [createdAt, uploadedAt].flatMap((date) => (date?.known === true ? date.value : []));
  return lastUse?.kind === 'used' ? [...known, lastUse.at] : known;
}

/** A certificate; if its date cannot be true at `now`, nothing that the report says of it is relied on. */
function certificateAsOf(certificate: ObservedCertificate, now: Date): ObservedCertificate {
  const uploadedAt = dateAsOf(certificate.uploadedAt, 'its upload', now);
  return uploadedAt === certificate.uploadedAt || uploadedAt.known
    ? certificate
    : { ...certificate, uploadedAt, active: uploadedAt };
}

/** A credential, with every date unknown that cannot be true at `now`. */
export function credentialAsOf(credential: ObservedCredential, now: Date): ObservedCredential {
  const { createdAt, lastUse } = credential;
  return {
    ...credential,
    createdAt: dateAsOf(createdAt, 'its creation', now),
    lastUse: lastUseAsOf(lastUse, now),
  };
}
