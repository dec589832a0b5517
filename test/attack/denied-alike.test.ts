/** A role that lacks a permission: people are notified once for all keys, not key by key. */
import { describe, expect, it, vi } from 'vitest';
import { runNightlySweep } from '../../engine/sweep/nightly-sweep.ts';
import { renderSweepTable } from '../../reports/sweep/table.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { account, enforcePolicy, fewKeys, firstNight, openSweepWorld } from '../support/sweep-world.ts';

const keyOf = (n: number) => `AKIALACKING${'QRSTUVWX'[n]}AAAAAAAA`;

function stale(count: number): AccountSeed {
  const users = Array.from({ length: count }, (_, n) => ({
    name: `user${n}`,
    accessKeys: [{ id: keyOf(n), createdAt: '2026-09-01T00:00:00Z', lastUsed: { at: '2026-09-02T10:00:00Z' } }],
  }));
  return { ...fewKeys, id: account, now: firstNight.toISOString(), users };
}

const role = 'arn:aws:sts::111122223333:assumed-role/keysweep/rotator';

const denial = (action: string, because: string, user?: string) =>
  ({
    action,
    ...(user === undefined ? {} : { user }),
    kind: 'error',
    code: 'AccessDenied',
    status: 403,
    message: `User: ${role} is not authorized to perform: ${action} on resource: user x ${because}`,
  }) as const;

const noPolicy = (action: string) => `because no identity-based policy allows the ${action} action`;
const boundary = 'with an explicit deny in a permissions boundary: arn:aws:iam::111122223333:policy/boundary';

const policy = enforcePolicy();

/** The night before the keys are due. */
async function openDue(count: number) {
  const world = await openSweepWorld({ seed: stale(count) });
  await world.nights(14, policy, []);
  expect(world.changes()).toEqual([]);
  return world;
}

describe('AWS denies the deactivation of every key', () => {
  it.each([
    [
      'no policy of the role allows it',
      noPolicy('iam:UpdateAccessKey'),
      'no identity-based policy allows it',
      'IAM policy',
    ],
    [
      'its boundary denies it',
      boundary,
      'explicit deny in a permissions boundary',
      "in the caller's permissions boundary",
    ],
  ])(
    '%s: one problem says so, with the action, the role, how many and what to do',
    async (_, because, said, advice) => {
      const world = await openDue(3);
      world.sandbox.faults.add(denial('iam:UpdateAccessKey', because));
      const { outcome, problems, actions } = await world.sweep(policy);
      expect(outcome).toBe('partial');
      expect(problems).toHaveLength(1);
      for (const part of ['3 deactivations', 'iam:UpdateAccessKey', role, said, advice])
        expect(problems[0]).toContain(part);
      expect(actions.map(({ outcome, detail }) => [outcome, detail])).toEqual(
        Array(3).fill(['failed', 'AWS denied it, like every deactivation in this sweep']),
      );
    },
  );

  it('the correction says it first, and lists the keys without it', async () => {
    const world = await openDue(3);
    world.sandbox.faults.add(denial('iam:UpdateAccessKey', boundary));
    const { problems } = await world.sweep(policy);
    const correction = world.notices.find(({ kind }) => kind === 'correction');
    expect(correction?.data.notes).toEqual([`${problems[0]}.`]);
    expect(correction?.data.items.map(({ credential, why }) => [credential?.id, why])).toEqual(
      [0, 1, 2].map((n) => [keyOf(n), 'AWS denied it, like every deactivation in this sweep']),
    );
    const text = correction?.body.replace(/\s+/g, ' ') ?? '';
    expect(text.match(/explicit deny/g)).toHaveLength(1);
    expect(text.indexOf('explicit deny')).toBeLessThan(text.indexOf(keyOf(0)));
  });

  it('the terminal says it once', async () => {
    const world = await openDue(3);
    world.sandbox.faults.add(denial('iam:UpdateAccessKey', boundary));
    const result = await world.sweep(policy);
    const report = { rows: 4, generatedAt: result.startedAt };
    const text = renderSweepTable(
      { kind: 'sweep', result, report, requests: {}, canRestore: true },
      { width: 100, color: false },
    );
    expect(text.match(/explicit deny/g)).toHaveLength(1);
    expect(text.match(/Problem: /g)).toHaveLength(1);
    for (const n of [0, 1, 2]) expect(text).toContain(keyOf(n));
  });

  it('the log has it before the keys', async () => {
    const world = await openDue(3);
    world.sandbox.faults.add(denial('iam:UpdateAccessKey', boundary));
    const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const snapshot = await world.auditNow(policy);
    const snapshots = { write: async () => 'key', read: async () => snapshot };
    const { problems } = await runNightlySweep({ ...world.ports, snapshots, log }, policy, 'key', {
      sweep: 'one',
      enforce: true,
    });
    expect(log.warn.mock.calls[0]).toEqual(['problem', { sweep: 'one', problem: problems[0] }]);
    expect(log.warn.mock.calls.map(([what]) => what)).toEqual(['problem', 'action', 'action', 'action']);
    expect(JSON.stringify(log.warn.mock.calls).match(/explicit deny/g)).toHaveLength(1);
  });

  it('the history of each key keeps what AWS said', async () => {
    const world = await openDue(2);
    world.sandbox.faults.add(denial('iam:UpdateAccessKey', boundary));
    await world.sweep(policy);
    for (const n of [0, 1]) expect((await world.entry(keyOf(n)))?.blocked?.why).toContain('explicit deny');
  });

  it('and says so again with each further attempt', async () => {
    const world = await openDue(2);
    world.sandbox.faults.add(denial('iam:UpdateAccessKey', boundary));
    const sweeps = await world.nights(9, policy, []);
    expect(sweeps.map(({ problems }) => problems.length)).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0]);
  });
});

describe('no line for all', () => {
  it('where AWS allowed it for one of them', async () => {
    const world = await openDue(3);
    for (const user of ['user0', 'user1']) world.sandbox.faults.add(denial('iam:UpdateAccessKey', boundary, user));
    const { problems, actions } = await world.sweep(policy);
    expect(problems).toEqual([]);
    expect(actions.filter(({ detail }) => detail?.includes('explicit deny'))).toHaveLength(2);
  });

  it('where it was one key', async () => {
    const world = await openDue(1);
    world.sandbox.faults.add(denial('iam:UpdateAccessKey', boundary));
    const { problems, actions } = await world.sweep(policy);
    expect(problems).toEqual([]);
    expect(actions[0]?.detail).toContain('explicit deny');
  });
});

it('a role that may deactivate and not delete: the deletions alone are denied', async () => {
  const world = await openDue(2);
  world.sandbox.faults.add(denial('iam:DeleteAccessKey', noPolicy('iam:DeleteAccessKey')));
  const sweeps = await world.nights(130, policy, []);
  expect(world.changes()).toEqual([0, 1].map((n) => `Inactive ${keyOf(n)}`));
  const problems = sweeps.flatMap((result) => result.problems);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) expect(problem).toMatch(/^AWS denied 2 deletions .*iam:DeleteAccessKey/);
});
