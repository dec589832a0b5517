/**
 * The credential report as typed rows.
 *
 * Where AWS writes a word instead of a value, the word is kept as a {@link Marker}: it is never a date and never `false`,
 * so that "unknown" cannot accidentally become "unused" or "inactive".
 */

/**
 * `N/A`: not applicable, or never used, or not used since tracking began (keys 2015-04-22, passwords 2014-10-20).
 * `no_information`: a password never used since 2014-10-20. `not_supported`: the column means nothing in this row.
 */
export type Marker = 'N/A' | 'no_information' | 'not_supported';

/** A field: a value, or the marker that AWS wrote in its place. */
export type Reported<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly marker: Marker };

/** One access key slot. Slots come in no reliable order and hold no key id. */
export interface ReportedAccessKey {
  readonly slot: 1 | 2;
  readonly active: Reported<boolean>;
  /** The creation date of the key. Despite its name it does not move when the key's status changes. */
  readonly lastRotated: Reported<Date>;
  readonly lastUsed: Reported<Date>;
  /** `N/A` is normal for services without regions (S3) and does not mean unused. */
  readonly lastUsedRegion: Reported<string>;
  readonly lastUsedService: Reported<string>;
}

/** One signing certificate slot. */
export interface ReportedCertificate {
  readonly slot: 1 | 2;
  readonly active: Reported<boolean>;
  readonly lastRotated: Reported<Date>;
}

/** One row: the root user (`user` is `<root_account>`) or an IAM user. */
export interface ReportRow {
  /** Line in the file, from 1, for messages. */
  readonly line: number;
  readonly user: string;
  readonly arn: string;
  readonly createdAt: Reported<Date>;
  readonly passwordEnabled: Reported<boolean>;
  readonly passwordLastUsed: Reported<Date>;
  readonly passwordLastChanged: Reported<Date>;
  readonly passwordNextRotation: Reported<Date>;
  readonly mfaActive: Reported<boolean>;
  readonly accessKeys: readonly [ReportedAccessKey, ReportedAccessKey];
  readonly certificates: readonly [ReportedCertificate, ReportedCertificate];
  /** Columns unknown to this version, by name, as written. */
  readonly otherColumns: Readonly<Record<string, string>>;
}

/** A principal of which nothing is known: its row is damaged, or it has several. */
export interface UnreadableRow extends Pick<ReportRow, 'line' | 'user' | 'arn'> {
  /** For people. */
  readonly why: string;
}

/** A credential report. */
export interface CredentialReport {
  /** Account id (12 digits) and partition, from the ARNs. Every row belongs to this one account. */
  readonly account: { readonly id: string; readonly partition: string };
  /** When AWS generated it, if the file says so. */
  readonly generatedAt?: Date;
  /** Why that is unknown although the file says something. For people; a clause. */
  readonly ageUnknown?: string;
  /** Absent in China, in reports from some producers, and if it is unreadable. */
  readonly root?: ReportRow;
  readonly users: readonly ReportRow[];
  /** Principals that exist, but of which the report does not reliably say anything. */
  readonly unreadable: readonly UnreadableRow[];
}

/** The name of the root row. */
export const rootUserName = '<root_account>';
