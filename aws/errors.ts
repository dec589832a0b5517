/**
 * Translates what the AWS SDK throws: into a {@link ReadProblem} if the audit continues without the answer, into a
 * {@link KeysweepError} if it cannot. No other room knows SDK errors.
 */

import { KeysweepError } from '../core/error.ts';
import { given } from '../core/given.ts';
import type { ReadProblem, WriteProblem } from '../core/ports.ts';
import { withoutSecrets, withoutUserInfo } from '../core/secrets.ts';
import { describeDenial, hintForDenial, parseDenial } from './access-denial.ts';
import { endpointProblem, isRefusedHere } from './endpoint.ts';
import { credentialProviderErrors, type ErrorKind, fieldsOf, kindOf } from './error-kind.ts';

/** An error for people: stable code, what is wrong, what to do. */
interface ErrorDescription {
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
  'endpoint-invalid': 'unavailable',
  'credentials-missing': 'unavailable',
  'credentials-expired': 'unavailable',
  'credentials-refused': 'unavailable',
  'profile-unknown': 'unavailable',
  'clock-skewed': 'unavailable',
  unexpected: 'unexpected',
};

/** Why a read has no answer. `action` is the requested action: `iam:ListAccessKeys`. Never throws. */
export function problemOf(error: unknown, action: string): ReadProblem {
  if (error instanceof KeysweepError) return { code: 'unavailable', message: `${error.code}: ${error.message}` };
  const kind = kindOf(error);
  const { code, message } = describeKind(kind, error, action);
  return { code: problemCodes[kind], message: `${code}: ${message}` };
}

/** As {@link problemOf}, with what can be done about it: a clause that follows the message in one sentence. */
export function writeProblemOf(error: unknown, action: string): WriteProblem {
  const problem = problemOf(error, action);
  const { hint } = toKeysweepError(error, action);
  return hint === undefined ? problem : { ...problem, hint: asClause(hint) };
}

function asClause(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

/**
 * The error that ends a run, with a hint and the SDK's error as cause. A KeysweepError passes through unchanged.
 *
 * @param role ARN of the role, if the request was to assume one
 * Codes: AccessDenied, NotFound, Throttled, ServiceFailure, TimedOut, EndpointUnreachable, EndpointInvalid,
 * CredentialsMissing, CredentialsExpired, CredentialsRefused, ProfileUnknown, ClockSkewed, AwsAnswerUnexpected.
 */
export function toKeysweepError(error: unknown, action: string, role?: string): KeysweepError {
  if (error instanceof KeysweepError) return error;
  const { code, message, hint } = describeKind(kindOf(error), error, action, role);
  return new KeysweepError(code, message, { cause: error, ...given({ hint }) });
}

function describeKind(kind: ErrorKind, error: unknown, action: string, role?: string): ErrorDescription {
  const said = describeError(error);
  const attempts = attemptsOf(error);
  switch (kind) {
    case 'access-denied': {
      const denial = parseDenial(fieldsOf(error).message ?? '', action, role);
      return { code: 'AccessDenied', message: describeDenial(denial), hint: hintForDenial(denial) };
    }
    case 'not-found':
      return { code: 'NotFound', message: `${action} found nothing: ${said}` };
    case 'throttled':
      return {
        code: 'Throttled',
        message: `AWS throttled ${action}${attempts}: ${said}`,
        hint: 'Try again later. Other tools may be using up the rate limit of this account.',
      };
    case 'service-failure':
      return {
        code: 'ServiceFailure',
        message: `AWS failed to answer ${action}${attempts}: ${said}`,
        hint: 'Try again later. The status of AWS: https://health.aws.amazon.com/health/status',
      };
    case 'timed-out':
      return {
        code: 'TimedOut',
        message: `no answer to ${action} in time${attempts}: ${said}`,
        hint: 'Check the network, the proxy and the endpoint.',
      };
    case 'unreachable':
      return {
        code: 'EndpointUnreachable',
        message: `no connection to AWS for ${action}${attempts}: ${said}`,
        hint: hintForConnection(error),
      };
    case 'endpoint-invalid': {
      const { input = '' } = fieldsOf(error);
      const { problem, hint } = endpointProblem(input) ?? { problem: 'is not a valid URL', hint: undefined };
      const shown = JSON.stringify(withoutUserInfo(input));
      return {
        code: 'EndpointInvalid',
        message: `the endpoint_url in the AWS configuration, ${shown}, ${problem}`,
        ...given({ hint }),
      };
    }
    case 'credentials-missing':
      return {
        code: 'CredentialsMissing',
        message: `no AWS credentials: ${said}`,
        hint: 'Choose a profile with --profile or AWS_PROFILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure sso.',
      };
    case 'credentials-expired':
      return {
        code: 'CredentialsExpired',
        message: `the AWS credentials have expired: ${said}`,
        hint: 'Sign in again (aws sso login), or get new temporary credentials.',
      };
    case 'credentials-refused':
      return {
        code: 'CredentialsRefused',
        message: `AWS rejected the credentials: ${said}`,
        hint: 'Check the key and its secret, that the key is active, and that --region is in the same partition as the account (aws, aws-us-gov, aws-cn).',
      };
    case 'profile-unknown':
      return {
        code: 'ProfileUnknown',
        message: said,
        hint: 'Run aws configure list-profiles to list the profiles.',
      };
    case 'clock-skewed':
      return {
        code: 'ClockSkewed',
        message: `AWS rejected the time of ${action}: ${said}`,
        hint: "Correct this machine's clock.",
      };
    case 'unexpected':
      return { code: 'AwsAnswerUnexpected', message: `${action} returned an unexpected answer: ${said}` };
  }
}

/** An error in one line, without secrets: `Throttling: Rate exceeded (HTTP 400)`. */
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
  // The text of a signature error repeats the signed request, including its session token.
  if (/signature/i.test(name)) return (message.split(/\.(?:\s|$)|:/)[0] ?? '').slice(0, longestText);
  // The text of a failed credential_process repeats the command line and the output of the command.
  if (message.startsWith('Command failed')) return 'the credential_process of the profile failed';
  const [firstLine = ''] = message.split('\n');
  const text = withoutSecrets(firstLine).trim();
  return text.length > longestText ? `${text.slice(0, longestText)}...` : text;
}

function attemptsOf(error: unknown): string {
  const attempts = fieldsOf(error).$metadata?.attempts ?? 1;
  return attempts > 1 ? ` (${attempts} attempts)` : '';
}

function hintForConnection(error: unknown): string {
  const { code = '' } = fieldsOf(error);
  if (isRefusedHere(error)) {
    return 'Nothing listens on that port of this machine. Start what should (keysweep sandbox, an emulator, a tunnel), or correct --endpoint-url or AWS_ENDPOINT_URL.';
  }
  if (/ENOTFOUND|EAI_/.test(code)) {
    return 'The name does not resolve. Check the network, --endpoint-url and AWS_ENDPOINT_URL, and the spelling of --region.';
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL/.test(code)) {
    return 'The certificate is not trusted. Behind a TLS-inspecting proxy, set NODE_EXTRA_CA_CERTS to its CA file.';
  }
  return 'Check the network, the proxy, and --endpoint-url or AWS_ENDPOINT_URL.';
}
