import { GetUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { RateLimits } from '../../sandbox/rate-limits.ts';
import { openSandbox } from '../support/sandbox-clients.ts';

describe('a token bucket', () => {
  it('lets a burst through, then as many as its rate, and never holds more than its size', () => {
    let now = 0;
    const limits = new RateLimits([{ action: 'iam:*', perSecond: 10, burst: 3 }], () => now);
    const admitted = (calls: number) =>
      Array.from({ length: calls }, () => limits.admit('iam:ListUsers')).filter(Boolean).length;
    expect(admitted(5)).toBe(3);
    now += 99;
    expect(admitted(1)).toBe(0);
    now += 1;
    expect(admitted(2)).toBe(1);
    now += 60_000;
    expect(admitted(10)).toBe(3);
  });

  it('is shared by all actions of its glob, or one for each', () => {
    const shared = new RateLimits([{ action: 'iam:*', perSecond: 1 }], () => 0);
    expect([shared.admit('iam:ListUsers'), shared.admit('iam:GetUser')]).toEqual([true, false]);
    const separate = new RateLimits([{ action: 'iam:*', perSecond: 1, perAction: true }], () => 0);
    expect([separate.admit('iam:ListUsers'), separate.admit('iam:GetUser')]).toEqual([true, true]);
  });

  it('takes nothing from one bucket when another is empty', () => {
    const limits = new RateLimits(
      [
        { action: 'iam:*', perSecond: 1, burst: 2 },
        { action: 'iam:GetUser', perSecond: 1, burst: 1 },
      ],
      () => 0,
    );
    const calls = ['iam:GetUser', 'iam:GetUser', 'iam:ListUsers', 'iam:ListUsers'];
    expect(calls.map((action) => limits.admit(action))).toEqual([true, false, true, false]);
  });

  it('must fill', () => {
    expect(() => new RateLimits([{ action: 'iam:*', perSecond: 0 }], () => 0)).toThrow('found 0 a second');
  });
});

describe('a throttled sandbox', () => {
  it('answers Throttling, Rate exceeded, until the bucket fills', async () => {
    let now = 0;
    const rateLimits = [{ action: 'iam:*', perSecond: 1 }];
    const { iam, sandbox } = await openSandbox({ rateLimits, timeSource: () => now });
    await iam.send(new ListUsersCommand({}));
    await expect(iam.send(new GetUserCommand({ UserName: 'bob' }))).rejects.toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    });
    now += 1000;
    await iam.send(new ListUsersCommand({}));
    sandbox.setRateLimits([]);
    await iam.send(new ListUsersCommand({}));
  });
});
