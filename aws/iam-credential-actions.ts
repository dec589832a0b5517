import { DeleteAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import type { RetirableRef } from '../core/lifecycle/ledger.ts';
import type { CredentialActions, WriteOutcome } from '../core/ports.ts';
import { problemOf } from './errors.ts';
import { openIam } from './iam-client.ts';
import type { AwsSession } from './session.ts';

/**
 * Writes to IAM. Access keys only; any other kind of credential is a failure, and nothing is sent.
 *
 * After a time-out or a reset nobody knows whether AWS applied the write. The SDK sends it again, which is safe because
 * both calls are idempotent: a key that is set Inactive twice is Inactive, and a key that is deleted twice is gone. A
 * failure that lasts is told as `failed`, and may still have been applied: read before you conclude anything from it.
 */
export function createIamCredentialActions(session: AwsSession): CredentialActions {
  const iam = openIam(session);
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

async function write(
  action: string,
  { kind, id }: RetirableRef,
  send: (accessKeyId: string) => Promise<unknown>,
): Promise<WriteOutcome> {
  if (kind !== 'access-key') {
    const message = `KindUnsupported: ${action} takes access keys, found a ${kind}`;
    return { kind: 'failed', problem: { code: 'unexpected', message } };
  }
  try {
    await send(id);
    return { kind: 'done' };
  } catch (error) {
    const problem = problemOf(error, action);
    return problem.code === 'not-found' ? { kind: 'gone' } : { kind: 'failed', problem };
  }
}
