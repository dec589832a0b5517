import { GetAccessKeyLastUsedCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { LiveRead } from '../core/ports.ts';
import { liveRead, required } from './live-read.ts';

/**
 * The name of the user whose access key it is. Never throws. AWS denies the question for a key that does not exist or
 * belongs to another account.
 */
export function readAccessKeyOwner(iam: IAMClient, accessKeyId: string): Promise<LiveRead<string>> {
  return liveRead('iam:GetAccessKeyLastUsed', async () => {
    const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
    return required(answer.UserName, 'UserName');
  });
}
