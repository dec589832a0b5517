import { Aws, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { auditCompletedType, findingTypes } from '../core/events.ts';
import { given } from '../core/given.ts';
import type { Policy } from '../core/policy/policy.ts';
import { type ArchiveBucket, archivePrefixes } from './archive-bucket.ts';
import { HandlerFunction, type HandlerPlatform } from './handler-function.ts';
import {
  acknowledgePrefixes,
  acknowledgeSubscriptions,
  getObjects,
  publish,
  putEvents,
  putObjects,
  readAccount,
  readQuarantine,
  readSubscriptions,
  readUsers,
} from './permissions.ts';

const written = [archivePrefixes.snapshots, archivePrefixes.reports, archivePrefixes.findings];

/** What the auditor uses. */
export interface AuditorProps extends HandlerPlatform {
  readonly policy: Policy;
  /** Gets an alert for critical findings. */
  readonly alertTopic: ITopic;
  /** Gets a message on nights when other findings are new or resolved. */
  readonly digestTopic: ITopic;
  /** Gets the snapshot and the reports of each audit, and keeps the open findings for the next one. */
  readonly archive: ArchiveBucket;
  /** Posts the messages of both topics to Slack, and records what it has posted. @default - none */
  readonly forwarder?: IFunction;
  /** Encrypts log and dead letters; topic and bucket may use it as well. @default - keys of the services */
  readonly encryptionKey?: IKey;
}

/**
 * The function that audits this account. It reads IAM, stores a snapshot, notifies people through both topics and sends
 * events to the bus; its role cannot write to IAM.
 */
export class Auditor extends HandlerFunction {
  constructor(scope: Construct, id: string, props: AuditorProps) {
    const { policy, alertTopic, digestTopic, archive, forwarder, encryptionKey } = props;
    super(scope, id, {
      description: 'keysweep: audits the long-lived credentials of this account',
      handler: 'auditor/index',
      policy,
      environment: {
        KEYSWEEP_INSTALLATION: Aws.STACK_NAME,
        KEYSWEEP_ALERT_TOPIC_ARN: alertTopic.topicArn,
        KEYSWEEP_DIGEST_TOPIC_ARN: digestTopic.topicArn,
        KEYSWEEP_BUCKET: archive.bucketName,
        KEYSWEEP_EVENT_BUS: 'default',
        ...(forwarder !== undefined && { KEYSWEEP_FORWARDER_ARN: forwarder.functionArn }),
      },
      permissions: permissions(props),
      logRetention: policy.deployment.logRetention,
      ...given({ architecture: props.architecture, vpc: props.vpc }),
      ...(encryptionKey !== undefined && { encryptionKey, keyedServices: ['s3', 'sns'] }),
    });
    Validations.of(this.role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'The credential report, GetAccountAuthorizationDetails, GetAccountSummary, ListAccountAliases, ListUsers and X-Ray writes have no resource types in IAM.',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:user/*]',
        reason:
          'An audit reads every user of the account, and only reads: ListAccessKeys, GetAccessKeyLastUsed, ListUserTags.',
      },
    );
    acknowledgeSubscriptions(this.role);
    acknowledgePrefixes(this.role, archive, [
      ...written,
      ...(forwarder === undefined ? [] : [archivePrefixes.receipts]),
    ]);
  }
}

/** Resource types: Service Authorization Reference for IAM. sts:GetCallerIdentity needs no permission. */
function permissions({ alertTopic, digestTopic, archive, forwarder }: AuditorProps): PolicyStatement[] {
  return [
    readAccount([
      'iam:GenerateCredentialReport',
      'iam:GetAccountAuthorizationDetails',
      'iam:GetAccountSummary',
      'iam:GetCredentialReport',
      'iam:ListAccountAliases',
      'iam:ListUsers',
    ]),
    readQuarantine(),
    readUsers(),
    publish('Alert', alertTopic),
    publish('PublishNews', digestTopic),
    ...readSubscriptions([alertTopic, digestTopic]),
    ...(forwarder === undefined ? [] : [getObjects('ReadReceipts', archive, [archivePrefixes.receipts])]),
    getObjects('ReadLastFindings', archive, [archivePrefixes.findings]),
    putObjects('KeepRecord', archive, written),
    putEvents([auditCompletedType, ...findingTypes]),
  ];
}
