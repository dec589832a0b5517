/** Compares the account that was asked for with the one that answered. */
import { KeysweepError } from './error.ts';

/** An account that was asked for, and what named it: for messages. */
export interface ExpectedAccount {
  readonly id: string;
  /** `the role arn:aws:iam::111122223333:role/audit`, `--notify-account`. */
  readonly by: string;
}

const whatToCheck = [
  'Nothing was read from either account, and nothing was changed.',
  'Check the account in --role-arn, the profile (role_arn, sso_account_id, credential_process), and --endpoint-url',
  'or AWS_ENDPOINT_URL: what answers there may not be AWS, or may serve another account.',
];

/**
 * @param where what belongs to the account `answered`, for messages
 * @throws KeysweepError AccountMismatch if that is not the expected account
 */
export function refuseOtherAccount(
  { id, by }: ExpectedAccount,
  answered: string,
  where: string,
  hint: readonly string[] = whatToCheck,
): void {
  if (answered === id) return;
  throw new KeysweepError('AccountMismatch', `${by} names account ${id}, but ${where} belongs to account ${answered}`, {
    hint: hint.join('\n'),
  });
}

/** The account in an ARN; empty if it names none, as the ARNs of S3 buckets do. */
export function accountInArn(arn: string): string {
  return arn.split(':')[4] ?? '';
}
