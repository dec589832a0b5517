/** From the id of a credential to its user, for what is asked about one. */
import { accountOfAccessKey } from '../core/access-key-account.ts';
import { KeysweepError } from '../core/error.ts';
import { kindOf } from '../core/kinds/kinds.ts';
import type { LedgerEntry, RetirableRef } from '../core/lifecycle/ledger.ts';
import type { Account } from '../core/model.ts';
import type { CredentialSource } from '../core/ports.ts';
import { accountInWords } from '../reports/words.ts';

/**
 * The user whose key it is: as told, as the ledger has it, or as AWS says. Throws KeysweepError `AccessKeyNotFound`,
 * `AccessKeyOfOtherAccount` where AWS does not know it and the id itself says why, and `RootAccessKey`.
 */
export async function findKeyUser(
  credential: RetirableRef,
  userName: string | undefined,
  entry: LedgerEntry | undefined,
  account: Account,
  source: CredentialSource,
): Promise<string> {
  const { kind, id } = credential;
  const { short } = kindOf(kind).noun;
  if (userName !== undefined) return userName;
  if (entry !== undefined) return entry.principal.name;
  const owner = await source.ownerOf(credential);
  if (!owner.ok) {
    refuseOtherAccount(id, account);
    const denied = owner.problem.code === 'access-denied';
    const unknown = denied
      ? `there is no ${short} ${id} here, or AWS does not tell whose it is`
      : `no one knows whose ${short} ${id} is`;
    throw new KeysweepError('AccessKeyNotFound', `${unknown}: ${owner.problem.message}`, {
      hint: denied
        ? 'AWS denies this also for keys that do not exist (any more). If it does, and you know the user: --user NAME'
        : 'Try again, or name the user: --user NAME',
    });
  }
  if (owner.value === '<root_account>') {
    throw new KeysweepError('RootAccessKey', `${id} is a ${short} of the root user, which keysweep never touches`, {
      hint: 'Sign in as the root user and delete it: keysweep rules root-access-key',
    });
  }
  return owner.value;
}

function refuseOtherAccount(accessKeyId: string, account: Account): void {
  const encoded = accountOfAccessKey(accessKeyId);
  if (encoded === undefined || encoded === account.id) return;
  throw new KeysweepError(
    'AccessKeyOfOtherAccount',
    `${accessKeyId} is a key of account ${encoded}; these credentials are for account ${accountInWords(account)}`,
    { hint: `Choose a --profile or a --role-arn of account ${encoded}.` },
  );
}
