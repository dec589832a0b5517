/** What signs requests. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When temporary credentials expire. */
  readonly expiration?: Date;
  /** The account of the credentials, according to their source. */
  readonly accountId?: string;
}

/** Returns credentials, and new ones when the last have expired. */
export type CredentialsProvider = () => Promise<AwsCredentials>;

/** Credentials are renewed this long before they expire, in milliseconds: none may expire during a request. */
const renewBefore = 5 * 60_000;

/**
 * Fetches credentials when they are first needed, shares them among all clients, and renews them before they expire:
 * otherwise every SDK client would fetch its own (and ask for its own MFA code). A failure is not cached.
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
