/** Options that several commands share: the same name, the same words, the same place in --help. */
import { type Command, Option } from 'commander';
import type { Duration } from '../core/model.ts';
import { readDuration, readInstant, readUrl } from './option-values.ts';

/** Which account, and how to get there, as commander hands it over. */
export interface AwsOptions {
  readonly profile?: string;
  readonly region?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly roleSessionName?: string;
  readonly endpointUrl?: string;
  readonly patience?: Duration;
}

/** How results are printed. */
export interface PrintOptions<Format extends string = 'table' | 'json'> {
  readonly output: Format;
  readonly outputFile?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}

const awsOptionNames = [
  'profile',
  'region',
  'roleArn',
  'externalId',
  'roleSessionName',
  'endpointUrl',
  'patience',
] as const satisfies readonly (keyof AwsOptions)[];

/** The options that lead to an account. */
export function addAwsOptions(command: Command): Command {
  return command
    .optionsGroup('Where to look:')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--region <region>', 'region of the AWS configuration; selects the partition')
    .option('--role-arn <arn>', 'role to assume first')
    .option('--external-id <id>', 'external id for --role-arn')
    .option('--role-session-name <name>', 'session name for --role-arn')
    .addOption(new Option('--endpoint-url <url>', 'send AWS calls there (or AWS_ENDPOINT_URL)').argParser(readUrl))
    .addOption(
      new Option('--patience <duration>', 'how long to wait for the credential report (default: 5m)').argParser(
        readDuration,
      ),
    );
}

/** `--report FILE`: no AWS call, so nothing that leads to AWS may stand beside it. */
export function reportOption(): Option {
  return new Option('--report <file>', 'judge a saved credential report, - for stdin; no AWS call').conflicts([
    ...awsOptionNames,
  ]);
}

export function addPolicyOption(command: Command): Command {
  return command
    .optionsGroup('How to judge:')
    .option('--policy <file>', 'policy file (default: ./keysweep.yaml, else built-in defaults)');
}

export function asOfOption(): Option {
  return new Option('--as-of <time>', 'judge as of this time, ISO 8601 with zone').argParser(readInstant);
}

export function addPrintOptions(command: Command, formats: readonly string[] = ['table', 'json']): Command {
  return command
    .optionsGroup('How to print:')
    .addOption(new Option('--output <format>', 'output format').choices(formats).default('table'))
    .option('--output-file <file>', 'write there instead of stdout, whole or not at all')
    .option('--quiet', 'no progress and no notes on stderr')
    .option('--no-color', 'no colours')
    .optionsGroup('Other:');
}

/** Ends the command where a detail of a role is given, but no role. */
export function refuseRoleDetails(options: AwsOptions, command: Command): void {
  if (options.roleArn !== undefined) return;
  const flag = options.externalId === undefined ? '--role-session-name' : '--external-id';
  if (options.externalId === undefined && options.roleSessionName === undefined) return;
  command.error(`error: option '${flag}' needs --role-arn: there is no role to assume`, { exitCode: 2 });
}
