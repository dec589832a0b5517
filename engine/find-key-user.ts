/** Finds the user of a credential by its id. */
import { accountOfAccessKey } from '../core/access-key-account.ts';
import { KeysweepError } from '../core/error.ts';
import { kindOf } from '../core/kinds/kinds.ts';
import type { LedgerEntry, RetirableRef } from '../core/lifecycle/ledger.ts';
import type { Account } from '../core/model.ts';
import type { CredentialSource } from '../core/ports.ts';
import { accountInWords } from '../reports/words.ts';

/**
 * The user of a key: as given, otherwise from the ledger, otherwise from AWS. Throws KeysweepError `AccessKeyNotFound`,
 * `AccessKeyOfOtherAccount` if AWS does not know the key and its id names another account, and `RootAccessKey`.
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
      ? `there is no ${short} ${id} in this account, or AWS does not say which user has it`
      : `cannot determine which user has ${short} ${id}`;
    throw new KeysweepError('AccessKeyNotFound', `${unknown}: ${owner.problem.message}`, {
      hint: denied
        ? 'AWS denies this also for keys that do not exist. If the key exists and you know its user, use --user NAME.'
        : 'Try again, or name the user with --user NAME.',
    });
  }
  if (owner.value === '<root_account>') {
    throw new KeysweepError('RootAccessKey', `${id} is a ${short} of the root user, which keysweep never touches`, {
      hint: 'How to delete it: keysweep rules root-access-key',
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
