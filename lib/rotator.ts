import { Aws, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { credentialTypes } from '../core/events.ts';
import { given } from '../core/given.ts';
import type { Mode, Policy } from '../core/policy/policy.ts';
import { type ArchiveBucket, archivePrefixes } from './archive-bucket.ts';
import { HandlerFunction, type HandlerPlatform } from './handler-function.ts';
import type { TableOfLedger } from './ledger-table.ts';
import {
  acknowledgePrefixes,
  acknowledgeSubscriptions,
  getObjects,
  publish,
  putEvents,
  putObjects,
  readAccount,
  readSubscriptions,
  readUsers,
  users,
} from './permissions.ts';

/** What the rotator uses. */
export interface RotatorProps extends HandlerPlatform {
  /** Its mode decides what the role may do: only in `enforce` may it write to IAM. */
  readonly policy: Policy;
  /** Gets the digest of each night. */
  readonly digestTopic: ITopic;
  /** Records what was done to which credential. */
  readonly ledger: TableOfLedger;
  /** Stores the snapshots, and full digests that messages link to. */
  readonly archive: ArchiveBucket;
  /** Posts the digests to Slack, and records what it has posted. @default - none */
  readonly forwarder?: IFunction;
  /** Encrypts log and dead letters; topic, table and bucket may use it as well. @default - keys of the services */
  readonly encryptionKey?: IKey;
}

/** The function that notifies, deactivates and deletes as the policy says. The only one that may write to IAM, if any. */
export class Rotator extends HandlerFunction {
  constructor(scope: Construct, id: string, props: RotatorProps) {
    const { policy, digestTopic, ledger, archive, forwarder, encryptionKey } = props;
    super(scope, id, {
      description: 'keysweep: notifies owners, deactivates and deletes credentials of this account',
      handler: 'rotator/index',
      policy,
      environment: {
        KEYSWEEP_INSTALLATION: Aws.STACK_NAME,
        KEYSWEEP_DIGEST_TOPIC_ARN: digestTopic.topicArn,
        KEYSWEEP_LEDGER_TABLE: ledger.tableName,
        KEYSWEEP_BUCKET: archive.bucketName,
        KEYSWEEP_EVENT_BUS: 'default',
        ...(forwarder !== undefined && { KEYSWEEP_FORWARDER_ARN: forwarder.functionArn }),
      },
      permissions: permissions(props),
      logRetention: policy.deployment.logRetention,
      ...given({ architecture: props.architecture, vpc: props.vpc }),
      ...(encryptionKey !== undefined && { encryptionKey, keyedServices: ['dynamodb', 's3', 'sns'] }),
    });
    Validations.of(this.role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'GetAccountAuthorizationDetails and X-Ray writes have no resource types in IAM.',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:user/*]',
        reason:
          'The policy may apply to every user of the account. Writes, in mode enforce only: UpdateAccessKey, DeleteAccessKey.',
      },
    );
    acknowledgeSubscriptions(this.role);
    acknowledgePrefixes(this.role, archive, [
      archivePrefixes.snapshots,
      archivePrefixes.reports,
      ...(forwarder === undefined ? [] : [archivePrefixes.receipts]),
    ]);
  }
}

/** Exactly what its calls need: see test/lib/least-privilege.test.ts. sts:GetCallerIdentity needs no permission. */
function permissions({ policy: { mode }, digestTopic, ledger, archive, forwarder }: RotatorProps): PolicyStatement[] {
  const readSnapshot = getObjects('ReadSnapshot', archive, [archivePrefixes.snapshots]);
  // In mode audit there is no lifecycle: no one to notify, and the ledger is read for metrics only.
  if (mode === 'audit') return [useLedger(ledger, 'Query'), readSnapshot];
  return [
    readAccount(['iam:GetAccountAuthorizationDetails']),
    readUsers(),
    new PolicyStatement({ sid: 'RecheckUsers', actions: ['iam:GetUser'], resources: [users] }),
    ...writeUsers(mode),
    // A transaction needs the permission of each of its parts, and a Put with a condition is a Put.
    useLedger(ledger, 'GetItem', 'PutItem', 'Query'),
    readSnapshot,
    putObjects('KeepRecord', archive, [archivePrefixes.reports]),
    publish('SendDigest', digestTopic),
    ...readSubscriptions([digestTopic]),
    ...(forwarder === undefined ? [] : [getObjects('ReadReceipts', archive, [archivePrefixes.receipts])]),
    putEvents(credentialTypes),
  ];
}

function writeUsers(mode: Mode): PolicyStatement[] {
  if (mode !== 'enforce') return [];
  return [
    new PolicyStatement({
      sid: 'ChangeAccessKeys',
      actions: ['iam:DeleteAccessKey', 'iam:UpdateAccessKey'],
      resources: [users],
    }),
  ];
}

function useLedger(ledger: TableOfLedger, ...operations: readonly string[]): PolicyStatement {
  const actions = operations.map((operation) => `dynamodb:${operation}`);
  return new PolicyStatement({ sid: 'UseLedger', actions, resources: [ledger.tableArn] });
}
