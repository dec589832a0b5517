import { type IAMClient, ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { given } from '../core/given.ts';
import type { Account } from '../core/model.ts';
import type { Caller } from './caller.ts';

/**
 * The account of the caller. The alias is optional: an account may have none, and the caller may not be allowed to read it.
 */
export async function readAccount({ id, partition }: Caller, iam: IAMClient): Promise<Account> {
  const alias = await findAlias(iam);
  return { id, partition, ...given({ alias }) };
}

async function findAlias(iam: IAMClient): Promise<string | undefined> {
  try {
    const { AccountAliases = [] } = await iam.send(new ListAccountAliasesCommand({}));
    return AccountAliases[0];
  } catch {
    return undefined;
  }
}
