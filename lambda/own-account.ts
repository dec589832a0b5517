import type { Context } from 'aws-lambda';
import type { AwsSession } from '../aws/session.ts';
import { accountInArn, type ExpectedAccount, refuseOtherAccount } from '../core/expected-account.ts';

/** The account that a function belongs to, which is also the one that it is meant for. */
export function functionAccount({ invokedFunctionArn }: Context): ExpectedAccount {
  return { id: accountInArn(invokedFunctionArn), by: `the function ${invokedFunctionArn}` };
}

/**
 * The first step of a function: checks that its caller, its event and its targets are all in one account.
 *
 * @param event from EventBridge; it names the account of its bus
 * @param places what the function writes to: ARNs, or names in its own account
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

/** The accounts that an event names: the one of its bus, and the one that it is about. */
function accountsOf(event: unknown): readonly string[] {
  const { account, detail = event } = (event ?? {}) as { readonly account?: unknown; readonly detail?: unknown };
  const { account: subject } = (detail ?? {}) as { readonly account?: unknown };
  return [account, subject].flatMap((named) => (named === undefined ? [] : [String(named)]));
}
