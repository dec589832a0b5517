import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readAttachedPolicies } from '../../aws/attached-policies.ts';
import { inTurn } from '../support/in-turn.ts';
import { serviceError } from '../support/sdk-errors.ts';

const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const attached = (...names: string[]) => names.map((name) => ({ PolicyName: name, PolicyArn: aws(name) }));

describe('readAttachedPolicies', () => {
  const mock = mockClient(IAMClient);
  beforeEach(() => mock.reset());
  const read = (...names: string[]) => readAttachedPolicies(new IAMClient({ region: 'us-east-1' }), names);

  it('asks for users and groups only, 1,000 a page, to the last page: a group may come after its users', async () => {
    mock.on(GetAccountAuthorizationDetailsCommand).callsFake(
      inTurn([
        { UserDetailList: [{ UserName: 'a', GroupList: ['g'] }], IsTruncated: true, Marker: 'm1' },
        { UserDetailList: [], IsTruncated: true, Marker: 'm2' },
        {
          UserDetailList: [],
          GroupDetailList: [{ GroupName: 'g', AttachedManagedPolicies: attached('IAMFullAccess') }],
          IsTruncated: false,
        },
      ]),
    );
    const policies = await read('a');
    expect(policies.ok && policies.value.get('a')).toEqual({ direct: [], viaGroups: [aws('IAMFullAccess')] });
    const asked = mock.commandCalls(GetAccountAuthorizationDetailsCommand).map(({ args }) => args[0].input);
    const request = { Filter: ['User', 'Group'], MaxItems: 1_000 };
    expect(asked).toEqual([request, { ...request, Marker: 'm1' }, { ...request, Marker: 'm2' }]);
  });

  it.each<[string, object[], string]>([
    ['denied', [serviceError('AccessDenied', 403)], 'access-denied'],
    [
      'broken off after the first page',
      [{ UserDetailList: [{ UserName: 'a' }], IsTruncated: true, Marker: 'm' }, serviceError('Throttling', 400)],
      'throttled',
    ],
    ['empty', [{ IsTruncated: false }], 'unexpected'],
    ['endless', [{ UserDetailList: [], IsTruncated: true, Marker: 'm' }], 'unexpected'],
  ])('is a problem where it is %s: half an answer would rank wrongly', async (_, answers, code) => {
    mock.on(GetAccountAuthorizationDetailsCommand).callsFake(inTurn<unknown>(answers));
    expect(await read('a')).toMatchObject({ ok: false, problem: { code } });
  });
});
