/**
 * The credentials of a command-line user. Separate from session.ts, because it pulls in the whole provider chain (SSO,
 * assumed roles of profiles, credential processes, instance metadata), which a Lambda bundle must not contain.
 */

import { getDefaultRoleAssumer, getDefaultRoleAssumerWithWebIdentity } from '@aws-sdk/client-sts';
import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { refuseOtherAccount } from '../core/expected-account.ts';
import { given } from '../core/given.ts';
import { accountOfRole } from './assume-role.ts';
import { type AwsCredentials, type CredentialsProvider, shareCredentials } from './credentials.ts';
import { kindOf } from './error-kind.ts';
import { toKeysweepError } from './errors.ts';

export interface CliCredentialsOptions {
  /** Profile of the shared AWS configuration files. @default AWS_PROFILE, else `default` */
  readonly profile?: string;
  /** Region of the STS and SSO endpoints that a profile may need. @default what the profile says */
  readonly region?: string;
  /** Asks the user for the code of the MFA device that a profile's role requires. */
  readonly mfaCode?: (serialNumber: string) => Promise<string>;
}

/**
 * The credentials of a named profile (by option or AWS_PROFILE), else the SDK's standard chain: environment, default
 * profile, SSO, credential process, web identity, container, instance. One provider for all clients of a run.
 *
 * A named profile is the only source: if it has no credentials, nothing else is tried. The SDK's chain would continue
 * with the instance's role, and read another account than intended.
 *
 * If a profile assumes a role, the credentials must be of the role's account.
 *
 * It throws KeysweepError CredentialsMissing, CredentialsExpired, ProfileUnknown, AccountMismatch, or the error of a request to
 * STS.
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
      throw toKeysweepError(error, 'the credential lookup');
    }
  });
}

/** The SDK's own, except that credentials of another account than the role's are refused. */
function roleAssumers(sts: { readonly profile?: string; readonly region?: string }) {
  const assume = getDefaultRoleAssumer(sts);
  const assumeWithToken = getDefaultRoleAssumerWithWebIdentity(sts);
  const ofRole = (role: string | undefined, credentials: AwsCredentials) => {
    const { id, by } = accountOfRole(role ?? '');
    refuseOtherAccount(
      { id, by: `${by} of the profile` },
      credentials.accountId ?? 'unknown',
      'the session returned by STS',
    );
    return credentials;
  };
  // Of several roles in a chain, the message is to name the one that was denied.
  const named = (action: string, role: string | undefined, assumed: Promise<AwsCredentials>) =>
    assumed.catch((error: unknown) => {
      throw kindOf(error) === 'access-denied' ? toKeysweepError(error, action, role) : error;
    });
  return {
    roleAssumer: async (...[source, request]: Parameters<typeof assume>) =>
      ofRole(request.RoleArn, await named('sts:AssumeRole', request.RoleArn, assume(source, request))),
    roleAssumerWithWebIdentity: async (...[request]: Parameters<typeof assumeWithToken>) =>
      ofRole(request.RoleArn, await named('sts:AssumeRoleWithWebIdentity', request.RoleArn, assumeWithToken(request))),
  };
}
