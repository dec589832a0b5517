/** What is measured: accounts of three sizes with two keys a user, in three states. */
export interface AuditCase {
  readonly users: number;
  readonly stale: 'none' | '10%' | 'all';
}

export const staleFractions: Readonly<Record<AuditCase['stale'], number>> = { none: 0, '10%': 0.1, all: 1 };

export const auditCases: readonly AuditCase[] = [100, 1_000, 5_000].flatMap((users) =>
  (['none', '10%', 'all'] as const).map((stale) => ({ users, stale })),
);

/** What one process measured of itself. Times in milliseconds, memory in bytes. */
export interface AuditMeasurement {
  readonly wallMs: number;
  /** The most memory that the process ever used (resident set). */
  readonly peakMemory: number;
  readonly findings: number;
  readonly errors: number;
  readonly requests: Readonly<Record<string, number>>;
}

/** The same of a forecast. */
export type ForecastMeasurement = Pick<AuditMeasurement, 'wallMs' | 'peakMemory'> & {
  /** What would happen in all its nights. */
  readonly events: number;
};
