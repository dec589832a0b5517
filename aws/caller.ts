import { GetCallerIdentityCommand, type GetCallerIdentityResponse, type STSClient } from '@aws-sdk/client-sts';
import { KeysweepError } from '../core/error.ts';
import { refuseOtherAccount } from '../core/expected-account.ts';
import type { Account } from '../core/model.ts';
import { toKeysweepError } from './errors.ts';

/** Who signs requests, as AWS says. */
export interface Caller extends Pick<Account, 'id' | 'partition'> {
  /** Of the user, or of the session of a role. */
  readonly arn: string;
}

/** Asks AWS who signs. Takes no permission. Throws KeysweepError where AWS does not know the caller. */
export async function readCaller(sts: STSClient): Promise<Caller> {
  let answer: GetCallerIdentityResponse;
  try {
    answer = await sts.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    throw toKeysweepError(error, 'sts:GetCallerIdentity');
  }
  const { Arn = '', Account } = answer;
  const [, partition, inArn] = /^arn:(aws[\w-]*):[a-z]+::(\d{12}):/.exec(Arn) ?? [];
  if (!/^\d{12}$/.test(Account ?? '') || partition === undefined) {
    throw new KeysweepError('AwsAnswerUnexpected', 'sts:GetCallerIdentity answered without an account', {
      hint: 'check --endpoint-url and AWS_ENDPOINT_URL; behind a proxy, that it lets the answer through',
    });
  }
  const id = String(Account);
  refuseOtherAccount({ id, by: 'sts:GetCallerIdentity' }, String(inArn), `the caller ${Arn} that it names`);
  return { id, partition, arn: Arn };
}
