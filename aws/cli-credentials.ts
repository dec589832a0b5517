/**
 * The credentials of a person at a command line. Apart from session.ts, because it brings the whole chain of providers
 * with it (SSO, assumed roles of profiles, credential processes, instance metadata), which a Lambda bundle must not hold.
 */
import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { toKeysweepError } from './errors.ts';
import type { CredentialsProvider } from './session.ts';
import { shareCredentials } from './shared-credentials.ts';

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
 * It throws KeysweepError CredentialsMissing, CredentialsExpired, ProfileUnknown, or what a request to STS ended with.
 */
export function cliCredentials(options: CliCredentialsOptions = {}): CredentialsProvider {
  const { profile = process.env.AWS_PROFILE, region, mfaCode } = options;
  const init = {
    ...(profile && { profile }),
    ...(region !== undefined && { clientConfig: { region } }),
    ...(mfaCode !== undefined && { mfaCodeProvider: mfaCode }),
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
