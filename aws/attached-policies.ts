import {
  type AttachedPolicy,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsResponse,
  type IAMClient,
  type UserDetail,
} from '@aws-sdk/client-iam';
import { given } from '../core/given.ts';
import type { AttachedPolicies, LiveRead } from '../core/ports.ts';
import { everyPage, liveRead, required } from './live-read.ts';

/** The most users and groups in one page of GetAccountAuthorizationDetails. Source: the IAM API reference. */
const detailsPerPage = 1_000;

/**
 * The managed policies of the named users, including those of their groups: one request per 1,000 users and groups of
 * the account. Omits users that the answer does not include. Never throws.
 */
export function readAttachedPolicies(
  iam: IAMClient,
  userNames: readonly string[],
): Promise<LiveRead<ReadonlyMap<string, AttachedPolicies>>> {
  return liveRead('iam:GetAccountAuthorizationDetails', async () => {
    const names = new Set(userNames);
    const users: UserDetail[] = [];
    const groups = new Map<string, readonly string[]>();
    const pages = everyPage<GetAccountAuthorizationDetailsResponse>(async (Marker) => {
      const answer = await iam.send(
        new GetAccountAuthorizationDetailsCommand({
          Filter: ['User', 'Group'],
          MaxItems: detailsPerPage,
          ...given({ Marker }),
        }),
      );
      return { ...answer, items: [answer] };
    });
    for await (const page of pages) {
      for (const { UserDetailList, GroupDetailList = [] } of page) {
        users.push(...required(UserDetailList, 'UserDetailList').filter(({ UserName = '' }) => names.has(UserName)));
        for (const { GroupName, AttachedManagedPolicies } of GroupDetailList) {
          if (GroupName !== undefined) groups.set(GroupName, arnsOf(AttachedManagedPolicies));
        }
      }
    }
    // Last, because a user may be on an earlier page than its groups.
    return new Map(
      users.map(({ UserName = '', AttachedManagedPolicies, GroupList = [] }) => {
        const viaGroups = GroupList.flatMap((group) => groups.get(group) ?? []);
        return [UserName, { direct: arnsOf(AttachedManagedPolicies), viaGroups }];
      }),
    );
  });
}

function arnsOf(policies: readonly AttachedPolicy[] = []): readonly string[] {
  return policies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
}
