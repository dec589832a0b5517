/** What a command audits: the account that the options name, or a saved credential report. */

import type { AwsSession, ConnectOptions } from '../aws/session.ts';
import { snapshotReport } from '../core/audit.ts';
import { DAY, describeDuration } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import { given } from '../core/given.ts';
import { allKinds } from '../core/kinds/kinds.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import type { ReportFacts } from '../core/model.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';
import type { AuditProgress } from '../engine/audit/audit.ts';
import { printable } from '../reports/printable.ts';
import type { OpenCommand } from './command.ts';
import { readStdin, readUserFile } from './input.ts';
import type { Io } from './io.ts';
import type { Note } from './notes.ts';
import { confirmPlaces, type NoticeOptions } from './notices.ts';
import type { AwsOptions } from './options.ts';
import { type Progress, progressOn } from './terminal.ts';

/** The account that the options name, while a command works with it. */
export interface OpenAccount {
  readonly session: AwsSession;
  readonly source: CredentialSource;
  readonly progress: Progress;
}

/**
 * Opens the account for the duration of `use`, once it is certain that it is the account that was asked for and that
 * the topic and the bus are in it. Loads the AWS SDK here, so that offline commands start at once.
 */
export async function withAccount<T>(
  options: AwsOptions & Partial<NoticeOptions> & { readonly quiet?: boolean },
  io: Io,
  use: (account: OpenAccount) => Promise<T>,
): Promise<T> {
  const [{ connect }, { createIamCredentialSource }, { cliCredentials }] = await Promise.all([
    import('../aws/session.ts'),
    import('../aws/iam-credential-source.ts'),
    import('../aws/cli-credentials.ts'),
  ]);
  const { patience, profile, region, quiet } = options;
  const progress = progressOn(io.stderr, quiet === true);
  const credentials = cliCredentials(given({ profile, region, mfaCode: io.ask && askMfaCode(io.ask) }));
  const session = connect({ ...connectOptions(options), credentials });
  try {
    confirmPlaces(options, await session.caller());
    const source = createIamCredentialSource(session, given({ reportPatience: patience }));
    return await use({ session, source, progress });
  } finally {
    await progress.end();
    session.close();
  }
}

const auditPhases: Readonly<Record<AuditProgress['phase'], string>> = {
  report: 'waiting for the credential report',
  tags: 'reading tags',
  credentials: `reading ${allKinds.map(({ noun }) => noun.many).join(', ')}`,
  'last-use': 'reading last uses',
};

/** Audits an open account: the findings, and everything that was read. */
export async function auditOpenAccount(
  { source, progress }: OpenAccount,
  policy: Policy,
  asOf: Date,
): Promise<Snapshot> {
  const { auditAccount } = await import('../engine/audit/audit.ts');
  const onProgress = ({ phase, done, total }: AuditProgress) => progress.show(auditPhases[phase], done, total);
  return auditAccount({ source, onProgress }, policy, asOf);
}

function askMfaCode(ask: NonNullable<Io['ask']>) {
  return async (serialNumber: string) => {
    const code = await ask(`MFA code for ${printable(serialNumber)}: `);
    if (code !== undefined) return code;
    throw new KeysweepError('Cancelled', 'Cancelled, nothing changed.', { hint: 'No MFA code was entered.' });
  };
}

function connectOptions(options: AwsOptions): ConnectOptions {
  const { profile, region, endpointUrl, roleArn, externalId, roleSessionName } = options;
  return given({ profile, region, endpointUrl, roleArn, externalId, roleSessionName });
}

/** Audits what the options name: the file of `--report`, else the account. */
export async function auditNamed(
  options: AwsOptions & { readonly report?: string; readonly quiet?: boolean },
  { policy, io, note }: OpenCommand,
  asOf: Date,
): Promise<Snapshot> {
  if (options.report !== undefined) return auditOffline(options.report, policy, asOf, io, note);
  return withAccount(options, io, (account) => auditOpenAccount(account, policy, asOf));
}

/** Audits a saved credential report; `-` reads it from stdin. Makes no AWS call and needs no credentials. */
export async function auditOffline(file: string, policy: Policy, asOf: Date, io: Io, note: Note): Promise<Snapshot> {
  const started = io.monotonic();
  if (file === '-' && io.stdin.isTerminal)
    await note('reading the credential report from the terminal; press Ctrl-D to end');
  const content = file === '-' ? await readStdin(io) : await readUserFile(file, 'the credential report', io);
  const { audit, ...snapshot } = snapshotReport({ content }, policy, asOf);
  if (audit.report.generatedAt === undefined) await warnOfAge(audit.report, asOf, note);
  return {
    ...snapshot,
    audit: { ...audit, stats: { ...audit.stats, durationMs: Math.round(io.monotonic() - started) } },
  };
}

/** Almost every account uses some credential within a week. */
const quietTime = 7 * DAY;

/**
 * A CSV file does not say when it was made. Judged much later, it shows keys as unused that were used since. If
 * nothing in it is recent, the report itself may be that old.
 */
async function warnOfAge({ ageUnknown, newestDate }: ReportFacts, asOf: Date, note: Note): Promise<void> {
  if (ageUnknown !== undefined) await note(`the age of the report is unknown: ${ageUnknown}`);
  if (newestDate === undefined) return;
  const age = asOf.getTime() - newestDate.getTime();
  if (age <= quietTime) return;
  const then = newestDate.toISOString();
  await note(
    `the newest date in this report is ${describeDuration(age)} old; if the report is that old, add --as-of ${then}`,
  );
}
