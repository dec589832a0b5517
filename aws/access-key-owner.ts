import { GetAccessKeyLastUsedCommand } from '@aws-sdk/client-iam';
import type { LiveRead } from '../core/ports.ts';
import { openIam } from './iam-client.ts';
import { liveRead, required } from './live-read.ts';
import type { AwsSession } from './session.ts';

/**
 * The name of the user whose access key it is. Never throws. AWS denies the question for a key that does not exist or
 * belongs to another account.
 */
export async function findAccessKeyOwner(session: AwsSession, accessKeyId: string): Promise<LiveRead<string>> {
  const iam = openIam(session);
  return liveRead('iam:GetAccessKeyLastUsed', async () => {
    const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
    return required(answer.UserName, 'UserName');
  });
}
