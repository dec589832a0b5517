import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  type Architecture,
  type CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Duration as Milliseconds } from '../core/model.ts';
import type { Policy, VpcPlacement } from '../core/policy/policy.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { type KeyedService, keyUse } from './encryption.ts';
import { bundledHandler, bundleHandler } from './handler-code.ts';
import { logRetention } from './log-retention.ts';
import { defaultArchitecture } from './partition.ts';
import { policyFile } from './policy-metadata.ts';

/** What the functions of an installation run on. */
export interface HandlerPlatform {
  /** @default - see {@link defaultArchitecture} */
  readonly architecture?: Architecture;
  /** Subnets and security groups of one VPC. @default - the network of Lambda */
  readonly vpc?: VpcPlacement;
}

/** The code, the permissions and the limits of one function. */
export interface HandlerFunctionProps extends HandlerPlatform {
  readonly description: string;
  /** Module in lambda/, without extension: `auditor/index`. */
  readonly handler: string;
  /** Added to the asset as `policy.json`. @default - the function needs no policy */
  readonly policy?: Policy;
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function may do besides writing its log, traces and dead letters. */
  readonly permissions: readonly PolicyStatement[];
  /** How long its log is kept, in milliseconds. */
  readonly logRetention: Milliseconds;
  /** @default - 15 minutes, the maximum */
  readonly timeout?: Duration;
  /** In MB. @default 512 */
  readonly memorySize?: number;
  /** Encrypts log and dead letters. @default - keys of the services, at no cost */
  readonly encryptionKey?: IKey;
  /** Services besides SQS through which the function uses the key. */
  readonly keyedServices?: readonly KeyedService[];
}

/**
 * One of keysweep's functions: its code, with the policy if it has one, a log group, a role with the listed permissions
 * and nothing else, and a queue for events that failed three times.
 *
 * No reserved concurrency: it cannot be set in a new account (whose limit is 10), and two concurrent runs do no harm.
 */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const { policy, encryptionKey, keyedServices = [], vpc } = props;
    const encryption = encryptionKey === undefined ? {} : { encryptionKey };
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', encryption);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention(props.logRetention),
      // The log is evidence of what was found and when: it outlives the stack until it expires.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...encryption,
    });
    // Inline policies exist as soon as the role does; a separate policy could come after the first invocation.
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Permissions of: ${props.description}`,
      inlinePolicies: {
        Operate: new PolicyDocument({ statements: [...this.operation(), ...(vpc === undefined ? [] : joinNetwork())] }),
        Work: new PolicyDocument({
          statements: [...props.permissions, ...keyUse(encryptionKey, ['sqs', ...keyedServices])],
        }),
      },
    });
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture ?? defaultArchitecture(this),
      code: bundleHandler({
        entry: handlerEntry(props.handler),
        files: policy === undefined ? {} : { 'policy.json': policyFile(policy) },
      }),
      handler: bundledHandler,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      // IAM may throttle thousands of reads to about 10 per second. Waiting costs little.
      timeout: props.timeout ?? Duration.minutes(15),
      // An audit needs 100 to 200 MB; the rest buys CPU share for parsing and TLS.
      memorySize: props.memorySize ?? 512,
      // The role grants what is listed above: no construct may add to it silently.
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      // Invoked asynchronously: Lambda makes three attempts in total, then keeps the event with its error.
      retryAttempts: 2,
      onFailure: new SqsDestination(this.deadLetters),
    });
    if (vpc === undefined) return;
    // By ids: the construct of the CDK would require the whole VPC, and add to the role.
    (this.function.node.defaultChild as CfnFunction).vpcConfig = {
      subnetIds: [...vpc.subnets],
      securityGroupIds: [...vpc.securityGroups],
    };
  }

  private operation(): PolicyStatement[] {
    return [
      new PolicyStatement({
        sid: 'WriteLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        // The ARN of a log group ends in `:*`: its streams.
        resources: [this.logGroup.logGroupArn],
      }),
      new PolicyStatement({
        sid: 'KeepFailedEvents',
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
      }),
      new PolicyStatement({
        sid: 'WriteTraces',
        actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
        resources: ['*'],
      }),
    ];
  }
}

/**
 * Lambda itself uses the role to connect the function to its subnets. The code of the function may not: requests from it have
 * the condition key. Source: the Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
 */
function joinNetwork(): PolicyStatement[] {
  const actions = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  return [
    new PolicyStatement({ sid: 'JoinNetwork', actions, resources: ['*'] }),
    new PolicyStatement({
      sid: 'NotByTheCode',
      effect: Effect.DENY,
      actions,
      resources: ['*'],
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  ];
}

/** Next to this room, both in a checkout (.ts) and in the built package (.js). */
function handlerEntry(handler: string): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`../lambda/${handler}${extension}`, import.meta.url));
}
