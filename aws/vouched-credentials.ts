import { KeysweepError } from '../core/error.ts';
import { type ExpectedAccount, refuseOtherAccount } from '../core/expected-account.ts';
import type { Caller } from './caller.ts';
import type { AwsCredentials, CredentialsProvider } from './credentials.ts';

/** Credentials and their caller; the caller is undefined if no account is expected, so that none was checked. */
export interface Vouched {
  readonly credentials: AwsCredentials;
  readonly caller: Caller | undefined;
}

/**
 * Credentials of one account and no other: AWS is asked whose they are before any client gets them, and again for each
 * renewal, with these very credentials. So no request to any service can reach another account than expected.
 *
 * @param meant the account that was asked for. Undefined: the one that the source of the credentials names, if it does
 *   (a profile's role or single sign-on, a credential process)
 * @throws KeysweepError AccountMismatch; from then on every time, without further requests
 */
export function vouchFor(
  provide: CredentialsProvider,
  meant: ExpectedAccount | undefined,
  identify: (credentials: AwsCredentials) => Promise<Caller>,
): () => Promise<Vouched> {
  let current: { readonly accessKeyId: string; readonly caller: Promise<Caller | undefined> } | undefined;
  let refusal: KeysweepError | undefined;

  async function check(credentials: AwsCredentials): Promise<Caller | undefined> {
    const { accountId } = credentials;
    const named = accountId === undefined ? undefined : { id: accountId, by: 'the source of the credentials' };
    if (meant !== undefined && named !== undefined) refuseOtherAccount(meant, named.id, named.by);
    const expected = meant ?? named;
    if (expected === undefined) return undefined;
    const caller = await identify(credentials);
    refuseOtherAccount(expected, caller.id, `the caller ${caller.arn}`);
    return caller;
  }

  return async () => {
    if (refusal !== undefined) throw refusal;
    try {
      const credentials = await provide();
      if (current?.accessKeyId !== credentials.accessKeyId) {
        current = { accessKeyId: credentials.accessKeyId, caller: check(credentials) };
      }
      return { credentials, caller: await current.caller };
    } catch (error) {
      current = undefined;
      if (error instanceof KeysweepError && error.code === 'AccountMismatch') refusal = error;
      throw error;
    }
  };
}
