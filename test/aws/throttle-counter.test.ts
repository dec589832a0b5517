import { expect, it } from 'vitest';
import { connectSandbox } from '../support/aws-sandbox.ts';

it('counts every attempt that was throttled, beside the attempts themselves', async () => {
  const { sandbox, session, source } = await connectSandbox({ connect: { retryMode: 'standard' } });
  sandbox.faults.add({ action: 'iam:ListAccessKeys', kind: 'throttle', count: 2 });
  sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'denied', count: 1 });
  expect((await source.credentials('access-key', 'alice')).ok).toBe(true);
  expect((await source.lastUse('alice', { kind: 'access-key', id: 'AKIAALICEONEAAAAAAAA' })).ok).toBe(false);
  expect(session.counter.throttles()).toBe(2);
  expect(session.counter.counts()).toEqual({ 'iam:GetAccessKeyLastUsed': 1, 'iam:ListAccessKeys': 3 });
});
