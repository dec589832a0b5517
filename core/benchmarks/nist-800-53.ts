/**
 * NIST SP 800-53 revision 5. It leaves periods to the organization: for unused credentials that is keysweep.yaml, for age
 * the 90 days with which AWS Security Hub CSPM maps IAM.3 to these controls.
 */
import type { Benchmark } from './benchmark.ts';
import { olderThan } from './conditions.ts';
import { unusedCredentials } from './violations.ts';

export const nist80053: Benchmark = {
  id: 'NIST-800-53r5',
  title: 'NIST SP 800-53 Revision 5',
  controls: [
    {
      number: 'AC-2(1)',
      title: 'Account management is supported by automation',
      violatedBy: [{ rule: 'access-key-too-old', when: olderThan(90) }],
    },
    {
      number: 'AC-2(3)',
      title: 'Accounts are disabled when they are inactive for too long',
      violatedBy: [...unusedCredentials(), { rule: 'access-key-too-old', when: olderThan(90) }],
    },
    {
      number: 'AC-3(15)',
      title: 'Discretionary and mandatory access control',
      violatedBy: [{ rule: 'access-key-too-old', when: olderThan(90) }],
    },
    {
      number: 'AC-6(10)',
      title: 'Users without privileges cannot use privileged functions',
      violatedBy: [{ rule: 'root-access-key' }],
    },
    {
      number: 'IA-2(1)',
      title: 'Privileged accounts need MFA',
      violatedBy: [{ rule: 'root-mfa-missing' }, { rule: 'console-mfa-missing' }],
    },
    {
      number: 'IA-2(2)',
      title: 'Accounts without privileges need MFA',
      violatedBy: [{ rule: 'console-mfa-missing' }],
    },
  ],
};
