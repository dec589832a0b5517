import { DAY } from '../duration.ts';
import type { KindSpec } from './kind.ts';

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
        'Ask the owner whether anything still needs the key. If not, or if no one answers, deactivate it, and delete it a few weeks later. If something does, replace the key: a role for a workload, aws login or IAM Identity Center for a person.',
      severity: 'high',
    },
    'never-used': {
      why: 'A key that was never used is not needed, yet someone has its secret.',
      remedy:
        'Ask the owner what the key was created for. Deactivate it, and delete it a few weeks later. What still needs access gets a role; people use aws login or IAM Identity Center.',
      severity: 'high',
    },
    'too-old': {
      why: 'The longer a key lives, the more copies of it exist in files, images and logs, and the longer a leaked copy works.',
      remedy:
        'Do without a key where you can: people use aws login or IAM Identity Center, workloads in AWS a role, workloads elsewhere OIDC federation or IAM Roles Anywhere. Else rotate: create a second key, switch every workload to it, wait until the old key is idle, deactivate it, and delete it later.',
      severity: 'medium',
    },
    inactive: {
      why: 'Anyone who may manage keys can reactivate an inactive key, and it takes up one of the two keys that a user can have.',
      remedy: 'Delete the key. If it may still be needed, record why in an exemption with an owner and an expiry date.',
      severity: 'low',
    },
  },
} as const satisfies KindSpec;
