/** The words that every text report uses for the same things. */
import { DAY, describeDuration, HOUR, MINUTE } from '../core/duration.ts';
import type { Resolution } from '../core/findings/open-findings.ts';
import { allKinds, isRetirableKind, kindOf, type RetirableKind } from '../core/kinds/kinds.ts';
import { weekdayOf } from '../core/lifecycle/calendar.ts';
import { localDate, localTime } from '../core/lifecycle/local-time.ts';
import type {
  Account,
  Audit,
  CredentialRef,
  Duration,
  Finding,
  FindingSubject,
  ReportFacts,
  Severity,
} from '../core/model.ts';
import { severities } from '../core/model.ts';
import { printable } from './printable.ts';

/** By the clock of a time zone, which it names: `2026-11-22 02:30 UTC`, `2026-11-22 11:30 Asia/Tokyo`. */
export function timeInWords(time: Date, timeZone = 'UTC'): string {
  const { day, clock } = localTime(timeZone, time);
  return `${new Date(day * DAY + clock).toISOString().slice(0, 16).replace('T', ' ')} ${timeZone}`;
}

/** A date that people act on, with its day of the week: `Mon 2026-11-16 04:30 Asia/Tokyo`. */
export function dayAndTimeInWords(time: Date, timeZone = 'UTC'): string {
  return `${weekdayOf(localTime(timeZone, time).day)} ${timeInWords(time, timeZone)}`;
}

/** Only its date: `2026-11-16`, `2026-11-16 (Asia/Tokyo)`. */
export function dateInWords(night: Date, timeZone = 'UTC'): string {
  return `${localDate(timeZone, night)}${timeZone === 'UTC' ? '' : ` (${timeZone})`}`;
}

/** `123456789012 (acme-prod)`, with the partition where it is not the usual one. */
export function accountInWords(account: Account): string {
  const facts = [account.alias, account.partition === 'aws' ? undefined : account.partition];
  const known = facts.filter((fact) => fact !== undefined).map(printable);
  return known.length === 0 ? account.id : `${account.id} (${known.join(', ')})`;
}

/** A user name as it is; the root user and the account in words that no user name can be taken for. */
export function subjectInWords(subject: FindingSubject): string {
  if (subject.kind === 'root') return 'root user';
  return subject.kind === 'account' ? 'the account' : printable(subject.name);
}

const otherKinds: Readonly<Record<Exclude<CredentialRef['kind'], RetirableKind>, string>> = {
  'console-password': 'password',
  'signing-certificate': 'certificate',
  'ssh-public-key': 'SSH key',
  'service-specific-credential': 'service credential',
  'mfa-device': 'MFA device',
  'server-certificate': 'server certificate',
};

function kindInWords(kind: CredentialRef['kind']): string {
  return isRetirableKind(kind) ? kindOf(kind).noun.one : otherKinds[kind];
}

/** `access keys`: the kinds that occur, in the order of the registry. */
export function kindsInWords(kinds: readonly RetirableKind[]): string {
  const nouns = allKinds.filter(({ kind }) => kinds.includes(kind)).map(({ noun }) => noun.many);
  return [nouns.slice(0, -1).join(', '), ...nouns.slice(-1)].filter((part) => part !== '').join(' and ');
}

/** The id of a credential, else its kind and place: `access key 1`; empty where a finding is about no credential. */
export function credentialInWords(credential: CredentialRef | undefined): string {
  if (credential === undefined) return '';
  if (credential.id !== undefined) return printable(credential.id);
  const kind = kindInWords(credential.kind);
  return credential.slot === undefined ? kind : `${kind} ${credential.slot}`;
}

const shownNames = 20;

/** Who has left since the report was made, counted and named; undefined where there is no one. */
export function missingUsersInWords(names: readonly string[] = []): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
  const what =
    names.length === 1
      ? 'user in the credential report no longer exists in IAM under this name'
      : 'users in the credential report no longer exist in IAM under these names';
  return `${names.length} ${what}: ${names.slice(0, shownNames).map(printable).join(', ')}${more}`;
}

/** Why a finding is no longer open, in a few words. */
export function resolutionInWords(resolution: Resolution): string {
  return resolutionWords[resolution];
}

const resolutionWords: Readonly<Record<Resolution, string>> = {
  'no-longer-found': 'no longer found',
  exempted: 'now exempt',
  'rule-disabled': 'no longer checked: the rule is disabled',
};

/** `of 2026-11-22 02:18 UTC, 12 minutes old`, or that no one knows. */
export function reportAgeInWords(report: ReportFacts, asOf: Date): string {
  if (report.generatedAt === undefined) return 'of unknown age (a saved file)';
  const age = asOf.getTime() - report.generatedAt.getTime();
  return `of ${timeInWords(report.generatedAt)}, ${ageInWords(age)}${notRenewedInWords(report)}`;
}

/**
 * Until when the report is the newest there is, and what it may lack; undefined if all that failed was read since, or no one
 * knows how old the report is.
 */
export function reportLagInWords({ generatedAt, currentUntil }: ReportFacts, findings: readonly Finding[], asOf: Date) {
  if (generatedAt === undefined || currentUntil === undefined || !findings.some(restsOnReport)) return undefined;
  const lack = `What was changed after ${timeInWords(generatedAt)} in passwords, MFA, certificates and keys`;
  return asOf < currentUntil
    ? `${lack} may be missing here: AWS generates no newer report before ${timeInWords(currentUntil)}.`
    : `${lack} is missing here. AWS generates a newer report now.`;
}

/** What a message about these findings rests on, in sentences. */
export function sourceInWords(
  { report, asOf }: Pick<Audit, 'report' | 'asOf'>,
  findings: readonly Finding[],
): readonly string[] {
  const source = `As of ${timeInWords(asOf)}, from the credential report ${reportAgeInWords(report, asOf)}.`;
  const lag = reportLagInWords(report, findings, asOf);
  return lag === undefined ? [source] : [source, lag];
}

/** Whether nothing that is newer than the report has confirmed a failure. */
function restsOnReport({ status, principal, evidence }: Finding): boolean {
  const isConfirmed = evidence.source === 'live' || evidence.confirmedBy !== undefined;
  return status === 'fail' && principal.kind !== 'account' && !isConfirmed;
}

function notRenewedInWords({ notRenewed }: ReportFacts): string {
  return notRenewed === undefined
    ? ''
    : `, the one that AWS had cached; it generated no newer one: ${printable(notRenewed)}`;
}

/** A report made for an audit is a few seconds younger than the audit, whose clock is read first. */
function ageInWords(age: Duration): string {
  if (age < -HOUR) return 'generated after that time';
  return age < MINUTE ? 'just generated' : `${describeDuration(age)} old`;
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** `1 critical, 3 high`: the severities that occur, worst first. */
export function severitiesInWords(bySeverity: Readonly<Record<Severity, number>>): string {
  return severities
    .filter((severity) => bySeverity[severity] > 0)
    .map((severity) => `${bySeverity[severity]} ${severity}`)
    .join(', ');
}
