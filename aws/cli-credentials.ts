/**
 * The credentials of a person at a command line. Apart from session.ts, because it brings the whole chain of providers
 * with it (SSO, assumed roles of profiles, credential processes, instance metadata), which a Lambda bundle must not hold.
 */

import { getDefaultRoleAssumer, getDefaultRoleAssumerWithWebIdentity } from '@aws-sdk/client-sts';
import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { refuseOtherAccount } from '../core/expected-account.ts';
import { given } from '../core/given.ts';
import { accountOfRole } from './assume-role.ts';
import { type AwsCredentials, type CredentialsProvider, shareCredentials } from './credentials.ts';
import { toKeysweepError } from './errors.ts';

export interface CliCredentialsOptions {
  /** Profile of the shared AWS configuration files. @default AWS_PROFILE, else `default` */
  readonly profile?: string;
  /** Region of the STS and SSO endpoints that a profile may need. @default what the profile says */
  readonly region?: string;
  /** Asks the person for the code of the MFA device that a profile's role demands. */
  readonly mfaCode?: (serialNumber: string) => Promise<string>;
}

/**
 * The credentials of a named profile (by option or AWS_PROFILE), else the SDK's standard chain: environment, default
 * profile, SSO, credential process, web identity, container, instance. One provider for all clients of a run.
 *
 * A named profile is taken at its word: where it gives no credentials, nothing else does. The SDK's chain would go on
 * to the instance's role, and read another account than the one that was meant.
 *
 * Where a profile assumes a role, the answer must be of the role's account.
 *
 * It throws KeysweepError CredentialsMissing, CredentialsExpired, ProfileUnknown, AccountMismatch, or what a request to
 * STS ended with.
 */
export function cliCredentials(options: CliCredentialsOptions = {}): CredentialsProvider {
  const { profile = process.env.AWS_PROFILE, region, mfaCode } = options;
  const init = {
    ...(profile && { profile }),
    ...(region !== undefined && { clientConfig: { region } }),
    ...given({ mfaCodeProvider: mfaCode }),
    ...roleAssumers({ ...(profile && { profile }), ...given({ region }) }),
  };
  const provider = profile ? fromIni(init) : fromNodeProviderChain(init);
  return shareCredentials(async () => {
    try {
      return await provider();
    } catch (error) {
      throw toKeysweepError(error, 'the lookup of credentials');
    }
  });
}

/** Those of the SDK; but an answer of another account than the one of the role is refused. */
function roleAssumers(sts: { readonly profile?: string; readonly region?: string }) {
  const assume = getDefaultRoleAssumer(sts);
  const assumeWithToken = getDefaultRoleAssumerWithWebIdentity(sts);
  const ofRole = (role: string | undefined, credentials: AwsCredentials) => {
    const { id, by } = accountOfRole(role ?? '');
    refuseOtherAccount(
      { id, by: `${by} of the profile` },
      credentials.accountId ?? 'unknown',
      'the session that STS gave',
    );
    return credentials;
  };
  return {
    roleAssumer: async (...[source, request]: Parameters<typeof assume>) =>
      ofRole(request.RoleArn, await assume(source, request)),
    roleAssumerWithWebIdentity: async (...[request]: Parameters<typeof assumeWithToken>) =>
      ofRole(request.RoleArn, await assumeWithToken(request)),
  };
}
