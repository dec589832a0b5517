/** PCI DSS v4.0.1. Which requirements concern IAM credentials: the mapping of AWS Security Hub CSPM. */
import type { Benchmark } from './benchmark.ts';
import { both, olderThan, unusedForMoreThan, withoutMfa } from './conditions.ts';
import { unusedCredentials } from './violations.ts';

export const pciDss: Benchmark = {
  id: 'PCI-4.0.1',
  title: 'PCI DSS v4.0.1',
  controls: [
    {
      number: '8.2.6',
      title: 'Inactive user accounts are removed or disabled within 90 days of inactivity',
      violatedBy: unusedCredentials(unusedForMoreThan(90)),
    },
    {
      number: '8.3.9',
      title: 'A secret that is the only factor changes at least every 90 days',
      violatedBy: [
        { rule: 'access-key-too-old', when: olderThan(90) },
        { rule: 'console-password-too-old', when: both(olderThan(90), withoutMfa) },
      ],
    },
    {
      number: '8.4.2',
      title: 'Access to the cardholder data environment requires MFA',
      violatedBy: [{ rule: 'root-mfa-missing' }, { rule: 'console-mfa-missing' }],
    },
    {
      number: '8.6.3',
      title: 'Secrets of application and system accounts change periodically',
      violatedBy: [{ rule: 'access-key-too-old', when: olderThan(90) }],
    },
  ],
};
