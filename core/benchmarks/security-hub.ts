/** Controls of AWS Security Hub CSPM. Source: AWS Security Hub User Guide, “Security Hub CSPM controls for IAM”. */
import type { Benchmark } from './benchmark.ts';
import { olderThan, unusedFor } from './conditions.ts';
import { unusedCredentials } from './violations.ts';

export const securityHub: Benchmark = {
  id: 'SecurityHub',
  title: 'AWS Security Hub CSPM',
  controls: [
    {
      number: 'IAM.3',
      title: 'Access keys are rotated every 90 days or less',
      violatedBy: [{ rule: 'access-key-too-old', when: olderThan(90) }],
    },
    { number: 'IAM.4', title: 'The root user has no access key', violatedBy: [{ rule: 'root-access-key' }] },
    {
      number: 'IAM.5',
      title: 'Every IAM user with a console password has MFA',
      violatedBy: [{ rule: 'console-mfa-missing' }],
    },
    { number: 'IAM.6', title: 'The root user has hardware MFA', violatedBy: [{ rule: 'root-mfa-missing' }] },
    {
      number: 'IAM.8',
      title: 'Credentials unused for 90 days are removed',
      violatedBy: unusedCredentials(unusedFor(90)),
    },
    { number: 'IAM.9', title: 'The root user has MFA', violatedBy: [{ rule: 'root-mfa-missing' }] },
    {
      number: 'IAM.19',
      title: 'Every IAM user has MFA, with or without a password',
      violatedBy: [{ rule: 'user-mfa-missing' }, { rule: 'console-mfa-missing' }],
    },
    { number: 'IAM.20', title: 'The root user is not used', violatedBy: [{ rule: 'root-used-recently' }] },
    {
      number: 'IAM.22',
      title: 'Credentials unused for 45 days or more are removed',
      violatedBy: unusedCredentials(unusedFor(45)),
    },
  ],
};
