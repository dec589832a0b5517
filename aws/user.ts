import { GetUserCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { LiveRead, LiveUser } from '../core/ports.ts';
import { liveRead, required, UnexpectedAnswer } from './live-read.ts';
import { readTags } from './user-tags.ts';

/**
 * One user with its tags, in one request: among the reads of users, only GetUser returns tags, and it omits the list if
 * there are none (IAM API reference, GetUser and User). Never throws.
 */
export function readUser(iam: IAMClient, userName: string): Promise<LiveRead<LiveUser>> {
  return liveRead('iam:GetUser', async () => {
    const { User } = await iam.send(new GetUserCommand({ UserName: userName }));
    const { UserName, UserId, Arn, Tags = [] } = required(User, 'User');
    const name = required(UserName, 'UserName');
    if (name !== userName) throw new UnexpectedAnswer(`asked for ${userName}, got ${name}`);
    return {
      principal: { kind: 'user', name, arn: required(Arn, 'Arn') },
      userId: required(UserId, 'UserId'),
      tags: required(readTags(Tags), 'the Key or Value of a tag'),
    };
  });
}
