import { GetCallerIdentityCommand, type GetCallerIdentityResponse, type STSClient } from '@aws-sdk/client-sts';
import { KeysweepError } from '../core/error.ts';
import { refuseOtherAccount } from '../core/expected-account.ts';
import type { Account } from '../core/model.ts';
import { toKeysweepError } from './errors.ts';

/** Who signs requests, according to AWS. */
export interface Caller extends Pick<Account, 'id' | 'partition'> {
  /** Of the user, or of the role session. */
  readonly arn: string;
}

/** Asks AWS who signs. Needs no permission. Throws KeysweepError if AWS does not know the caller. */
export async function readCaller(sts: STSClient): Promise<Caller> {
  let answer: GetCallerIdentityResponse;
  try {
    answer = await sts.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    throw toKeysweepError(error, 'sts:GetCallerIdentity');
  }
  const { Arn = '', Account } = answer;
  const [, partition, accountOfArn] = /^arn:(aws[\w-]*):[a-z]+::(\d{12}):/.exec(Arn) ?? [];
  if (!/^\d{12}$/.test(Account ?? '') || partition === undefined) {
    throw new KeysweepError('AwsAnswerUnexpected', 'sts:GetCallerIdentity answered without an account', {
      hint: 'Check --endpoint-url and AWS_ENDPOINT_URL. Behind a proxy, check that it passes the answer.',
    });
  }
  const id = String(Account);
  refuseOtherAccount({ id, by: 'sts:GetCallerIdentity' }, String(accountOfArn), `the caller ${Arn} that it names`);
  return { id, partition, arn: Arn };
}
