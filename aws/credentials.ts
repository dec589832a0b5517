/** What signs requests. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When temporary credentials end. */
  readonly expiration?: Date;
  /** What gave them says that they are of this account. */
  readonly accountId?: string;
}

/** Gives credentials, and new ones when the last have expired. */
export type CredentialsProvider = () => Promise<AwsCredentials>;

/** Credentials are renewed this long before they expire, in milliseconds: no request may die of age on its way. */
const renewBefore = 5 * 60_000;

/**
 * Fetches credentials when they are first needed, shares them among all who ask, and renews them before they expire:
 * every client of the SDK would otherwise fetch its own (and ask for its own MFA code). A failure is not kept.
 */
export function shareCredentials(fetch: () => Promise<AwsCredentials>): CredentialsProvider {
  let current: Promise<AwsCredentials> | undefined;
  let renewAt = Number.POSITIVE_INFINITY;

  async function renew(): Promise<AwsCredentials> {
    const credentials = await fetch();
    renewAt = (credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - renewBefore;
    return credentials;
  }

  return () => {
    if (current === undefined || Date.now() >= renewAt) {
      renewAt = Number.POSITIVE_INFINITY;
      current = renew().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
    }
    return current;
  };
}
