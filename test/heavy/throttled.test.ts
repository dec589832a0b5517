/** IAM throttled to 10 requests a second: slow, complete and correct. */
import { expect, it } from 'vitest';
import { DAY, MINUTE } from '../../core/duration.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { audit } from '../../engine/audit/audit.ts';
import { seedAccount } from '../../sandbox/index.ts';
import { withSandbox } from '../support/aws-sandbox.ts';
import { openSweepWorld } from '../support/sweep-world.ts';

const users = 500;
const seed = seedAccount({ users, keysPerUser: 1, staleFraction: 1 });
const throttle = [{ action: 'iam:*', perSecond: 10, burst: 10 }];

it(`an audit of ${users} stale users ends complete and correct`, async () => {
  await withSandbox({ sandbox: { seed, rateLimits: throttle } }, async ({ sandbox, source }) => {
    const { findings, summary } = await audit({ source }, defaultPolicy, sandbox.clock.now());
    expect(summary.error).toBe(0);
    const stale = findings.filter(({ rule }) => rule === 'access-key-unused' || rule === 'access-key-never-used');
    expect(new Set(stale.map(({ principal }) => principal.name)).size).toBe(users);
    const keys = new Set(sandbox.account.users().flatMap(({ accessKeys }) => accessKeys.map(({ id }) => id)));
    expect(stale.filter(({ credential }) => !keys.has(credential?.id ?? ''))).toEqual([]);
  });
});

it(`a night with ${users} due keys ends complete within 15 minutes`, async () => {
  const policy: Policy = {
    ...defaultPolicy,
    mode: 'enforce',
    accessKeys: { ...defaultPolicy.accessKeys, warn: [DAY] },
    limits: { ...defaultPolicy.limits, maxDeactivations: { count: users } },
    calendar: { ...defaultPolicy.calendar, days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] },
  };
  const world = await openSweepWorld({ seed, connect: { retryMode: 'adaptive' } });
  await world.sweep(policy);
  // The whole warning is over in the night after the next.
  world.pass(2, []);
  world.sandbox.setRateLimits(throttle);
  const startedAt = performance.now();
  // As in the function: nothing new is begun when its time runs out, and the sweep would be partial.
  const remainingTime = () => 15 * MINUTE - (performance.now() - startedAt);
  const result = await world.sweep(policy, {}, { remainingTime });
  expect(result.outcome).toBe('complete');
  expect(
    world.sandbox.account.users().flatMap(({ accessKeys }) => accessKeys.filter(({ status }) => status === 'Active')),
  ).toEqual([]);
});
