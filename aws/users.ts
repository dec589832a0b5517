import { type IAMClient, ListUsersCommand, type User } from '@aws-sdk/client-iam';
import { given } from '../core/given.ts';
import type { ListedUser, LiveRead } from '../core/ports.ts';
import { everyPage, liveRead, required, requiredDate } from './live-read.ts';

/** The most users in one page of ListUsers. Source: the IAM API reference. */
const usersPerPage = 1_000;

/** All users of the account, from every page: a list without its end would show users as deleted. Never throws. */
export function listUsers(iam: IAMClient): Promise<LiveRead<readonly ListedUser[]>> {
  return liveRead('iam:ListUsers', async () => {
    const users: ListedUser[] = [];
    const pages = everyPage<User>(async (Marker) => {
      const answer = await iam.send(new ListUsersCommand({ MaxItems: usersPerPage, ...given({ Marker }) }));
      return { ...answer, items: required(answer.Users, 'Users') };
    });
    for await (const page of pages) users.push(...page.map(observeUser));
    return users;
  });
}

/** PasswordLastUsed is absent without a password, and for one that was never used. */
function observeUser({ UserName, Arn, CreateDate, PasswordLastUsed }: User): ListedUser {
  return {
    principal: { kind: 'user', name: required(UserName, 'UserName'), arn: required(Arn, 'Arn') },
    createdAt: requiredDate(CreateDate, 'CreateDate'),
    ...(PasswordLastUsed === undefined
      ? {}
      : { passwordLastUsedAt: requiredDate(PasswordLastUsed, 'PasswordLastUsed') }),
  };
}
