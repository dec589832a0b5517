/**
 * Credentials that seem to be older than their user. IAM deletes the credentials of a user with it, and none can be moved to
 * another: either date is wrong, and it is unknown which, so the creation of the credential counts as unknown.
 */
import { MINUTE } from './duration.ts';
import { principalAsOf } from './future-dates.ts';
import type { Duration, Known, ObservedCertificate, ObservedCredential, ObservedPrincipal } from './model.ts';

/** AWS gives both dates to the second. */
const tolerance: Duration = MINUTE;

type Owner = Pick<ObservedPrincipal, 'principal' | 'createdAt'>;

/** A principal in which every date is unknown that cannot be true at `now`: in the future, or before the user existed. */
export function plausiblePrincipal(seen: ObservedPrincipal, now: Date): ObservedPrincipal {
  const user = principalAsOf(seen, now);
  const credentials = plausibleCredentials(user);
  const certificates = user.certificates.map((one): ObservedCertificate => {
    const uploadedAt = plausibleCreation(one.uploadedAt, 'its upload', user);
    // Nothing that the report says of it is relied on.
    return uploadedAt === one.uploadedAt || uploadedAt.known ? one : { ...one, uploadedAt, active: uploadedAt };
  });
  return { ...user, credentials, certificates };
}

/** The credentials of a user, without dates of creation that are impossible. The root user's are left as they are. */
export function plausibleCredentials({
  credentials,
  ...owner
}: Owner & Pick<ObservedPrincipal, 'credentials'>): readonly ObservedCredential[] {
  const isAnyEarly = credentials.some(({ createdAt }) => isBeforeUser(createdAt, owner));
  if (!isAnyEarly) return credentials;
  return credentials.map((one) => ({ ...one, createdAt: plausibleCreation(one.createdAt, 'its creation', owner) }));
}

/**
 * When a credential of a user was created; unknown if that is impossible.
 * @param what `its creation`, `its upload`
 */
function plausibleCreation(createdAt: Known<Date>, what: string, owner: Owner): Known<Date> {
  if (!createdAt.known || !owner.createdAt.known || !isBeforeUser(createdAt, owner)) return createdAt;
  const [creation, ofUser] = [createdAt.value, owner.createdAt.value].map((time) => time.toISOString());
  return {
    known: false,
    why: `${what} (${creation}) is before the creation of its user (${ofUser}), which is impossible`,
  };
}

function isBeforeUser(date: Known<Date>, { principal, createdAt }: Owner): boolean {
  if (principal.kind !== 'user' || !date.known || !createdAt.known) return false;
  return date.value.getTime() <= createdAt.value.getTime() - tolerance;
}
