import type { UserSeed } from '../state/seed.ts';
import { inactiveKey, key, machine, used } from './acme-builders.ts';
import { daysAgo, secondsAgo } from './acme-time.ts';

const day = 86_400;

/** Programs whose keys are in order. */
const tidy: readonly UserSeed[] = [
  machine('artifact-publisher', 'platform', [key(40.2, used(0.1, 's3'))]),
  // Uses nothing but S3, which has no region: N/A in the report, and in use all the same.
  machine('backup-nightly', 'platform', [key(60.7, used(0.08, 's3'))]),
  machine('dns-updater', 'platform', [key(25.3, used(0.2, 'route53', 'us-east-1'))]),
  machine('fleet-telemetry', 'mobile', [key(52.8, used(0.01, 'iot'))]),
  machine('grafana-reader', 'platform', [key(75.6, used(0.02, 'monitoring'))]),
  machine('pdf-renderer', 'web', [key(31.9, used(0.3, 's3'))]),
  machine('search-indexer', 'web', [key(66.1, used(0.05, 'es'))]),
  machine('terraform-apply', 'platform', [key(14.4, used(0.4, 'sts', 'us-east-1'))]),
  // 90 days old to the second: rotated every 90 days or less, and so in order.
  machine('exactly-90-days', 'platform', [{ createdAt: secondsAgo(90 * day), lastUsed: used(0.2, 'sqs') }]),
  // Made yesterday for a new service that is not live yet.
  machine('notify-service', 'mobile', [key(1.2)]),
];

/** Programs with something to find. */
const untidy: readonly UserSeed[] = [
  // Two keys of the same second: one stale for months, the other used this night.
  machine('billing-export', 'finance', [
    { createdAt: daysAgo(420), lastUsed: used(168.3, 's3') },
    { createdAt: daysAgo(420), lastUsed: used(0.06, 's3') },
  ]),
  // Never used since it was made, 800 days ago.
  machine('legacy-crm-sync', 'finance', [key(800.2)]),
  // Idle for exactly 45 days: at the limit, and over it.
  machine('hr-import', 'finance', [{ createdAt: daysAgo(80.3), lastUsed: used(45, 'sqs') }]),
  // Idle for a minute less than 45 days: not yet.
  machine('hr-import-staging', 'finance', [
    { createdAt: daysAgo(80.3), lastUsed: { at: secondsAgo(45 * day - 60), service: 'sqs', region: 'eu-central-1' } },
  ]),
  // A second more than 90 days old, in use.
  machine('payment-webhook', 'payments', [{ createdAt: secondsAgo(90 * day + 1), lastUsed: used(0.03, 'sns') }]),
  // The one that must not be deactivated: 400 days old, and production uses it this minute.
  machine('payments-prod', 'payments', [key(400.6, used(0.004, 'dynamodb'))]),
  // Deactivated by a person long ago, never deleted.
  machine('old-jenkins', 'platform', [inactiveKey(1510.3, used(460.9, 'ec2'))]),
  // Deactivated this month: may still come back.
  machine('etl-2025', 'data', [inactiveKey(300.5, used(16.2, 'glue'))]),
  // The older key is in slot 2.
  machine('mobile-ci', 'mobile', [key(18.4, used(0.1, 'devicefarm', 'us-west-2')), key(655.2, used(190.7, 's3'))]),
  // Found on a public code host: AWS has quarantined it.
  machine('notebook-sharing', 'data', [key(210.9, used(9.3, 's3'))], {
    attachedPolicies: ['AWSCompromisedKeyQuarantineV3', 'AmazonS3ReadOnlyAccess'],
  }),
  // Mail relays are forgotten for years: SMTP passwords derive from the key.
  machine('smtp-relay', 'web', [key(1460.1, used(0.02, 'ses', 'eu-west-1'))]),
  // Older than AWS's tracking of uses, which began on 2015-04-22.
  machine('migration-2014', 'platform', [{ createdAt: '2014-08-05T09:12:44Z' }], { tags: {}, groups: [] }),
  // Never used for exactly the 7 days of grace.
  machine('trial-integration', 'web', [{ createdAt: secondsAgo(7 * day) }]),
  // A vendor that was replaced a year ago still holds a working key.
  machine('vendor-scanner', 'platform', [key(777.7, used(371.5, 'inspector2'))], {
    attachedPolicies: ['SecurityAudit'],
    tags: { kind: 'machine', vendor: 'example' },
  }),
  // Both keys stale, for different times.
  machine('warehouse-loader', 'data', [key(333.3, used(101.1, 'redshift')), key(590.4, used(59.6, 's3'))]),
  // Used from two places at once, each with its own old key.
  machine('print-kiosk', 'web', [key(266.2, used(0.4, 's3')), key(264.9, used(1.9, 's3'))]),
];

export const acmeMachines: readonly UserSeed[] = [...tidy, ...untidy];
