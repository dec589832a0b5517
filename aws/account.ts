import { type IAMClient, ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, type GetCallerIdentityResponse, type STSClient } from '@aws-sdk/client-sts';
import { KeysweepError } from '../core/error.ts';
import type { Account } from '../core/model.ts';
import { toKeysweepError } from './errors.ts';

/**
 * The account of the caller. Throws KeysweepError where AWS does not know the caller. The alias is a nicety: an account
 * may have none, and the caller may not be allowed to ask.
 */
export async function readAccount(sts: STSClient, iam: IAMClient): Promise<Account> {
  const identity = await getCallerIdentity(sts);
  const alias = await findAlias(iam);
  return { ...identity, ...(alias !== undefined && { alias }) };
}

/** The number of the caller's account. Throws KeysweepError where AWS does not know the caller. */
export async function readAccountId(sts: STSClient): Promise<string> {
  const { id } = await getCallerIdentity(sts);
  return id;
}

async function getCallerIdentity(sts: STSClient): Promise<Pick<Account, 'id' | 'partition'>> {
  let answer: GetCallerIdentityResponse;
  try {
    answer = await sts.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    throw toKeysweepError(error, 'sts:GetCallerIdentity');
  }
  const [, partition] = /^arn:(aws[\w-]*):/.exec(answer.Arn ?? '') ?? [];
  if (!/^\d{12}$/.test(answer.Account ?? '') || partition === undefined) {
    throw new KeysweepError('AwsAnswerUnexpected', 'sts:GetCallerIdentity answered without an account', {
      hint: 'check --endpoint-url and AWS_ENDPOINT_URL; behind a proxy, that it lets the answer through',
    });
  }
  return { id: String(answer.Account), partition };
}

async function findAlias(iam: IAMClient): Promise<string | undefined> {
  try {
    const { AccountAliases = [] } = await iam.send(new ListAccountAliasesCommand({}));
    return AccountAliases[0];
  } catch {
    return undefined;
  }
}
