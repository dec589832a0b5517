/** Who must be able to use a customer managed key of a deployment, and the statements of its key policy that allow it. */

/** A key, and the deployment that uses it. */
export interface KeyOfDeployment {
  readonly keyArn: string;
  /** Of the stack; the key may be another account's. */
  readonly account: string;
  /** Whether messages are posted to Slack by keysweep's own forwarder. */
  readonly forwarder: boolean;
}

/** A statement of a key policy, in the form of IAM. */
export interface KeyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly AWS: string } | { readonly Service: string };
  readonly Action: readonly string[];
  readonly Resource: '*';
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One user of the key. */
export interface KeyUse {
  /** Never changes: part of the JSON of `keysweep channels`. */
  readonly use: 'roles' | 'alarms' | 'handover' | 'slack' | 'logs';
  readonly statement: KeyStatement;
  /** What does not work if the key policy does not allow it, for people. */
  readonly without: string;
}

const dataKeys = ['kms:Decrypt', 'kms:GenerateDataKey*'];

/**
 * Every use of the key, in the order of importance.
 *
 * No statement about SNS or SQS has a condition on the source: EventBridge sends none with encrypted topics and queues, and for
 * CloudWatch and SNS none is documented. A condition that is not sent denies, silently. Sources: the SNS Developer Guide, "Enable
 * compatibility between event sources from AWS services and encrypted topics"; the SQS Developer Guide, "Configure KMS permissions
 * for AWS services"; the CloudWatch Logs User Guide, "Encrypt log data using AWS KMS"; the KMS Developer Guide, "Default key policy".
 */
export function keyUses({ keyArn, account, forwarder }: KeyOfDeployment): readonly KeyUse[] {
  const [, partition = 'aws', , region = ''] = keyArn.split(':');
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return [
    {
      use: 'roles',
      statement: {
        Sid: 'RolesByTheirOwnPolicies',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: ['kms:*'],
        Resource: '*',
      },
      without: 'no function can publish, store or read anything',
    },
    {
      use: 'alarms',
      statement: serviceStatement('Alarms', 'cloudwatch.amazonaws.com'),
      without: 'no alarm is delivered',
    },
    {
      use: 'handover',
      statement: serviceStatement('DeadLettersOfTheBus', 'events.amazonaws.com'),
      without: 'a completed audit that cannot start the sweep is lost, and no alarm says so',
    },
    ...(forwarder
      ? [
          {
            use: 'slack',
            statement: serviceStatement('DeadLettersOfTopics', 'sns.amazonaws.com'),
            without: 'a message that cannot be handed to the forwarder is lost, and no alarm says so',
          } as const,
        ]
      : []),
    {
      use: 'logs',
      statement: {
        Sid: 'Logs',
        Effect: 'Allow',
        Principal: { Service: `logs.${region}.${suffix}` },
        Action: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        Resource: '*',
        Condition: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      },
      without: 'the deployment fails when it creates the log groups',
    },
  ];
}

/** Whom a statement is for. */
export function principalOf({ statement: { Principal } }: Pick<KeyUse, 'statement'>): string {
  return 'Service' in Principal ? Principal.Service : Principal.AWS;
}

function serviceStatement(Sid: string, Service: string): KeyStatement {
  return { Sid, Effect: 'Allow', Principal: { Service }, Action: dataKeys, Resource: '*' };
}

/** The statements as JSON, each in one line, to be copied into a key policy. */
export function statementsAsText(uses: readonly KeyUse[]): string {
  return uses.map(({ statement }) => JSON.stringify(statement)).join(',\n');
}
