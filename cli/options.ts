/**
 * Options that several commands share: the same name, the same words, the same place in --help. Below them the readers of
 * their values; each throws commander's InvalidArgumentError, which commander prints beside the option.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import { kindOfId } from '../core/kinds/kinds.ts';
import type { RetirableRef } from '../core/lifecycle/ledger.ts';
import type { Duration } from '../core/model.ts';
import { printable } from '../reports/printable.ts';

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

const instant =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** ISO 8601 with a zone, such as `2026-11-22T02:30:00Z` or `2026-11-22T03:30+01:00`. */
export function readInstant(text: string): Date {
  const [, year, month, day] = instant.exec(text) ?? [];
  const time = new Date(text);
  // JavaScript reads 30 February as 2 March.
  const exists = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (year === undefined || Number.isNaN(time.getTime()) || !exists) {
    throw new InvalidArgumentError('Give a time in ISO 8601 with its zone, such as 2026-11-22T02:30:00Z.');
  }
  return time;
}

/** A length of time such as `5m`, not 0. */
export function readDuration(text: string): Duration {
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0) {
    throw new InvalidArgumentError('Give a whole number with a unit (s, m, h, d, w), such as 90s or 5m.');
  }
  return duration;
}

/** A TCP port; 0 lets the system choose. */
export function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('Give a port from 0 to 65535; 0 takes any free one.');
  return port;
}

/** A number of nights, from 1 to 3660. */
export function readNights(text: string): number {
  const nights = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(nights >= 1 && nights <= 3660)) throw new InvalidArgumentError('Give a number of nights from 1 to 3660.');
  return nights;
}

/** An absolute http or https URL. */
export function readUrl(text: string): string {
  const isUrl = /^https?:\/\//i.test(text) && URL.canParse(text);
  if (!isUrl) throw new InvalidArgumentError('Give an http or https URL, such as http://127.0.0.1:4566.');
  return text;
}

/** Source of the pattern: the IAM API reference. */
const anyKeyId = /^\w{16,128}$/;

/** The credential of that id. Throws KeysweepError `AccessKeyIdInvalid` for what cannot be the id of a long-lived one. */
export function readKeyId(accessKeyId: string): RetirableRef {
  if (accessKeyId.startsWith('ASIA')) {
    throw new KeysweepError(
      'AccessKeyIdInvalid',
      `${printable(accessKeyId)} is the id of temporary credentials, which end by themselves`,
      { hint: 'The ids of long-lived access keys begin with AKIA.' },
    );
  }
  if (!anyKeyId.test(accessKeyId)) {
    throw new KeysweepError('AccessKeyIdInvalid', `not the id of an access key: ${JSON.stringify(accessKeyId)}`, {
      hint: 'It looks like AKIAIOSFODNN7EXAMPLE; keysweep audit shows the ids of the keys with findings.',
    });
  }
  const upperCase = accessKeyId.toUpperCase();
  if (accessKeyId !== upperCase) {
    throw new KeysweepError('AccessKeyIdInvalid', `the id of an access key has no lower-case letters: ${accessKeyId}`, {
      hint: upperCase.startsWith('AKIA') ? `Perhaps it is ${upperCase}.` : 'It looks like AKIAIOSFODNN7EXAMPLE.',
    });
  }
  return { kind: kindOfId(accessKeyId), id: accessKeyId };
}
