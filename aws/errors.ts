/**
 * Translation of what the AWS SDK throws: into a {@link ReadProblem} where the audit goes on without the answer, into a
 * {@link KeysweepError} where it cannot. No other room knows SDK errors.
 */

import { KeysweepError } from '../core/error.ts';
import { given } from '../core/given.ts';
import type { ReadProblem, WriteProblem } from '../core/ports.ts';
import { describeDenial, hintForDenial, parseDenial } from './access-denial.ts';
import { credentialProviderErrors, type ErrorKind, fieldsOf, kindOf } from './error-kind.ts';

/** How an error is notified: stable code, what is wrong, what to do. */
interface Telling {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

const problemCodes: Readonly<Record<ErrorKind, ReadProblem['code']>> = {
  'access-denied': 'access-denied',
  'not-found': 'not-found',
  throttled: 'throttled',
  'service-failure': 'unavailable',
  'timed-out': 'unavailable',
  unreachable: 'unavailable',
  'credentials-missing': 'unavailable',
  'credentials-expired': 'unavailable',
  'credentials-refused': 'unavailable',
  'profile-unknown': 'unavailable',
  'clock-skewed': 'unavailable',
  unexpected: 'unexpected',
};

/** Why a read gave no answer. `action` is what was asked for: `iam:ListAccessKeys`. Never throws. */
export function problemOf(error: unknown, action: string): ReadProblem {
  if (error instanceof KeysweepError) return { code: 'unavailable', message: `${error.code}: ${error.message}` };
  const kind = kindOf(error);
  const { code, message } = tell(kind, error, action);
  return { code: problemCodes[kind], message: `${code}: ${message}` };
}

/** As {@link problemOf}, with what can be done about it. */
export function writeProblemOf(error: unknown, action: string): WriteProblem {
  const problem = problemOf(error, action);
  const { hint } = toKeysweepError(error, action);
  return hint === undefined ? problem : { ...problem, hint };
}

/**
 * The error that ends a run, with a hint and the SDK's error as cause. A KeysweepError passes through unchanged.
 * Codes: AccessDenied, NotFound, Throttled, ServiceFailure, TimedOut, EndpointUnreachable, CredentialsMissing,
 * CredentialsExpired, CredentialsRefused, ProfileUnknown, ClockSkewed, AwsAnswerUnexpected.
 */
export function toKeysweepError(error: unknown, action: string): KeysweepError {
  if (error instanceof KeysweepError) return error;
  const { code, message, hint } = tell(kindOf(error), error, action);
  return new KeysweepError(code, message, { cause: error, ...given({ hint }) });
}

function tell(kind: ErrorKind, error: unknown, action: string): Telling {
  const said = describeError(error);
  const attempts = attemptsOf(error);
  switch (kind) {
    case 'access-denied': {
      const denial = parseDenial(fieldsOf(error).message ?? '', action);
      return { code: 'AccessDenied', message: describeDenial(denial), hint: hintForDenial(denial) };
    }
    case 'not-found':
      return { code: 'NotFound', message: `${action} found nothing: ${said}` };
    case 'throttled':
      return {
        code: 'Throttled',
        message: `AWS throttled ${action}${attempts}: ${said}`,
        hint: 'other tools may use up the rate of this account; try again later',
      };
    case 'service-failure':
      return {
        code: 'ServiceFailure',
        message: `AWS failed to answer ${action}${attempts}: ${said}`,
        hint: 'try again later; see https://health.aws.amazon.com/health/status',
      };
    case 'timed-out':
      return {
        code: 'TimedOut',
        message: `no answer to ${action} in time${attempts}: ${said}`,
        hint: 'check the network, the proxy and the endpoint',
      };
    case 'unreachable':
      return {
        code: 'EndpointUnreachable',
        message: `no connection to AWS for ${action}${attempts}: ${said}`,
        hint: hintForConnection(fieldsOf(error).code ?? ''),
      };
    case 'credentials-missing':
      return {
        code: 'CredentialsMissing',
        message: `no AWS credentials: ${said}`,
        hint: 'choose a profile with --profile or AWS_PROFILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure sso`',
      };
    case 'credentials-expired':
      return {
        code: 'CredentialsExpired',
        message: `the AWS credentials have expired: ${said}`,
        hint: 'sign in again (`aws sso login`), or fetch new temporary credentials',
      };
    case 'credentials-refused':
      return {
        code: 'CredentialsRefused',
        message: `AWS does not accept the credentials: ${said}`,
        hint: 'check the key and its secret, whether the key is active, and that --region belongs to the same partition as the account (aws, aws-us-gov, aws-cn)',
      };
    case 'profile-unknown':
      return {
        code: 'ProfileUnknown',
        message: said,
        hint: 'list the profiles with `aws configure list-profiles`',
      };
    case 'clock-skewed':
      return {
        code: 'ClockSkewed',
        message: `AWS refused the time of ${action}: ${said}`,
        hint: "set this machine's clock",
      };
    case 'unexpected':
      return { code: 'AwsAnswerUnexpected', message: `${action} gave an unexpected answer: ${said}` };
  }
}

/** An error in one line, without anything secret: `Throttling: Rate exceeded (HTTP 400)`. */
export function describeError(error: unknown): string {
  const { name = '', message = '', code, Code, $metadata } = fieldsOf(error);
  const text = textOf(name, message);
  const label = credentialProviderErrors.has(name) || name === 'Error' ? '' : (Code ?? code ?? name);
  const said = [text.includes(label) ? '' : label, text]
    .filter((part) => part !== '' && part !== 'Unknown' && part !== 'UnknownError')
    .join(': ');
  const status = $metadata?.httpStatusCode ?? 200;
  return `${said || 'no reason given'}${status === 200 ? '' : ` (HTTP ${status})`}`;
}

const longestText = 300;

function textOf(name: string, message: string): string {
  // The text of a signature error repeats the signed request, its session token included.
  if (/signature/i.test(name)) return (message.split(/\.(?:\s|$)|:/)[0] ?? '').slice(0, longestText);
  // The text of a failed credential_process repeats the command line, and whatever the command wrote.
  if (message.startsWith('Command failed')) return 'the credential_process of the profile failed';
  const [firstLine = ''] = message.split('\n');
  const text = firstLine.replace(/[\w+/=-]{100,}/g, '<redacted>').trim();
  return text.length > longestText ? `${text.slice(0, longestText)}...` : text;
}

function attemptsOf(error: unknown): string {
  const attempts = fieldsOf(error).$metadata?.attempts ?? 1;
  return attempts > 1 ? ` (${attempts} attempts)` : '';
}

function hintForConnection(code: string): string {
  if (/ENOTFOUND|EAI_/.test(code)) {
    return 'the name does not resolve: check the network, --endpoint-url and AWS_ENDPOINT_URL, and the spelling of --region';
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL/.test(code)) {
    return 'the certificate is not trusted: behind an inspecting proxy set NODE_EXTRA_CA_CERTS to its CA file';
  }
  return 'check the network, the proxy, and --endpoint-url or AWS_ENDPOINT_URL';
}
