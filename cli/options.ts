/**
 * Options that several commands share: the same name, the same text, the same place in --help. Below them, the parsers of
 * their values; each throws commander's InvalidArgumentError, which commander prints with the option.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { endpointProblem } from '../aws/endpoint.ts';
import { parseDuration } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import { allKinds, kindOfId } from '../core/kinds/kinds.ts';
import type { Duration } from '../core/model.ts';
import type { NamedKey } from '../engine/find-named-key.ts';
import { printable } from '../reports/printable.ts';

/** Which account, and how to reach it, as commander passes it. */
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

/** The options that select an account. @param waits whether the command waits for a credential report */
export function addAwsOptions(command: Command, waits = true): Command {
  command
    .optionsGroup('Source:')
    .option('--profile <name>', 'profile in the AWS configuration')
    .option('--region <region>', 'AWS region; also selects the partition')
    .option('--role-arn <arn>', 'IAM role to assume first')
    .option('--external-id <id>', 'external ID for --role-arn')
    .option('--role-session-name <name>', 'session name for --role-arn')
    .addOption(
      new Option('--endpoint-url <url>', 'send AWS calls to this URL (or AWS_ENDPOINT_URL)').argParser(readUrl),
    );
  if (!waits) return command;
  return command.addOption(
    new Option('--patience <duration>', 'how long to wait for the credential report (default: 5m)').argParser(
      readDuration,
    ),
  );
}

const repeatableOptions = new WeakSet<Option>();

/** An option that may be given several times; its parser collects the values. */
export function repeatable(option: Option): Option {
  repeatableOptions.add(option);
  return option;
}

/** Ends a command that gets an option with a value twice: commander would silently take the last. */
export function refuseTwice(command: Command): void {
  for (const option of command.options) {
    if (!(option.required || option.optional) || repeatableOptions.has(option)) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: option '${option.flags}' is given twice; give it once`, { exitCode: 2 });
      isGiven = true;
    });
  }
}

/** `--report FILE`: no AWS call, so it conflicts with every option that selects an account. */
export function reportOption(): Option {
  return new Option('--report <file>', 'use a saved credential report (- for stdin); no AWS call').conflicts([
    ...awsOptionNames,
  ]);
}

export function addPolicyOption(command: Command): Command {
  return command
    .optionsGroup('Evaluation:')
    .option('--policy <file>', 'policy file (default: ./keysweep.yaml, else built-in defaults)');
}

export function asOfOption(): Option {
  return new Option('--as-of <time>', 'evaluate as of this time, ISO 8601 with zone').argParser(readInstant);
}

export function addPrintOptions(command: Command, formats: readonly string[] = ['table', 'json']): Command {
  return command
    .optionsGroup('Output:')
    .addOption(new Option('--output <format>', 'output format').choices(formats).default('table'))
    .option('--output-file <file>', 'write to this file instead of stdout, all or nothing')
    .option('--quiet', 'no progress or notes on stderr')
    .option('--no-color', 'no colors')
    .optionsGroup('Other:');
}

/** Ends the command if details of a role are given, but no role. */
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
    throw new InvalidArgumentError('Give a time in ISO 8601 with a zone, such as 2026-11-22T02:30:00Z.');
  }
  return time;
}

/** A duration such as `5m`, not 0. */
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
  if (!(port <= 65_535)) throw new InvalidArgumentError('Give a port from 0 to 65535; 0 is any free port.');
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
  const wrong = endpointProblem(text);
  if (wrong !== undefined) throw new InvalidArgumentError(`It ${wrong.problem}. ${wrong.hint}`);
  return text;
}

/** Source of the patterns: the IAM API reference, and the IAM User Guide for the prefixes of ids. */
const keyId = new RegExp(`^(?:${allKinds.flatMap(({ idPrefix }) => idPrefix ?? []).join('|')})[A-Z0-9]{16}$`);
const temporaryKeyId = /^ASIA(?=[A-Z]*[2-7])[A-Z2-7]{16}$/;
const userName = /^[\w+=,.@-]{1,64}$/;

/** A text that is longer, and is no name, may be a secret that is not whole: it is not shown. */
const longestShown = 29;

/** The text of the argument that names a key, in the help of a command. */
export const namedKeyHelp = 'id of the access key, or name of a user with one key';

/**
 * The credential with that id, or the user with that name. Throws KeysweepError `AccessKeyIdInvalid` if it cannot be the id
 * of a long-lived credential, or the name of a user.
 */
export function readNamedKey(text: string): NamedKey {
  if (temporaryKeyId.test(text)) {
    throw new KeysweepError(
      'AccessKeyIdInvalid',
      `${printable(text)} is the id of temporary credentials, which expire on their own`,
      { hint: 'The ids of long-lived access keys begin with AKIA.' },
    );
  }
  if (keyId.test(text)) return { credential: { kind: kindOfId(text), id: text } };
  if (keyId.test(text.toUpperCase())) {
    throw new KeysweepError('AccessKeyIdInvalid', `an access key id has no lowercase letters: ${text}`, {
      hint: `Did you mean ${text.toUpperCase()}?`,
    });
  }
  if (userName.test(text)) return { userName: text };
  const [, nameInArn] = /^arn:[^:]*:iam::\d*:user\/(?:.*\/)?([^/]+)$/.exec(text) ?? [];
  const isShown = nameInArn !== undefined || text.length <= longestShown;
  const shown = isShown ? JSON.stringify(printable(text)) : `${text.length} characters, which are not shown`;
  throw new KeysweepError('AccessKeyIdInvalid', `not an access key id, nor a user name: ${shown}`, {
    hint:
      nameInArn === undefined
        ? 'An id looks like AKIAIOSFODNN7EXAMPLE. Run keysweep audit to list the keys with findings.'
        : `Did you mean ${printable(nameInArn)}? A user is named without its ARN; --profile or --role-arn choose the account.`,
  });
}

/** Ends the command if the user is named twice. */
export function refuseUserTwice(named: NamedKey, { user }: { readonly user?: string }, command: Command): void {
  if (user === undefined || 'credential' in named) return;
  command.error("error: option '--user <name>' is for a key id: a user is named already", { exitCode: 2 });
}
