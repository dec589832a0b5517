import {
  GetAccountAuthorizationDetailsCommand,
  type IAMClient,
  ListUserTagsCommand,
  type Tag,
  type UserDetail,
} from '@aws-sdk/client-iam';
import { given } from '../core/given.ts';
import type { Tags } from '../core/model.ts';
import type { LiveRead } from '../core/ports.ts';
import { everyPage, liveRead, required } from './live-read.ts';
import type { ReadBudget } from './read-budget.ts';

/** The most users in one page of GetAccountAuthorizationDetails. Source: the IAM API reference. */
const usersPerPage = 1_000;

const listTags = 'iam:ListUserTags';
const details = 'iam:GetAccountAuthorizationDetails';

/**
 * The tags of the named users, in as few requests as possible: one per user, or one per 1,000 users of the account.
 * If the bulk read fails, is denied or omits a user or its tags, that user is read alone: an omission proves nothing.
 * Never throws; a user that AWS does not know is a problem, never a user without tags.
 */
export async function readUserTags(
  iam: IAMClient,
  read: ReadBudget,
  userNames: readonly string[],
  accountUsers: number,
): Promise<ReadonlyMap<string, LiveRead<Tags>>> {
  const names = [...new Set(userNames)];
  const pages = Math.ceil(Math.max(accountUsers, names.length) / usersPerPage);
  const bulk = pages < names.length ? await read(() => readInBulk(iam, new Set(names))) : undefined;
  const found = bulk?.ok ? bulk.value : new Map<string, Tags>();

  const reads = await Promise.all(
    names.map(async (name): Promise<[string, LiveRead<Tags>]> => {
      const tags = found.get(name);
      if (tags !== undefined) return [name, { ok: true, value: tags }];
      return [name, await read(() => listUserTags(iam, name))];
    }),
  );
  return new Map(reads);
}

/** What was read before a page failed still counts. */
async function readInBulk(iam: IAMClient, names: ReadonlySet<string>): Promise<LiveRead<ReadonlyMap<string, Tags>>> {
  const tags = new Map<string, Tags>();
  const mentioned = new Set<string>();
  await liveRead(details, async () => {
    const pages = everyPage<UserDetail>(async (Marker) => {
      const answer = await iam.send(
        new GetAccountAuthorizationDetailsCommand({
          Filter: ['User'],
          MaxItems: usersPerPage,
          ...given({ Marker }),
        }),
      );
      return { ...answer, items: required(answer.UserDetailList, 'UserDetailList') };
    });
    for await (const page of pages) {
      for (const { UserName, Tags } of page) {
        if (UserName === undefined || !names.has(UserName)) continue;
        mentioned.add(UserName);
        const values = Tags === undefined ? undefined : readTags(Tags);
        if (values !== undefined) tags.set(UserName, values);
      }
      if (mentioned.size === names.size) return;
    }
  });
  return { ok: true, value: tags };
}

function listUserTags(iam: IAMClient, userName: string): Promise<LiveRead<Tags>> {
  return liveRead(listTags, async () => {
    const all: Tag[] = [];
    const pages = everyPage<Tag>(async (Marker) => {
      const answer = await iam.send(new ListUserTagsCommand({ UserName: userName, ...given({ Marker }) }));
      return { ...answer, items: required(answer.Tags, 'Tags') };
    });
    for await (const page of pages) all.push(...page);
    return required(readTags(all), 'the Key or Value of a tag');
  });
}

/** Undefined if a tag lacks its key or value. */
export function readTags(tags: readonly Tag[]): Tags | undefined {
  if (tags.some(({ Key, Value }) => Key === undefined || Value === undefined)) return undefined;
  // Without a prototype, because a tag may have any name: `__proto__`, `constructor`.
  return Object.assign(Object.create(null), ...tags.map(({ Key, Value }) => ({ [String(Key)]: Value }))) as Tags;
}
