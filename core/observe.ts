/** Turns a credential report into an observation, and its markers into what they mean. */
import { HOUR } from './duration.ts';
import { given } from './given.ts';
import { accessKey } from './kinds/access-key.ts';
import { allKinds, kindOf } from './kinds/kinds.ts';
import type { RetirableRef } from './lifecycle/ledger.ts';
import type {
  Account,
  CredentialStatus,
  Duration,
  Known,
  LastUse,
  Observation,
  ObservedCertificate,
  ObservedCredential,
  ObservedPassword,
  ObservedPrincipal,
  Principal,
  ReportFacts,
} from './model.ts';
import { partitionFacts } from './partitions.ts';
import { newestDateOf } from './report/generated-time.ts';
import { additionalCredentials } from './report/parse.ts';
import {
  type CredentialReport,
  type Reported,
  type ReportedAccessKey,
  type ReportedCertificate,
  type ReportRow,
  rootUserName,
  type UnreadableRow,
} from './report/types.ts';

/** AWS generates a report at most every four hours. Source: IAM User Guide, “Getting credential reports”. */
const regeneratedAfter: Duration = 4 * HOUR;

/** What a report shows of an account. `generatedAt` and the alias are known only if AWS gave them. */
export function observeReport(
  report: CredentialReport,
  about: Pick<ReportFacts, 'generatedAt' | 'notRenewed'> & { readonly alias?: string } = {},
): Observation {
  const { generatedAt = report.generatedAt, notRenewed, alias } = about;
  const { unreadable, ageUnknown } = report;
  const rows = report.root === undefined ? report.users : [report.root, ...report.users];
  const newestDate = newestDateOf(rows);
  const account: Account = { ...report.account, ...given({ alias }) };
  return {
    account,
    report: {
      ...given({ generatedAt, currentUntil: generatedAt && new Date(generatedAt.getTime() + regeneratedAfter) }),
      rows: rows.length + unreadable.length,
      ...given({ newestDate, notRenewed, ageUnknown: generatedAt === undefined ? ageUnknown : undefined }),
    },
    ...given({ root: observeAnyRoot(report) }),
    users: [
      ...report.users.map((row) => observePrincipal(row, principalOf(row))),
      ...unreadable.filter((row) => !isRoot(row)).map(observeUnreadable),
    ],
  };
}

/** A root user exists without a row as well, unless accounts of the partition have none. */
function observeAnyRoot({
  root,
  unreadable,
  account: { id, partition },
}: CredentialReport): ObservedPrincipal | undefined {
  if (root !== undefined) return observeRoot(root, partition);
  const damaged = unreadable.find(isRoot);
  if (damaged !== undefined) return observeUnreadable(damaged);
  if (partitionFacts(partition).rootUser === 'none') return undefined;
  const principal = principalOf({ user: rootUserName, arn: `arn:${partition}:iam::${id}:root` });
  return observeUnknown(principal, 'the credential report has no row for the root user');
}

function isRoot({ user }: Pick<ReportRow, 'user'>): boolean {
  return user === rootUserName;
}

function principalOf(row: Pick<ReportRow, 'user' | 'arn'>): Principal {
  return { kind: isRoot(row) ? 'root' : 'user', name: row.user, arn: row.arn };
}

function observeUnreadable(row: UnreadableRow): ObservedPrincipal {
  return observeUnknown(principalOf(row), row.why);
}

/** A principal that exists; everything else about it is unknown. */
export function observeUnknown(principal: Principal, why: string): ObservedPrincipal {
  const unknown = { known: false, why } as const;
  return {
    principal,
    unreadable: why,
    createdAt: unknown,
    password: { enabled: unknown, lastUse: { kind: 'unknown', why } },
    mfaActive: unknown,
    credentials: [],
    certificates: [],
    hiddenCertificates: why,
    tags: principal.kind === 'root' ? { known: true, value: {} } : { known: false, why: unreadTags },
    incomplete: Object.fromEntries(allKinds.map(({ kind }) => [kind, why])),
  };
}

/**
 * A user that a live read shows, and the report does not.
 * @param about whether the report shows a user of this name that no longer exists
 */
export function observeUnreported(
  principal: Principal,
  { isNameReused }: { readonly isNameReused: boolean },
): ObservedPrincipal {
  const why = isNameReused ? 'shows an earlier user of this name' : 'does not show a user of this name';
  return { ...observeUnknown(principal, `the credential report ${why}`), isUnreported: true };
}

const unreadTags = 'the tags were not read; the credential report does not contain them';

function observeRoot(row: ReportRow, partition: string): ObservedPrincipal {
  const observed = observePrincipal(row, principalOf(row));
  const password = observeRootPassword(row, observed.password, partitionFacts(partition).rootUser === 'full');
  return { ...observed, password, tags: { known: true, value: {} } };
}

/**
 * Older reports say not_supported for root's password; root has one unless the organization removed it. Where root cannot
 * sign in, the same word means that there is none, and so no use of it.
 */
function observeRootPassword(row: ReportRow, password: ObservedPassword, canSignIn: boolean): ObservedPassword {
  const isUnsaid = (field: Reported<unknown>) => !field.known && field.marker === 'not_supported';
  const enabled = isUnsaid(row.passwordEnabled) ? ({ known: true, value: canSignIn } as const) : password.enabled;
  const lastUse = !canSignIn && isUnsaid(row.passwordLastUsed) ? ({ kind: 'never' } as const) : password.lastUse;
  return { ...password, enabled, lastUse };
}

function observePrincipal(row: ReportRow, principal: Principal): ObservedPrincipal {
  const hidden = describeHiddenKeys(row);
  const incomplete = {
    ...(principal.kind === 'user' ? unreported : {}),
    ...(hidden === undefined ? {} : { [accessKey.kind]: hidden }),
  };
  return {
    principal,
    createdAt: toKnown(row.createdAt, 'user_creation_time'),
    password: {
      enabled: toKnown(row.passwordEnabled, 'password_enabled'),
      lastUse: toLastUse(row.passwordLastUsed, 'password_last_used'),
      ...(row.passwordLastChanged.known ? { lastChanged: row.passwordLastChanged.value } : {}),
    },
    mfaActive: toKnown(row.mfaActive, 'mfa_active'),
    credentials: row.accessKeys.filter(existsInSlot).map(observeAccessKey),
    certificates: row.certificates.flatMap(observeCertificate),
    tags: { known: false, why: unreadTags },
    ...given({ moreThanShown: additionalCredentials(row) }),
    ...(Object.keys(incomplete).length === 0 ? {} : { incomplete }),
  };
}

/** Kinds that are not read from the report are unknown until they are listed live. */
const unreported = Object.fromEntries(
  allKinds
    .filter(({ kind }) => kind !== accessKey.kind)
    .map(({ kind, noun }) => [kind, `${noun.many} are not read from the credential report`]),
);

function observeAccessKey(key: ReportedAccessKey): ObservedCredential {
  const active = toKnown(key.active, `access_key_${key.slot}_active`);
  const where = {
    ...(key.lastUsedService.known ? { service: key.lastUsedService.value } : {}),
    ...(key.lastUsedRegion.known ? { region: key.lastUsedRegion.value } : {}),
  };
  return {
    ref: { kind: accessKey.kind, slot: key.slot },
    status: active.known ? { known: true, value: active.value ? 'Active' : 'Inactive' } : active,
    createdAt: toKnown(key.lastRotated, `access_key_${key.slot}_last_rotated`),
    lastUse: toLastUse(key.lastUsed, `access_key_${key.slot}_last_used_date`, where),
    source: 'report',
  };
}

/** The certificate in a slot, if there is one, or may be one. An empty slot is not active and has no date. */
function observeCertificate({ slot, active, lastRotated }: ReportedCertificate): readonly ObservedCertificate[] {
  const uploadedAt = toKnown(lastRotated, `cert_${slot}_last_rotated`);
  const isOff = active.known ? !active.value : active.marker === 'N/A';
  if (isOff && !lastRotated.known) return [];
  return [{ slot, active: toKnown(active, `cert_${slot}_active`), uploadedAt }];
}

/** A slot without a key is not active, has no dates, and names no use. */
function existsInSlot({ active, ...facts }: ReportedAccessKey): boolean {
  const { lastRotated, lastUsed, lastUsedRegion, lastUsedService } = facts;
  const isAnyKnown = [lastRotated, lastUsed, lastUsedRegion, lastUsedService].some(({ known }) => known);
  return (active.known && active.value) || isAnyKnown;
}

function describeHiddenKeys(row: ReportRow): string | undefined {
  if (additionalCredentials(row) !== undefined) return 'the user has more credentials than the credential report shows';
  const silent = row.accessKeys.find((key) => !existsInSlot(key) && !key.active.known && key.active.marker !== 'N/A');
  return silent === undefined
    ? undefined
    : `the credential report does not say whether access key ${silent.slot} exists`;
}

function toKnown<T>(reported: Reported<T>, column: string): Known<T> {
  if (reported.known) return reported;
  return { known: false, why: `the credential report says ${reported.marker} for ${column}` };
}

/**
 * `N/A` and `no_information` mean never used, or not used since AWS began to track it (keys 2015-04-22, passwords
 * 2014-10-20), which is longer ago than any sensible limit. `not_supported` says nothing.
 */
function toLastUse(
  reported: Reported<Date>,
  column: string,
  where: { service?: string; region?: string } = {},
): LastUse {
  if (reported.known) return { kind: 'used', at: reported.value, ...where };
  const named = where.service ?? where.region;
  if (named !== undefined) {
    const why = `the credential report says ${reported.marker} for ${column}, but that it was used with ${named}`;
    return { kind: 'unknown', why };
  }
  if (reported.marker !== 'not_supported') return { kind: 'never' };
  return { kind: 'unknown', why: `the credential report says not_supported for ${column}` };
}

/** A credential as IAM lists it; a list says nothing about its last use. */
export function observeListed(ref: RetirableRef, status: CredentialStatus, createdAt: Date): ObservedCredential {
  return {
    ref,
    status: { known: true, value: status },
    createdAt: { known: true, value: createdAt },
    lastUse: kindOf(ref.kind).use === 'untracked' ? { kind: 'untracked' } : { kind: 'unknown', why: 'it was not read' },
    source: 'live',
  };
}
