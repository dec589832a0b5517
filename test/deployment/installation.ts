/** What an installation is made of, and what it leaves behind. */
import { type DeployedStack, type LedgerItem, readLedger, readObjects } from './deployed-account.ts';
import type { AwsError, Emulator } from './emulator/emulator.ts';

export const stackName = 'Keysweep';

export interface Definitions {
  readonly alarms: readonly Alarm[];
  readonly dashboard: string;
}

export interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly string[];
  readonly TreatMissingData: string;
  readonly EvaluationPeriods: number;
  readonly Period?: number;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

/** What is there after `cdk destroy`. */
export interface Remains {
  readonly stackExists: boolean;
  readonly ledger: readonly LedgerItem[];
  readonly objects: readonly string[];
  readonly functions: readonly string[];
  readonly schedules: readonly string[];
  readonly logGroups: readonly string[];
  /** What DynamoDB says to who would delete the table. */
  readonly refusal: string;
}

/** The inline policies of the role of a construct, as JSON. */
export async function readRolePolicies(
  { call }: Emulator,
  { resources }: DeployedStack,
  construct: string,
): Promise<string> {
  const roles = resources.filter(
    ({ ResourceType, LogicalResourceId }) =>
      ResourceType === 'AWS::IAM::Role' && LogicalResourceId.startsWith(`CredentialHygiene${construct}Role`),
  );
  const RoleName = roles[0]?.PhysicalResourceId;
  const { PolicyNames } = await call<{ PolicyNames: string[] }>('iam', 'ListRolePolicies', { RoleName });
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => call<{ PolicyDocument: object }>('iam', 'GetRolePolicy', { RoleName, PolicyName })),
  );
  return JSON.stringify(policies.map(({ PolicyDocument }) => PolicyDocument));
}

export async function readDefinitions({ call }: Emulator, stack: DeployedStack): Promise<Definitions> {
  const { MetricAlarms } = await call<{ MetricAlarms: Alarm[] }>('cloudwatch', 'DescribeAlarms', {
    AlarmNamePrefix: stackName,
  });
  const { DashboardBody } = await call<{ DashboardBody: string }>('cloudwatch', 'GetDashboard', {
    DashboardName: stack.output('DashboardName'),
  });
  return { alarms: MetricAlarms, dashboard: DashboardBody };
}

export async function readRemains(emulator: Emulator, stack: DeployedStack): Promise<Remains> {
  const { call } = emulator;
  const { StackSummaries } = await call<{ StackSummaries: { StackName: string; StackStatus: string }[] }>(
    'cloudformation',
    'ListStacks',
  );
  const { Functions } = await call<{ Functions: { FunctionName: string }[] }>('lambda', 'ListFunctions');
  const { Schedules } = await call<{ Schedules: { Name: string }[] }>('scheduler', 'ListSchedules');
  const { logGroups } = await call<{ logGroups: { logGroupName: string }[] }>('logs', 'DescribeLogGroups');
  const refusal = await call('dynamodb', 'DeleteTable', { TableName: stack.output('LedgerTableName') }).then(
    () => 'deleted',
    (error: AwsError) => error.message,
  );
  return {
    stackExists: StackSummaries.some(
      ({ StackName, StackStatus }) => StackName === stackName && StackStatus !== 'DELETE_COMPLETE',
    ),
    ledger: await readLedger(emulator, stack.output('LedgerTableName')),
    objects: await readObjects(emulator, stack.output('ArchiveBucketName')),
    functions: Functions.map(({ FunctionName }) => FunctionName),
    schedules: Schedules.map(({ Name }) => Name),
    logGroups: logGroups.map(({ logGroupName }) => logGroupName),
    refusal,
  };
}
