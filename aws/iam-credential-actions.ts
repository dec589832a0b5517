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

/** A request not sent within this time is never sent: what justified it may no longer be true. */
const sentWithin: Duration = 5 * SECOND;

/**
 * Writes to IAM. Access keys only; any other kind of credential is a failure, and nothing is sent.
 *
 * A write is sent once. The SDK would repeat it for a minute or longer, whatever happened to the key meanwhile; before
 * another attempt, the caller rechecks what justifies it. It is also sent soon or not at all: fetching credentials or
 * waiting for a connection may take time.
 *
 * After a timeout, a reset or an HTTP 500 it is unknown whether AWS applied the write: read before you conclude anything.
 */
export function createIamCredentialActions(
  session: AwsSession,
  { timing = systemTiming }: IamCredentialActionsOptions = {},
): CredentialActions {
  const iam = openIamWithoutRetries(session);
  sendSoon(iam, timing);
  return {
    // Always with UserName: without it IAM uses the caller's own.
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

/** The request never left: AWS did not get it. */
class NotSent extends Error {}

/** Stops requests that are late. */
function sendSoon({ middlewareStack }: IAMClient, timing: Timing): void {
  const askedAt = new WeakMap<object, number>();
  middlewareStack.add(
    (next, context) => (args) => {
      askedAt.set(context, timing.monotonic());
      return next(args);
    },
    { step: 'initialize', priority: 'high', name: 'keysweepAsked' },
  );
  // The last step before a request is sent: it is already signed.
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
    const message = `KindUnsupported: ${action} supports access keys only, not a ${kind}`;
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
