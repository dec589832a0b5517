import { describe, expect, it, vi } from 'vitest';
import { cliCredentials } from '../../aws/cli-credentials.ts';
import { KeysweepError } from '../../core/error.ts';
import { useAwsConfig } from '../support/aws-config.ts';

const secret = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00';

useAwsConfig(`
[profile static]
aws_access_key_id = AKIAPROFILE
aws_secret_access_key = from-profile
[profile process]
credential_process = ${process.execPath} -e "process.exit(3)" -- ${secret}
[profile sso]
sso_session = none
sso_account_id = 111122223333
sso_role_name = audit
[sso-session none]
sso_start_url = https://example.invalid/start
sso_region = eu-central-1
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/audit
source_profile = static
mfa_serial = arn:aws:iam::111122223333:mfa/alice
`);

async function failure(credentials: () => Promise<unknown>): Promise<KeysweepError> {
  const error = await credentials().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(KeysweepError);
  return error as KeysweepError;
}

describe('cliCredentials', () => {
  it('finds the key of the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'from-env');
    await expect(cliCredentials()()).resolves.toMatchObject({ accessKeyId: 'AKIAENV', secretAccessKey: 'from-env' });
  });

  it('prefers the profile that is named to the environment, without a warning', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'from-env');
    const warn = vi.spyOn(console, 'warn');
    await expect(cliCredentials({ profile: 'static' })()).resolves.toMatchObject({ accessKeyId: 'AKIAPROFILE' });
    expect(warn).not.toHaveBeenCalled();
  });

  it('says what to do without credentials', async () => {
    const error = await failure(cliCredentials());
    expect(error.code).toBe('CredentialsMissing');
    expect(error.hint).toContain('--profile');
  });

  it('names a profile that does not exist', async () => {
    const error = await failure(cliCredentials({ profile: 'prodd' }));
    expect(error.code).toBe('ProfileUnknown');
    expect(error.message).toContain('prodd');
  });

  it('asks for a new sign-in where the SSO session has ended', async () => {
    const error = await failure(cliCredentials({ profile: 'sso' }));
    expect(error.code).toBe('CredentialsExpired');
    expect(error.hint).toContain('aws sso login');
  });

  it('does not repeat the command line of a credential process', async () => {
    const error = await failure(cliCredentials({ profile: 'process' }));
    expect(error.code).toBe('CredentialsMissing');
    expect(error.message).toContain('credential_process of the profile failed');
    expect(error.message).not.toContain(secret);
  });

  it('asks for the code of the MFA device that a role demands', async () => {
    const mfaCode = vi.fn(async () => {
      throw new KeysweepError('Cancelled', 'no code was given');
    });
    const error = await failure(cliCredentials({ profile: 'mfa', region: 'us-east-1', mfaCode }));
    expect(error.code).toBe('Cancelled');
    expect(mfaCode).toHaveBeenCalledWith('arn:aws:iam::111122223333:mfa/alice');
  });

  it('says that no one can be asked for an MFA code', async () => {
    const error = await failure(cliCredentials({ profile: 'mfa', region: 'us-east-1' }));
    expect(error.message).toContain('multi-factor authentication');
  });
});
