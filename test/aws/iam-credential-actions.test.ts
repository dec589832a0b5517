import { describe, expect, it } from 'vitest';
import { createIamCredentialActions } from '../../aws/iam-credential-actions.ts';
import type { RetirableKind } from '../../core/kinds/kinds.ts';
import type { FaultEffect } from '../../sandbox/index.ts';
import { aliceInactiveKey, aliceKey, bobKey, connectSandbox } from '../support/aws-sandbox.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { patienceFor } from '../support/patience.ts';

const key = (id: string) => ({ kind: 'access-key', id }) as const;

async function open(connect: { maxAttempts?: number; requestTimeout?: number } = {}) {
  const { sandbox, session } = await connectSandbox({ connect: { retryMode: 'standard', ...connect } });
  const statusOf = (id: string) => sandbox.account.findAccessKey(id)?.key.status;
  return { sandbox, actions: createIamCredentialActions(session), statusOf };
}

describe('setStatus', () => {
  it('deactivates and reactivates a key', async () => {
    const { actions, statusOf } = await open();
    expect(await actions.setStatus('alice', key(aliceKey), 'Inactive')).toEqual({ kind: 'done' });
    expect(statusOf(aliceKey)).toBe('Inactive');
    expect(await actions.setStatus('alice', key(aliceKey), 'Active')).toEqual({ kind: 'done' });
    expect(statusOf(aliceKey)).toBe('Active');
  });

  it.each([
    ['a key that does not exist', 'alice', 'AKIANOBODYAAAAAAAAAA'],
    ['a user who does not exist', 'absent', aliceKey],
    ['a key of another user', 'bob', aliceKey],
  ])('says not-found for %s, and changes nothing', async (_, user, id) => {
    const { sandbox, actions } = await open();
    expect(await actions.setStatus(user, key(id), 'Inactive')).toEqual({ kind: 'not-found' });
    expect(sandbox.writes).toEqual([]);
  });
});

describe('remove', () => {
  it('deletes a key, and says not-found the second time', async () => {
    const { actions, statusOf } = await open();
    expect(await actions.remove('alice', key(aliceInactiveKey))).toEqual({ kind: 'done' });
    expect(statusOf(aliceInactiveKey)).toBeUndefined();
    expect(await actions.remove('alice', key(aliceInactiveKey))).toEqual({ kind: 'not-found' });
  });
});

const calls = [
  ['iam:UpdateAccessKey', 'setStatus'],
  ['iam:DeleteAccessKey', 'remove'],
] as const;

describe.each(calls)('%s', (action, method) => {
  const send = (actions: ReturnType<typeof createIamCredentialActions>) =>
    method === 'remove' ? actions.remove('bob', key(bobKey)) : actions.setStatus('bob', key(bobKey), 'Inactive');
  const isDone = (status: string | undefined) => status === (method === 'remove' ? undefined : 'Inactive');

  it.each([
    ['throttling', { kind: 'throttle' }, 'throttled'],
    ['HTTP 500', { kind: 'server-error' }, 'unavailable'],
    ['a reset connection', { kind: 'reset' }, 'unavailable'],
    ['no answer', { kind: 'timeout' }, 'unavailable'],
    ['a denial', { kind: 'denied' }, 'access-denied'],
    ['a page of HTML with 404', { kind: 'garbage', status: 404 }, 'unexpected'],
  ] as [string, FaultEffect, string][])(
    'fails with a reason on %s that lasts, and never throws',
    async (_, effect, code) => {
      const { sandbox, actions, statusOf } = await open({ maxAttempts: 1, requestTimeout: patienceFor([effect], 100) });
      sandbox.faults.add({ action, ...effect });
      expect(await send(actions)).toMatchObject({ kind: 'failed', problem: { code } });
      expect(statusOf(bobKey)).toBe('Active');
    },
  );

  it.each([
    ['throttling', { kind: 'throttle' }],
    ['HTTP 500', { kind: 'server-error', applied: true }],
    ['a reset connection', { kind: 'reset', applied: true }],
    ['no answer', { kind: 'timeout', applied: true }],
  ] as [string, FaultEffect][])('is sent once, whatever the session says of attempts (%s)', async (_, effect) => {
    const { sandbox, actions, statusOf } = await open({ maxAttempts: 5, requestTimeout: patienceFor([effect]) });
    sandbox.faults.add({ action, count: 1, ...effect });
    expect(await send(actions)).toMatchObject({ kind: 'failed' });
    expect(sandbox.requestCounts()).toEqual({ [action]: 1 });
    // The failure alone does not show it.
    expect(isDone(statusOf(bobKey))).toBe('applied' in effect);
  });

  it('is not sent at all where that takes too long', async () => {
    let now = 0;
    const timing = { ...manualTiming(), monotonic: () => now };
    const credentials = async () => {
      // As long as it may take to fetch new ones.
      now += 20_000;
      return { accessKeyId: 'AKIATESTAAAAAAAAAAAA', secretAccessKey: 'secret' };
    };
    const { sandbox, session } = await connectSandbox({ connect: { credentials } });
    const outcome = await send(createIamCredentialActions(session, { timing }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'throttled', message: expect.stringMatching(/^NotSent: iam:/) },
    });
    expect(sandbox.requests).toEqual([]);
  });

  it('refuses any other kind of credential without a request', async () => {
    const { sandbox, actions } = await open();
    const certificate = { kind: 'signing-certificate' as RetirableKind, id: 'CERT' };
    const outcome =
      method === 'remove'
        ? await actions.remove('bob', certificate)
        : await actions.setStatus('bob', certificate, 'Inactive');
    expect(outcome).toMatchObject({ kind: 'failed', problem: { message: expect.stringContaining('KindUnsupported') } });
    expect(sandbox.requests).toEqual([]);
  });
});
