/**
 * CIS Amazon Web Services Foundations Benchmark, v3.0.0 to v7.0.0: the same controls under other numbers. v4.0.0 has those
 * of v3.0.0. Source: the benchmark's documents.
 */
import type { Benchmark, Control } from './benchmark.ts';
import { olderThan, unusedFor } from './conditions.ts';
import { unusedCredentials } from './violations.ts';

const versions = ['3.0', '4.0', '5.0', '6.0', '7.0'] as const;
type Version = (typeof versions)[number];

interface NumberedControl extends Omit<Control, 'number'> {
  /** By version; a version without the control is left out. */
  readonly numbers: Readonly<Partial<Record<Version, string>>>;
}

/** The numbers in v3.0 and v4.0, v5.0, v6.0, and v7.0 where the control is still there. */
function numbers(v3and4: string, v5: string, v6: string, v7?: string): NumberedControl['numbers'] {
  return { '3.0': v3and4, '4.0': v3and4, '5.0': v5, '6.0': v6, ...(v7 === undefined ? {} : { '7.0': v7 }) };
}

const controls: readonly NumberedControl[] = [
  {
    numbers: numbers('1.4', '1.3', '2.3', '2.4'),
    title: 'The root user has no access key',
    violatedBy: [{ rule: 'root-access-key' }],
  },
  {
    numbers: numbers('1.5', '1.4', '2.4', '2.5'),
    title: 'The root user has MFA',
    violatedBy: [{ rule: 'root-mfa-missing' }],
  },
  {
    numbers: numbers('1.6', '1.5', '2.5', '2.6'),
    // Of a root user with MFA, keysweep does not read which kind it is.
    title: 'The root user has hardware MFA',
    violatedBy: [{ rule: 'root-mfa-missing' }],
  },
  {
    numbers: numbers('1.7', '1.6', '2.6', '2.7'),
    title: 'The root user is not used for everyday tasks',
    violatedBy: [{ rule: 'root-used-recently' }],
  },
  {
    numbers: numbers('1.10', '1.9', '2.9', '2.10'),
    title: 'Every IAM user with a console password has MFA',
    violatedBy: [{ rule: 'console-mfa-missing' }],
  },
  {
    numbers: numbers('1.11', '1.10', '2.10'),
    title: 'No access key is created together with a user who has a console password',
    violatedBy: [{ rule: 'access-key-at-user-creation' }],
  },
  {
    numbers: numbers('1.12', '1.11', '2.11', '2.11'),
    title: 'Credentials unused for 45 days or more are disabled',
    violatedBy: unusedCredentials(unusedFor(45)),
  },
  {
    numbers: numbers('1.13', '1.12', '2.12'),
    title: 'An IAM user has only one active access key',
    violatedBy: [{ rule: 'access-keys-two-active' }],
  },
  {
    numbers: numbers('1.14', '1.13', '2.13', '2.12'),
    title: 'Access keys are rotated every 90 days or less',
    violatedBy: [{ rule: 'access-key-too-old', when: olderThan(90) }],
  },
];

export const cisAwsFoundations: readonly Benchmark[] = versions.map((version) => ({
  id: `CIS-${version}`,
  title: `CIS AWS Foundations Benchmark v${version}.0`,
  controls: controls.flatMap(({ numbers: byVersion, title, violatedBy }) => {
    const number = byVersion[version];
    return number === undefined ? [] : [{ number, title, violatedBy }];
  }),
}));
