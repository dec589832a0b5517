/** Whose account the options lead to, before anything is read of it or written to it. */
import type { Caller } from '../aws/caller.ts';
import { KeysweepError } from '../core/error.ts';
import { accountInArn, type MeantAccount, refuseOtherAccount } from '../core/meant-account.ts';
import type { NoticeOptions } from './notice-options.ts';

/**
 * A topic or bus of another account gets what keysweep finds, and people there may not be the ones who were meant: only
 * where `--notify-account` says so.
 *
 * @throws KeysweepError AccountMismatch
 */
export function confirmPlaces(
  { topicArn, eventBus, notifyAccount }: Partial<NoticeOptions>,
  { id, arn }: Caller,
): void {
  const meant: MeantAccount =
    notifyAccount === undefined ? { id, by: `the caller ${arn}` } : { id: notifyAccount, by: '--notify-account' };
  if (topicArn !== undefined) confirmPlace(meant, topicArn, '--topic-arn');
  if (eventBus?.startsWith('arn:') === true) confirmPlace(meant, eventBus, '--event-bus');
}

function confirmPlace(meant: MeantAccount, arn: string, option: string): void {
  refuseOtherAccount(meant, accountInArn(arn), `${option} ${arn}`, [
    'Nothing was read, and nobody was notified. Is the account right, and the ARN?',
    'Where one account gets the notices of others, on purpose: --notify-account ACCOUNT',
  ]);
}

/** What a ledger file has records of. */
export interface AccountsOfFile {
  readonly path: string;
  readonly accounts: readonly string[];
}

/**
 * A file that knows other accounts and not this one is another account's: whatever was promised and done here stands
 * elsewhere. An empty one is a new one.
 *
 * @throws KeysweepError AccountMismatch
 */
export function confirmLedgerFile({ path, accounts }: AccountsOfFile, account: string): void {
  if (accounts.length === 0 || accounts.includes(account)) return;
  throw new KeysweepError(
    'AccountMismatch',
    `the ledger ${path} is of account ${accounts.join(', ')}, and has no record of account ${account}`,
    {
      hint: 'Name the ledger of this account, or, for its first sweep, a file that does not exist yet.',
    },
  );
}
