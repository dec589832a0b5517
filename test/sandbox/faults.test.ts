import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { ListAccessKeysCommand, ListUsersCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/index.ts';
import { aliceKey, openSandbox, type SandboxClients } from '../support/sandbox-clients.ts';

const users = { action: 'iam:ListUsers' };

/** Calls ListUsers so many times; `true` where it succeeded. */
async function outcomes({ iam }: SandboxClients, calls: number): Promise<boolean[]> {
  const results: boolean[] = [];
  for (let call = 0; call < calls; call++) {
    results.push(
      await iam.send(new ListUsersCommand({})).then(
        () => true,
        () => false,
      ),
    );
  }
  return results;
}

describe('what a fault does', () => {
  it.each([
    [
      'throttle',
      { kind: 'throttle' },
      { name: 'Throttling', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } },
    ],
    ['server-error', { kind: 'server-error' }, { name: 'ServiceFailureException', $metadata: { httpStatusCode: 500 } }],
    [
      'server-error with a code',
      { kind: 'server-error', code: 'ServiceUnavailable', status: 503 },
      { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } },
    ],
    [
      'denied',
      { kind: 'denied' },
      {
        name: 'AccessDenied',
        message: expect.stringContaining(
          'is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::111122223333:user/',
        ),
        $metadata: { httpStatusCode: 403 },
      },
    ],
    [
      'error',
      { kind: 'error', code: 'Odd', status: 418, message: 'odd' },
      { name: 'Odd', message: 'odd', $metadata: { httpStatusCode: 418 } },
    ],
    ['reset', { kind: 'reset' }, { code: 'ECONNRESET' }],
  ] as const)('%s', async (_kind, effect, expected) => {
    const { sandbox, iam } = await openSandbox();
    sandbox.faults.add({ ...users, ...effect } as Fault);
    await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject(expected);
  });

  it('throttle in the words of a JSON service', async () => {
    const { sandbox, cloudtrail } = await openSandbox();
    sandbox.faults.add({ action: 'cloudtrail:*', kind: 'throttle' });
    await expect(cloudtrail.send(new LookupEventsCommand({}))).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  it('garbage gives an HTML page with status 200', async () => {
    const { sandbox, iam } = await openSandbox();
    sandbox.faults.add({ ...users, kind: 'garbage' });
    const answer = iam.send(new ListUsersCommand({}));
    await expect(
      answer.then(
        (output) => output.Users ?? 'nothing',
        () => 'nothing',
      ),
    ).resolves.toBe('nothing');
    expect(sandbox.requests).toMatchObject([{ outcome: 'answered', status: 200 }]);
  });

  it('timeout never answers, and ends with the caller', async () => {
    const { sandbox, iam } = await openSandbox();
    sandbox.faults.add({ ...users, kind: 'timeout' });
    const abort = new AbortController();
    const answer = iam.send(new ListUsersCommand({}), { abortSignal: abort.signal });
    const ended = expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => sandbox.requests).toMatchObject([{ outcome: 'timeout' }]);
    abort.abort();
    await ended;
  });

  it.each(['reset', 'timeout', 'server-error', 'garbage'] as const)('%s may come after the effect', async (kind) => {
    const { sandbox, iam } = await openSandbox();
    sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind, applied: true });
    const abort = new AbortController();
    const update = { UserName: 'alice', AccessKeyId: aliceKey, Status: 'Inactive' } as const;
    const answer = iam.send(new UpdateAccessKeyCommand(update), { abortSignal: abort.signal }).catch(() => undefined);
    await expect.poll(() => sandbox.requestCounts()).toEqual({ 'iam:UpdateAccessKey': 1 });
    abort.abort();
    await answer;
    expect(sandbox.account.accessKey(aliceKey).status).toBe('Inactive');
    expect(sandbox.writes).toHaveLength(1);
  });

  it('reset does nothing to the account otherwise', async () => {
    const { sandbox, iam } = await openSandbox();
    sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'reset' });
    const update = { UserName: 'alice', AccessKeyId: aliceKey, Status: 'Inactive' } as const;
    await expect(iam.send(new UpdateAccessKeyCommand(update))).rejects.toThrow();
    expect(sandbox.writes).toEqual([]);
  });
});

describe('which requests a fault hits', () => {
  it.each<[string, Partial<Fault>, boolean[]]>([
    ['all of them', {}, [false, false, false, false]],
    ['the third', { nth: 3 }, [true, true, false, true]],
    ['those after the second', { after: 2 }, [true, true, false, false]],
    ['the first two', { count: 2 }, [false, false, true, true]],
    ['two after the first', { after: 1, count: 2 }, [true, false, false, true]],
    ['none with probability 0', { probability: 0 }, [true, true, true, true]],
    ['all with probability 1', { probability: 1 }, [false, false, false, false]],
    ['none of another action', { action: 'iam:ListAccessKeys' }, [true, true, true, true]],
    ['those of a glob', { action: 'iam:list*' }, [false, false, false, false]],
  ])('%s', async (_case, match, expected) => {
    const clients = await openSandbox();
    clients.sandbox.faults.add({ ...users, kind: 'error', code: 'Odd', ...match } as Fault);
    expect(await outcomes(clients, 4)).toEqual(expected);
  });

  it('those about one user, by name or by key', async () => {
    const { sandbox, iam } = await openSandbox();
    const fault = sandbox.faults.add({ action: 'iam:*', user: 'alice', kind: 'denied' });
    await iam.send(new ListAccessKeysCommand({ UserName: 'bob' }));
    const denied = { name: 'AccessDenied' };
    await expect(iam.send(new ListAccessKeysCommand({ UserName: 'alice' }))).rejects.toMatchObject(denied);
    const update = { UserName: 'alice', AccessKeyId: aliceKey, Status: 'Inactive' } as const;
    await expect(iam.send(new UpdateAccessKeyCommand(update))).rejects.toMatchObject(denied);
    expect(fault.hits).toBe(2);
  });

  it('none any more once removed or cleared', async () => {
    const clients = await openSandbox();
    const { faults } = clients.sandbox;
    const fault = faults.add({ ...users, kind: 'error', code: 'Odd' });
    fault.remove();
    faults.add({ ...users, kind: 'error', code: 'Odd' });
    faults.clear();
    expect(await outcomes(clients, 1)).toEqual([true]);
  });

  it('the same ones for the same random seed', async () => {
    const run = async (randomSeed: number) => {
      const clients = await openSandbox({ randomSeed });
      clients.sandbox.faults.add({ ...users, kind: 'error', code: 'Odd', probability: 0.5 });
      return outcomes(clients, 24);
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  it.each([
    [{ action: 'ListUsers', kind: 'throttle' }, 'fault action: found "ListUsers"'],
    [{ action: '*', kind: 'throttle', probability: 2 }, 'fault probability: found 2'],
  ] as const)('refuses %j', async (fault, message) => {
    const { sandbox } = await openSandbox();
    expect(() => sandbox.faults.add(fault)).toThrow(message);
  });
});

it('the SDK retries its way through faults, and every attempt is counted', async () => {
  const { sandbox, as } = await openSandbox();
  sandbox.faults.add({ ...users, kind: 'throttle', count: 1 });
  sandbox.faults.add({ ...users, kind: 'server-error', nth: 2 });
  const { iam } = as(sandbox.credentials, 3);
  expect((await iam.send(new ListUsersCommand({}))).$metadata.attempts).toBe(3);
  expect(sandbox.requestCounts()).toEqual({ 'iam:ListUsers': 3 });
  expect(sandbox.requests.map((request) => request.errorCode)).toEqual(['Throttling', 'ServiceFailure', undefined]);
});
