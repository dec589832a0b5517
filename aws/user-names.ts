import { type IAMClient, ListUsersCommand, type User } from '@aws-sdk/client-iam';
import { given } from '../core/given.ts';
import type { LiveRead } from '../core/ports.ts';
import { everyPage, liveRead, required } from './live-read.ts';

/** The most users in one page of ListUsers. Source: the IAM API reference. */
const usersPerPage = 1_000;

/** The names of all users of the account, from every page: a list without its end would show users as deleted. Never throws. */
export function listUserNames(iam: IAMClient): Promise<LiveRead<readonly string[]>> {
  return liveRead('iam:ListUsers', async () => {
    const names: string[] = [];
    const pages = everyPage<User>(async (Marker) => {
      const answer = await iam.send(new ListUsersCommand({ MaxItems: usersPerPage, ...given({ Marker }) }));
      return { ...answer, items: required(answer.Users, 'Users') };
    });
    for await (const page of pages) names.push(...page.map(({ UserName }) => required(UserName, 'UserName')));
    return names;
  });
}
