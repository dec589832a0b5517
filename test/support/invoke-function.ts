/**
 * One invocation of a bundled function, as a process of its own: `invoke-function MODULE EVENT TIME`. Its clock begins at
 * TIME and goes on from there. Sends an {@link InvocationEnd} to its parent.
 */
import { pathToFileURL } from 'node:url';
import { MINUTE } from '../../core/duration.ts';

/** How an invocation ended that was not killed. */
export type InvocationEnd =
  | { readonly ok: true; readonly result: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: string };

const [module = '', event = '', time = ''] = process.argv.slice(2);

// Before anything else is loaded: an account's past and future hang on the clock.
const RealDate = Date;
const ahead = RealDate.parse(time) - RealDate.now();
globalThis.Date = class extends RealDate {
  constructor(...values: readonly unknown[]) {
    super(...((values.length === 0 ? [RealDate.now() + ahead] : values) as ConstructorParameters<typeof Date>));
  }
  static override now(): number {
    return RealDate.now() + ahead;
  }
} as DateConstructor;

async function invoke(): Promise<InvocationEnd> {
  try {
    const { handler } = await import(pathToFileURL(module).href);
    const [, , , , account] = (process.env.KEYSWEEP_DIGEST_TOPIC_ARN ?? '').split(':');
    const invokedFunctionArn = `arn:aws:lambda:us-east-1:${account}:function:keysweep`;
    const context = { awsRequestId: 'request', invokedFunctionArn, getRemainingTimeInMillis: () => 15 * MINUTE };
    return { ok: true, result: await handler(JSON.parse(event), context) };
  } catch (error) {
    return { ok: false, error: String(error) };
  }
}

// Not left to end by itself: Lambda does not wait either for timers that no one needs any more.
process.send?.(await invoke(), () => process.exit());
