import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Effect, type IRole, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { DAY } from '../core/duration.ts';
import type { Duration as Milliseconds } from '../core/model.ts';

/** The key prefixes of snapshots, full reports, open findings and the forwarder's receipts. */
export const archivePrefixes = {
  snapshots: 'snapshots/',
  reports: 'reports/',
  findings: 'findings/',
  receipts: 'receipts/',
} as const;

/** How long objects are kept, and how they are encrypted. */
export interface ArchiveBucketProps {
  /** How long snapshots and reports are kept, in milliseconds; rounded up to whole days. */
  readonly retention: Milliseconds;
  /** @default - an S3 managed key, at no cost */
  readonly encryptionKey?: IKey;
}

/** The roles that write to the archive. */
export interface TrustedRoles {
  readonly auditor: IRole;
  readonly rotator: IRole;
  /** Of the forwarder to Slack, if there is one. */
  readonly forwarder?: IRole;
}

/** All actions that change an object, or which of its versions is current. Source: the Service Authorization Reference for S3. */
const writes = [
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:PutObject',
  's3:ReplicateDelete',
  's3:ReplicateObject',
] as const;

/** How long a deleted or overwritten object can be recovered. */
const undoPeriod = Duration.days(30);

/**
 * The S3 bucket for the snapshots of audits and the full reports that messages link to. Private, TLS only, encrypted,
 * versioned; everything in it expires, and the bucket itself outlives the stack.
 */
export class ArchiveBucket extends Bucket {
  constructor(scope: Construct, id: string, { retention, encryptionKey }: ArchiveBucketProps) {
    super(scope, id, {
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [
        ...Object.entries(archivePrefixes).map(([name, prefix]) => ({
          id: `expire-${name}`,
          prefix,
          expiration: Duration.days(Math.ceil(retention / DAY)),
          noncurrentVersionExpiration: undoPeriod,
        })),
        {
          id: 'tidy-up',
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          // S3 does not accept it in a rule with an expiration in days.
          expiredObjectDeleteMarker: true,
        },
      ],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs would need a second bucket. CloudTrail records who reads and writes objects if data events are enabled.',
    });
  }

  /**
   * Lets only these roles write what keysweep trusts: a sweep trusts a snapshot, an audit its record of open findings, and
   * both trust a receipt of the forwarder; without a forwarder, no one writes receipts. An explicit deny applies to
   * administrators as well; they can change this policy, which CloudTrail records. Only a lifecycle rule, to which no
   * policy applies, deletes an object or a version: otherwise the previous version would be current again.
   */
  acceptWritesFrom({ auditor, rotator, forwarder }: TrustedRoles): void {
    const { snapshots, findings, reports, receipts } = archivePrefixes;
    this.deny('TrustedRecords', [snapshots, findings], writes, [auditor]);
    this.deny('Reports', [reports], writes, [auditor, rotator]);
    this.deny('Receipts', [receipts], writes, forwarder === undefined ? [] : [forwarder]);
  }

  private deny(sid: string, prefixes: readonly string[], actions: readonly string[], except: readonly IRole[]): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: `Only${sid}`,
        effect: Effect.DENY,
        principals: [new StarPrincipal()],
        actions: [...actions],
        resources: prefixes.map((prefix) => this.arnForObjects(`${prefix}*`)),
        // For a session this is the ARN of its role. Without exceptions, everyone is denied.
        ...(except.length > 0 && {
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': except.map(({ roleArn }) => roleArn) } },
        }),
      }),
    );
  }
}
