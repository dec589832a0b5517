import { type IAMClient, ListEntitiesForPolicyCommand, type ListEntitiesForPolicyResponse } from '@aws-sdk/client-iam';
import { given } from '../core/given.ts';
import type { LiveRead } from '../core/ports.ts';
import { problemOf } from './errors.ts';
import { everyPage, liveRead, required } from './live-read.ts';

const action = 'iam:ListEntitiesForPolicy';

/**
 * Names of the users to whom an AWS managed policy is attached directly; none if the partition has no such policy
 * (NoSuchEntity). One request per 1,000 users. Never throws.
 */
export function listPolicyUsers(iam: IAMClient, partition: string, name: string): Promise<LiveRead<readonly string[]>> {
  const PolicyArn = `arn:${partition}:iam::aws:policy/${name}`;
  return liveRead(action, async () => {
    const names: string[] = [];
    const pages = everyPage<string>(async (Marker) => {
      const request = { PolicyArn, EntityFilter: 'User', MaxItems: 1_000, ...given({ Marker }) } as const;
      const answer = await iam.send(new ListEntitiesForPolicyCommand(request)).catch(noneIfAbsent);
      const users = required(answer.PolicyUsers, 'PolicyUsers');
      return { ...answer, items: users.map(({ UserName }) => required(UserName, 'UserName')) };
    });
    for await (const page of pages) names.push(...page);
    return names;
  });
}

function noneIfAbsent(error: unknown): ListEntitiesForPolicyResponse {
  if (problemOf(error, action).code !== 'not-found') throw error;
  return { PolicyUsers: [], IsTruncated: false };
}
