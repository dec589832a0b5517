import { GetAccountAuthorizationDetailsCommand, IAMClient, ListUserTagsCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readUserTags } from '../../aws/user-tags.ts';
import { inTurn } from '../support/in-turn.ts';
import { serviceError } from '../support/sdk-errors.ts';

const mock = mockClient(IAMClient);
beforeEach(() => mock.reset());

const ownerTag = (owner: string) => [{ Key: 'owner', Value: owner }];
const detail = (name: string, Tags: object[] | undefined = ownerTag(name)) => ({ UserName: name, Tags });
const names = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

function read(userNames: readonly string[], accountUsers: number) {
  return readUserTags(new IAMClient({ region: 'us-east-1' }), (read) => read(), userNames, accountUsers);
}

const bulkCalls = () => mock.commandCalls(GetAccountAuthorizationDetailsCommand).map(({ args }) => args[0].input);
const singleCalls = () => mock.commandCalls(ListUserTagsCommand).map(({ args }) => args[0].input.UserName);

/** Answers ListUserTags with the user's name as owner. */
function answerSingles(): void {
  mock.on(ListUserTagsCommand).callsFake(async ({ UserName }) => ({ Tags: ownerTag(`${UserName} alone`) }));
}

describe('readUserTags: the fewest requests', () => {
  beforeEach(() => {
    answerSingles();
    mock
      .on(GetAccountAuthorizationDetailsCommand)
      .resolves({ UserDetailList: names(6).map((name) => detail(name)) as never, IsTruncated: false });
  });

  it.each([
    [0, 5_000, 0, 0],
    [1, 1, 0, 1],
    [1, 1_000, 0, 1],
    [2, 1_000, 1, 0],
    [2, 1_001, 0, 2],
    [5, 5_000, 0, 5],
    [6, 5_000, 1, 0],
  ])('%i users of %i cost %i bulk and %i single requests', async (count, accountUsers, bulk, singles) => {
    const tags = await read(names(count), accountUsers);
    expect([bulkCalls().length, singleCalls().length]).toEqual([bulk, singles]);
    expect(tags.size).toBe(count);
    expect([...tags.values()].every(({ ok }) => ok)).toBe(true);
  });

  it('asks once for a user who is named twice', async () => {
    await read(['user-1', 'user-1'], 3_000);
    expect(singleCalls()).toEqual(['user-1']);
  });
});

describe('readUserTags: in bulk', () => {
  it('asks for users only, 1,000 a page, and follows short pages', async () => {
    mock.on(GetAccountAuthorizationDetailsCommand).callsFake(
      inTurn([
        { UserDetailList: [detail('a')], IsTruncated: true, Marker: 'm1' },
        { UserDetailList: [], IsTruncated: true, Marker: 'm2' },
        { UserDetailList: [detail('b')], IsTruncated: false },
      ]),
    );
    const tags = await read(['a', 'b'], 2);
    expect(tags.get('b')).toEqual({ ok: true, value: { owner: 'b' } });
    expect(bulkCalls()).toEqual([
      { Filter: ['User'], MaxItems: 1_000 },
      { Filter: ['User'], MaxItems: 1_000, Marker: 'm1' },
      { Filter: ['User'], MaxItems: 1_000, Marker: 'm2' },
    ]);
  });

  it('stops as soon as every named user was there', async () => {
    mock
      .on(GetAccountAuthorizationDetailsCommand)
      .resolves({ UserDetailList: [detail('a'), detail('b')] as never, IsTruncated: true, Marker: 'm1' });
    await read(['a', 'b'], 900);
    expect(bulkCalls()).toHaveLength(1);
  });

  it('takes a user without tags as such', async () => {
    mock
      .on(GetAccountAuthorizationDetailsCommand)
      .resolves({ UserDetailList: [detail('a', []), detail('b')] as never, IsTruncated: false });
    expect((await read(['a', 'b'], 2)).get('a')).toEqual({ ok: true, value: {} });
  });

  it('never takes a missing user for one without tags, nor for missing without asking', async () => {
    mock
      .on(GetAccountAuthorizationDetailsCommand)
      .resolves({ UserDetailList: [detail('a')] as never, IsTruncated: false });
    mock.on(ListUserTagsCommand).rejects(serviceError('NoSuchEntityException', 404, 'no user missing'));
    const tags = await read(['a', 'not-found'], 2);
    expect(tags.get('not-found')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(singleCalls()).toEqual(['not-found']);
  });

  it('asks alone for a user whose tags the answer does not mention', async () => {
    answerSingles();
    mock
      .on(GetAccountAuthorizationDetailsCommand)
      .resolves({ UserDetailList: [{ UserName: 'a' }, detail('b')] as never, IsTruncated: false });
    const tags = await read(['a', 'b'], 2);
    expect(tags.get('a')).toEqual({ ok: true, value: { owner: 'a alone' } });
    expect(singleCalls()).toEqual(['a']);
  });

  it.each([
    ['is denied', [serviceError('AccessDenied', 403)], ['a', 'b', 'c']],
    ['fails', [serviceError('ServiceFailureException', 500)], ['a', 'b', 'c']],
    ['has no list of users', [{ IsTruncated: false }], ['a', 'b', 'c']],
    [
      'breaks off after the first page',
      [
        { UserDetailList: [detail('a')], IsTruncated: true, Marker: 'm1' },
        serviceError('Throttling', 400, 'Rate exceeded'),
      ],
      ['b', 'c'],
    ],
    ['repeats a Marker', [{ UserDetailList: [detail('a')], IsTruncated: true, Marker: 'm1' }], ['b', 'c']],
  ])('asks alone for what is open when the bulk read %s', async (_, answers, singles) => {
    answerSingles();
    mock.on(GetAccountAuthorizationDetailsCommand).callsFake(inTurn<unknown>(answers));
    const tags = await read(['a', 'b', 'c'], 3);
    expect(singleCalls().sort()).toEqual(singles);
    expect([...tags.values()].every(({ ok }) => ok)).toBe(true);
  });

  it('keeps tags named like parts of an object', async () => {
    const Tags = [
      { Key: '__proto__', Value: 'x' },
      { Key: 'constructor', Value: 'y' },
    ];
    mock
      .on(GetAccountAuthorizationDetailsCommand)
      .resolves({ UserDetailList: [detail('a', Tags), detail('b', [])] as never, IsTruncated: false });
    const tags = await read(['a', 'b'], 2);
    const [a, b] = [tags.get('a'), tags.get('b')];
    expect(a?.ok && Object.entries(a.value)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(b?.ok && b.value.constructor).toBe(undefined);
  });
});

describe('readUserTags: alone', () => {
  it('reads every page of one user', async () => {
    mock.on(ListUserTagsCommand).callsFake(
      inTurn([
        { Tags: [{ Key: 'owner', Value: 'x' }], IsTruncated: true, Marker: 'm' },
        { Tags: [{ Key: 'team', Value: '' }], IsTruncated: false },
      ]),
    );
    expect((await read(['a'], 1)).get('a')).toEqual({ ok: true, value: { owner: 'x', team: '' } });
  });

  it.each<[object, string]>([
    [serviceError('NoSuchEntityException', 404), 'not-found'],
    [serviceError('AccessDenied', 403), 'access-denied'],
    [serviceError('Throttling', 400, 'Rate exceeded'), 'throttled'],
    [{ IsTruncated: false }, 'unexpected'],
    [{ Tags: [{ Key: 'owner' }] }, 'unexpected'],
  ])('reports %s as %s', async (answer, code) => {
    mock.on(ListUserTagsCommand).callsFake(inTurn([answer]));
    expect((await read(['a'], 1)).get('a')).toMatchObject({ ok: false, problem: { code } });
  });
});
