/** The account that is meant, against the one that answers. */
import { KeysweepError } from './error.ts';

/** An account that someone asked for, and where: for people. */
export interface ExpectedAccount {
  readonly id: string;
  /** `the role arn:aws:iam::111122223333:role/audit`, `--notify-account`. */
  readonly by: string;
}

const whatToCheck = [
  'Nothing was read of either account, and nothing was changed.',
  'Check the number in --role-arn, the profile (role_arn, sso_account_id, credential_process), and --endpoint-url',
  'or AWS_ENDPOINT_URL: what answers there is not AWS, or not for this account.',
];

/**
 * @param where what is of the account `answered`, for people
 * @throws KeysweepError AccountMismatch where that is not the account that is meant
 */
export function refuseOtherAccount(
  { id, by }: ExpectedAccount,
  answered: string,
  where: string,
  hint: readonly string[] = whatToCheck,
): void {
  if (answered === id) return;
  throw new KeysweepError('AccountMismatch', `${by} is of account ${id}, but ${where} is of account ${answered}`, {
    hint: hint.join('\n'),
  });
}

/** The account in an ARN; empty where it names none, as those of S3 buckets. */
export function accountInArn(arn: string): string {
  return arn.split(':')[4] ?? '';
}
