import { describe, expect, it } from 'vitest';
import { describeError, problemOf, toKeysweepError } from '../../aws/errors.ts';
import { KeysweepError } from '../../core/error.ts';
import { networkError, serviceError } from '../support/sdk-errors.ts';

const action = 'iam:ListAccessKeys';
const caller = 'arn:aws:sts::111122223333:assumed-role/audit/keysweep';

function providerError(message: string): Error {
  return Object.assign(new Error(message), { name: 'CredentialsProviderError' });
}

describe('toKeysweepError', () => {
  it.each<[string, Error, string, RegExp, RegExp]>([
    ['a denial', serviceError('AccessDenied', 403), 'AccessDenied', /lacks iam:ListAccessKeys/, /Allow iam:ListAcc/],
    ['a denial by SNS', serviceError('AuthorizationErrorException', 403), 'AccessDenied', /lacks/, /Allow/],
    ['an unknown thing', serviceError('NoSuchEntityException', 404, 'No user x.'), 'NotFound', /No user x/, /^$/],
    ['throttling', serviceError('Throttling', 400, 'Rate exceeded'), 'Throttled', /Rate exceeded/, /later/],
    ['too many requests', serviceError('Whatever', 429), 'Throttled', /HTTP 429/, /later/],
    ['a 500', serviceError('ServiceFailureException', 500), 'ServiceFailure', /HTTP 500/, /health/],
    ['a 503 without a code', serviceError('Unknown', 503), 'ServiceFailure', /HTTP 503/, /health/],
    ['a time-out', networkError('ETIMEDOUT'), 'TimedOut', /ETIMEDOUT/, /proxy/],
    [
      'a time-out of the HTTP handler',
      Object.assign(new Error('socket timed out'), { name: 'TimeoutError' }),
      'TimedOut',
      /socket timed out/,
      /network/,
    ],
    ['an unknown host', networkError('ENOTFOUND'), 'EndpointUnreachable', /ENOTFOUND/, /does not resolve/],
    ['a refused connection', networkError('ECONNREFUSED'), 'EndpointUnreachable', /ECONNREFUSED/, /--endpoint-url/],
    ['a reset connection', networkError('ECONNRESET'), 'EndpointUnreachable', /ECONNRESET/, /network/],
    [
      'a TLS-inspecting proxy',
      networkError('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'),
      'EndpointUnreachable',
      /self-signed/,
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'an expired token',
      serviceError('ExpiredToken', 403, 'It expired.'),
      'CredentialsExpired',
      /expired/,
      /sso login/,
    ],
    [
      'an expired SSO session',
      providerError('The SSO session associated with this profile has expired. To refresh run aws sso login'),
      'CredentialsExpired',
      /SSO session/,
      /aws sso login/,
    ],
    [
      'no credentials',
      providerError('Could not load credentials from any providers'),
      'CredentialsMissing',
      /no AWS credentials/,
      /--profile/,
    ],
    [
      'an unknown profile',
      providerError('Could not resolve credentials using profile: [prod] in configuration/credentials file(s).'),
      'ProfileUnknown',
      /\[prod\]/,
      /list-profiles/,
    ],
    [
      'an unknown key',
      serviceError('InvalidClientTokenId', 403),
      'CredentialsRefused',
      /rejected the credentials/,
      /partition/,
    ],
    [
      'a clock that is off',
      serviceError('SignatureDoesNotMatch', 403, 'Signature expired: 20261120T000000Z is now earlier than x'),
      'ClockSkewed',
      /time/,
      /clock/,
    ],
    ['anything else', serviceError('ValidationError', 400, 'no such thing'), 'AwsAnswerUnexpected', /no such/, /^$/],
  ])('reports %s', (_, error, code, message, hint) => {
    const translated = toKeysweepError(error, action);
    expect(translated).toBeInstanceOf(KeysweepError);
    expect(translated.code).toBe(code);
    expect(translated.message).toMatch(message);
    expect(translated.hint ?? '').toMatch(hint);
    expect(translated.cause).toBe(error);
  });

  it('lets a KeysweepError pass', () => {
    const error = new KeysweepError('RoleInvalid', 'no');
    expect(toKeysweepError(error, action)).toBe(error);
  });

  it.each([['text'], [undefined], [null], [42], [{}]])('copes with %j thrown', (thrown) => {
    expect(toKeysweepError(thrown, action).code).toBe('AwsAnswerUnexpected');
  });

  it('says how often the SDK tried', () => {
    const error = serviceError('Throttling', 400, 'Rate exceeded');
    error.$metadata.attempts = 10;
    expect(toKeysweepError(error, action).message).toContain('(10 attempts)');
  });
});

describe('a denial', () => {
  it.each([
    [
      'because no identity-based policy allows the iam:ListAccessKeys action',
      'no identity-based policy allows it',
      /in an IAM policy/,
    ],
    ['with an explicit deny in a service control policy', 'explicit deny in a service control policy', /organization/],
    [
      'because no service control policy allows the iam:ListAccessKeys action',
      'no service control policy allows it',
      /organization/,
    ],
    [
      'with an explicit deny in an identity-based policy',
      'explicit deny in an identity-based policy',
      /Remove the statement/,
    ],
    [
      'with an explicit deny in a permissions boundary',
      'explicit deny in a permissions boundary',
      /permissions boundary/,
    ],
    [
      'because no permissions boundary allows the iam:ListAccessKeys action',
      'no permissions boundary allows it',
      /permissions boundary/,
    ],
    ['because no session policy allows the iam:ListAccessKeys action', 'no session policy allows it', /session policy/],
    [
      'because no VPC endpoint policy allows the iam:ListAccessKeys action',
      'no VPC endpoint policy allows it',
      /VPC endpoint/,
    ],
    [
      'with an explicit deny in a resource control policy',
      'explicit deny in a resource control policy',
      /organization/,
    ],
  ])('%s names the caller and what is in the way', (phrase, because, hint) => {
    const error = serviceError(
      'AccessDenied',
      403,
      `User: ${caller} is not authorized to perform: iam:ListAccessKeys on resource: user bob ${phrase}`,
    );
    const translated = toKeysweepError(error, action);
    expect(translated.message).toBe(`the caller lacks iam:ListAccessKeys (${caller}; ${because})`);
    expect(translated.hint).toMatch(hint);
  });

  it('names the action that AWS names, which may be another than what was asked for', () => {
    const error = serviceError(
      'AccessDenied',
      403,
      `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/audit`,
    );
    const translated = toKeysweepError(error, action);
    expect(translated.message).toBe(
      `the caller lacks sts:AssumeRole on arn:aws:iam::444455556666:role/audit in account 444455556666 (${caller})`,
    );
    expect(translated.hint).toContain('trust policy');
  });

  it('names the action that was asked for where AWS names none', () => {
    expect(problemOf(serviceError('AccessDenied', 403), action)).toEqual({
      code: 'access-denied',
      message: 'AccessDenied: the caller lacks iam:ListAccessKeys',
    });
  });
});

describe('problemOf', () => {
  it('takes a failure to assume the role for unavailable, with its reason', () => {
    const error = new KeysweepError('AccessDenied', 'the caller lacks sts:AssumeRole');
    expect(problemOf(error, action)).toEqual({
      code: 'unavailable',
      message: 'AccessDenied: the caller lacks sts:AssumeRole',
    });
  });
});

describe('describeError', () => {
  const secret = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00';
  const token = 'FwoGZXIvYXdzEBYaD'.repeat(12);

  it('does not repeat the signed request of a signature error', () => {
    const message = `The request signature we calculated does not match. The Canonical String was 'x-amz-security-token:${token}'`;
    const said = describeError(serviceError('SignatureDoesNotMatch', 403, message));
    expect(said).toBe('SignatureDoesNotMatch: The request signature we calculated does not match (HTTP 403)');
  });

  it('does not repeat the command of a failed credential process', () => {
    const said = describeError(providerError(`Command failed: vault read -token=${secret} aws/creds\nwrote ${secret}`));
    expect(said).toBe('the credential_process of the profile failed');
  });

  it('does not repeat a token', () => {
    const said = describeError(serviceError('ValidationError', 400, `The token ${token} is malformed`));
    expect(said).toBe('ValidationError: The token <redacted> is malformed (HTTP 400)');
  });

  it('is one line of bounded length', () => {
    const said = describeError(serviceError('ValidationError', 400, `${'long text '.repeat(100)}\nsecond line`));
    expect(said.length).toBeLessThan(350);
    expect(said).not.toContain('second line');
  });

  it('prefers the code on the wire to the name that the SDK gives', () => {
    const error = Object.assign(serviceError('CredentialReportNotReadyException', 404), { Code: 'ReportInProgress' });
    expect(describeError(error)).toBe('ReportInProgress (HTTP 404)');
  });
});
