import type { Context } from 'aws-lambda';
import type { AwsSession } from '../aws/session.ts';
import { accountInArn, type ExpectedAccount, refuseOtherAccount } from '../core/expected-account.ts';

/** The account that a function belongs to, which is the one that it is meant for. */
export function functionAccount({ invokedFunctionArn }: Context): ExpectedAccount {
  return { id: accountInArn(invokedFunctionArn), by: `the function ${invokedFunctionArn}` };
}

/**
 * The first step of a function: who signs its requests, what started it and what it writes to are of one account.
 *
 * @param event of EventBridge; it names the account whose bus it was put on
 * @param places what the function writes to: ARNs, or names, which are of its own account
 * @throws KeysweepError AccountMismatch, before anything is read or written
 */
export async function confirmAccount(
  session: AwsSession,
  { event, places }: { readonly event: unknown; readonly places: readonly string[] },
): Promise<void> {
  const { id, arn } = await session.caller();
  const own = { id, by: `the caller ${arn}` };
  for (const place of places.filter((name) => name.startsWith('arn:')))
    refuseOtherAccount(own, accountInArn(place), place);
  for (const account of accountsOf(event)) refuseOtherAccount(own, account, 'the event');
}

/** Those that an event names: where it was put on a bus, and what it tells of. */
function accountsOf(event: unknown): readonly string[] {
  const { account, detail = event } = (event ?? {}) as { readonly account?: unknown; readonly detail?: unknown };
  const { account: known } = (detail ?? {}) as { readonly account?: unknown };
  return [account, known].flatMap((one) => (one === undefined ? [] : [String(one)]));
}
