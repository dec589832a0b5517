import { DAY } from '../duration.ts';
import type { KindSpec } from './kind.ts';

/** Benchmarks have one control for every unused credential. */
const unusedControls = {
  cis: ['1.12', '1.11', '2.11', '2.11'],
  securityHub: ['IAM.22', 'IAM.8'],
  pci: ['8.2.6'],
  nist: ['AC-2(3)'],
} as const;

/** Access keys of IAM users. Thresholds follow CIS (90 days of age, 45 days without use). */
export const accessKey = {
  kind: 'access-key',
  noun: { one: 'access key', many: 'access keys', short: 'key', shortMany: 'keys' },
  section: 'accessKeys',
  use: 'tracked',
  off: 'status',
  inReport: true,
  idPrefix: 'AKIA',
  refusedWith:
    'InvalidClientTokenId or UnrecognizedClientException, InvalidAccessKeyId (Amazon S3), or SMTP 535 (Amazon SES)',
  metric: { one: 'Key', many: 'Keys' },
  defaults: {
    maxAge: 90 * DAY,
    maxIdle: 45 * DAY,
    neverUsedGrace: 7 * DAY,
    inUseWindow: 14 * DAY,
    deactivateInUse: false,
    warn: [14 * DAY, 7 * DAY, 1 * DAY],
    deleteAfter: 30 * DAY,
    restoreGrace: 14 * DAY,
    maxInactive: 90 * DAY,
  },
  rules: {
    unused: {
      why: 'An unused key is useful only to an attacker, and no one would notice its theft.',
      remedy:
        'Ask the owner whether anything still needs the key. If not, or if no one answers, deactivate it, and delete it a few weeks later.',
      severity: 'high',
      controls: unusedControls,
    },
    'never-used': {
      why: 'A key that was never used is not needed, yet someone has its secret.',
      remedy:
        'Ask the owner what the key was created for. Deactivate it, and delete it a few weeks later. Creating a new one takes a minute.',
      severity: 'high',
      controls: unusedControls,
    },
    'too-old': {
      why: 'The longer a key lives, the more copies of it exist in files, images and logs, and the longer a leaked copy works.',
      remedy:
        'Create a second key, switch every workload to it, wait until the old key is idle, deactivate it, and delete it later. Better: replace the key with a role or IAM Identity Center.',
      severity: 'medium',
      controls: {
        cis: ['1.14', '1.13', '2.13', '2.12'],
        securityHub: ['IAM.3'],
        pci: ['8.3.9', '8.6.3'],
        nist: ['AC-2(1)', 'AC-2(3)', 'AC-3(15)'],
      },
    },
    inactive: {
      why: 'Anyone who may manage keys can reactivate an inactive key, and it takes up one of the two keys that a user can have.',
      remedy: 'Delete the key. If it may still be needed, record why in an exemption with an owner and an expiry date.',
      severity: 'low',
      controls: { nist: ['AC-2(3)'] },
    },
  },
} as const satisfies KindSpec;
