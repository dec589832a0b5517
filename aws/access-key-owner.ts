import { GetAccessKeyLastUsedCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { LiveRead } from '../core/ports.ts';
import { liveRead, required } from './live-read.ts';

/**
 * The name of the user that an access key belongs to. Never throws. AWS denies the request for a key that does not exist
 * or belongs to another account.
 */
export function readAccessKeyOwner(iam: IAMClient, accessKeyId: string): Promise<LiveRead<string>> {
  return liveRead('iam:GetAccessKeyLastUsed', async () => {
    const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
    return required(answer.UserName, 'UserName');
  });
}
