import { IAMClient, ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { listPolicyUsers } from '../../aws/policy-users.ts';
import { inTurn } from '../support/in-turn.ts';
import { serviceError } from '../support/sdk-errors.ts';

const user = (UserName: string) => ({ UserName, UserId: `AIDA${UserName}` });

describe('listPolicyUsers', () => {
  const mock = mockClient(IAMClient);
  beforeEach(() => mock.reset());
  const read = (partition = 'aws') => listPolicyUsers(new IAMClient({ region: 'us-east-1' }), partition, 'Quarantine');
  const answer = (answers: object[]) => mock.on(ListEntitiesForPolicyCommand).callsFake(inTurn<unknown>(answers));

  it.each(['aws', 'aws-us-gov', 'aws-cn'])('asks for the users of the policy of AWS in %s', async (partition) => {
    answer([{ PolicyUsers: [user('a')], IsTruncated: false }]);
    expect(await read(partition)).toEqual({ ok: true, value: ['a'] });
    const PolicyArn = `arn:${partition}:iam::aws:policy/Quarantine`;
    expect(mock.commandCalls(ListEntitiesForPolicyCommand)[0]?.args[0].input).toEqual({
      PolicyArn,
      EntityFilter: 'User',
      MaxItems: 1_000,
    });
  });

  it('reads to the last page, empty ones included', async () => {
    answer([
      { PolicyUsers: [user('a')], IsTruncated: true, Marker: 'm1' },
      { PolicyUsers: [], IsTruncated: true, Marker: 'm2' },
      { PolicyUsers: [user('b')], IsTruncated: false },
    ]);
    expect(await read()).toEqual({ ok: true, value: ['a', 'b'] });
    const markers = mock.commandCalls(ListEntitiesForPolicyCommand).map(({ args }) => args[0].input.Marker);
    expect(markers).toEqual([undefined, 'm1', 'm2']);
  });

  it('a partition without the policy has no such users', async () => {
    answer([serviceError('NoSuchEntityException', 404)]);
    expect(await read()).toEqual({ ok: true, value: [] });
  });

  it.each<[string, object[], string]>([
    ['denied', [serviceError('AccessDenied', 403)], 'access-denied'],
    [
      'broken off after the first page',
      [{ PolicyUsers: [user('a')], IsTruncated: true, Marker: 'm' }, serviceError('Throttling', 400)],
      'throttled',
    ],
    ['empty', [{ IsTruncated: false }], 'unexpected'],
    ['without a name', [{ PolicyUsers: [{ UserId: 'AIDA' }], IsTruncated: false }], 'unexpected'],
    ['endless', [{ PolicyUsers: [], IsTruncated: true, Marker: 'm' }], 'unexpected'],
  ])('is a problem where it is %s: half an answer would be read as a pass', async (_, answers, code) => {
    answer(answers);
    expect(await read()).toMatchObject({ ok: false, problem: { code } });
  });
});
