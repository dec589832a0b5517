import { DeleteAccessKeyCommand, type IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { SECOND } from '../core/duration.ts';
import { accessKey } from '../core/kinds/access-key.ts';
import type { RetirableRef } from '../core/lifecycle/ledger.ts';
import type { Duration } from '../core/model.ts';
import type { CredentialActions, Timing, WriteOutcome } from '../core/ports.ts';
import { writeProblemOf } from './errors.ts';
import { openIamWithoutRetries } from './iam-client.ts';
import type { AwsSession } from './session.ts';
import { systemTiming } from './timing.ts';

export interface IamCredentialActionsOptions {
  /** @default the system's */
  readonly timing?: Timing;
}

/** A request that is not on its way by then is not sent: what justified it may not be true any more. */
const sentWithin: Duration = 5 * SECOND;

/**
 * Writes to IAM. Access keys only; any other kind of credential is a failure, and nothing is sent.
 *
 * A write is sent once. The SDK would send it again for a minute or longer, whatever happened to the key meanwhile; whoever
 * wants another attempt reads again first what justifies it. It is sent soon or not at all, too: credentials may have to
 * be fetched before, and a connection waited for.
 *
 * After a time-out, a reset or an HTTP 500 no one knows whether AWS applied the write: read before you conclude anything.
 */
export function createIamCredentialActions(
  session: AwsSession,
  { timing = systemTiming }: IamCredentialActionsOptions = {},
): CredentialActions {
  const iam = openIamWithoutRetries(session);
  sendSoon(iam, timing);
  return {
    // UserName always: without it IAM takes the caller's own.
    setStatus: (UserName, credential, Status) =>
      write('iam:UpdateAccessKey', credential, (AccessKeyId) =>
        iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status })),
      ),
    remove: (UserName, credential) =>
      write('iam:DeleteAccessKey', credential, (AccessKeyId) =>
        iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })),
      ),
  };
}

/** AWS has not got it. */
class NotSent extends Error {}

/** Lets no request go that is late. */
function sendSoon({ middlewareStack }: IAMClient, timing: Timing): void {
  const askedAt = new WeakMap<object, number>();
  middlewareStack.add(
    (next, context) => (args) => {
      askedAt.set(context, timing.monotonic());
      return next(args);
    },
    { step: 'initialize', priority: 'high', name: 'keysweepAsked' },
  );
  // The last step before a request leaves: it is signed by then.
  middlewareStack.add(
    (next, context) => (args) => {
      if (timing.monotonic() - (askedAt.get(context) ?? 0) > sentWithin) throw new NotSent();
      return next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'keysweepSendSoon' },
  );
}

async function write(
  action: string,
  { kind, id }: RetirableRef,
  send: (accessKeyId: string) => Promise<unknown>,
): Promise<WriteOutcome> {
  if (kind !== accessKey.kind) {
    const message = `KindUnsupported: ${action} takes access keys, found a ${kind}`;
    return { kind: 'failed', problem: { code: 'unexpected', message } };
  }
  try {
    await send(id);
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof NotSent) {
      const message = `NotSent: ${action} could not be sent within ${sentWithin / SECOND} seconds`;
      return { kind: 'failed', problem: { code: 'throttled', message } };
    }
    const problem = writeProblemOf(error, action);
    return problem.code === 'not-found' ? { kind: 'not-found' } : { kind: 'failed', problem };
  }
}
