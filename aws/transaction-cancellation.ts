import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { given } from '../core/given.ts';
import type { Item } from './ledger-items.ts';

/** Why DynamoDB canceled a transaction. */
export interface TransactionCancellation {
  /** One for each action, in order; `None` if the action itself was fine. */
  readonly reasons: readonly { readonly code: string; readonly found?: Item }[];
  /** It only met another transaction (`conflict`) or too many requests (`throttled`): it may succeed a little later. */
  readonly passing: 'conflict' | 'throttled' | undefined;
}

/** Source of the codes: TransactWriteItems in the DynamoDB API reference. */
const throttled: ReadonlySet<string> = new Set(['ProvisionedThroughputExceeded', 'ThrottlingError']);

/** Undefined for any other error. */
export function cancellationOf(error: unknown): TransactionCancellation | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reasons = (error.CancellationReasons ?? []).map(({ Code = 'None', Item }: CancellationReason) => ({
    code: Code,
    ...given({ found: Item }),
  }));
  return { reasons, passing: passingOf(reasons.map(({ code }) => code).filter((code) => code !== 'None')) };
}

function passingOf(codes: readonly string[]): TransactionCancellation['passing'] {
  if (codes.length === 0 || !codes.every((code) => code === 'TransactionConflict' || throttled.has(code))) {
    return undefined;
  }
  return codes.some((code) => throttled.has(code)) ? 'throttled' : 'conflict';
}
