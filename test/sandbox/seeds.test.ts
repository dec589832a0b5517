import { describe, expect, it } from 'vitest';
import { type AccountSeed, acmeAccount, acmeNow, SeedError, seedAccount, startSandbox } from '../../sandbox/index.ts';
import { renderCredentialReport } from '../../sandbox/state/credential-report.ts';
import { accountIdOf, IdSource } from '../../sandbox/state/ids.ts';
import { openSandbox, smallAccount } from '../support/sandbox-clients.ts';

const created = '2026-01-01T00:00:00Z';

async function problemsOf(seed: Partial<AccountSeed>): Promise<readonly string[]> {
  const thrown = await startSandbox({ seed: { ...smallAccount, ...seed } }).then(
    (sandbox) => sandbox.close(),
    (error: unknown) => error,
  );
  return thrown instanceof SeedError ? thrown.problems : [];
}

describe('a seed that describes no possible account', () => {
  it.each<[Partial<AccountSeed>, string]>([
    [{ id: '12' }, 'id: found "12"; an account id has 12 digits'],
    [{ users: [{ name: 'a b' }] }, 'users[0].name: found "a b"; allowed are 1 to 64 letters, digits and + = , . @ - _'],
    [
      { users: [{ name: 'a' }, { name: 'A' }] },
      'users[1].name: "A" is the name of users[0] already (names ignore case)',
    ],
    [{ users: [{ name: 'a', path: 'x' }] }, 'users[0].path: found "x"; a path starts and ends with /'],
    [
      { users: [{ name: 'a', createdAt: 'yesterday' }] },
      'users[0].createdAt: found "yesterday"; a time is ISO 8601, such as 2026-09-11T13:14:52Z',
    ],
    [
      { users: [{ name: 'a', createdAt: '2026-12-01T00:00:00Z' }] },
      'users[0].createdAt: found "2026-12-01T00:00:00Z", which lies after the present of the sandbox, 2026-11-20T02:30:00.000Z',
    ],
    [
      { users: [{ name: 'a', accessKeys: [1, 2, 3].map(() => ({ createdAt: created })) }] },
      'users[0].accessKeys: found 3 access keys; allowed are 2 (quotas.accessKeysPerUser)',
    ],
    [
      { users: [{ name: 'a', accessKeys: [{ id: 'key', createdAt: created }] }] },
      'users[0].accessKeys[0].id: found "key"; an access key id is AKIA and 16 of A-Z 2-7',
    ],
    [
      { users: [{ name: 'a', accessKeys: [{ createdAt: created, lastUsed: { at: '2025-12-31T23:59:59Z' } }] }] },
      'users[0].accessKeys[0].lastUsed.at: found "2025-12-31T23:59:59Z", before the key was created at 2026-01-01T00:00:00Z',
    ],
    [
      { users: [{ name: 'a', createdAt: '2026-02-01T00:00:00Z', accessKeys: [{ createdAt: created }] }] },
      'users[0].accessKeys[0].createdAt: found "2026-01-01T00:00:00Z", before the user was created at 2026-02-01T00:00:00Z',
    ],
    [
      { roles: [{ name: 'r', trust: {}, maxSessionDuration: 60 }] },
      'roles[0].maxSessionDuration: found 60; allowed are 3600 to 43200 seconds',
    ],
  ])('is refused: %j', async (seed, problem) => {
    expect(await problemsOf(seed)).toEqual([problem]);
  });

  it('is refused with all its problems at once', async () => {
    const users = [{ name: '' }, { name: 'b', path: '' }];
    const start = startSandbox({ seed: { ...smallAccount, id: 'x', users } });
    await expect(start).rejects.toThrow(/^the account seed has 3 problems:\n {2}id: .*\n {2}users\[0\].name: /);
  });

  it('is refused when two keys have the same id', async () => {
    const key = { id: 'AKIARTX3GSDSAAAAAAAA', createdAt: created };
    const users = [
      { name: 'a', accessKeys: [key] },
      { name: 'b', accessKeys: [key] },
    ];
    expect(await problemsOf({ users })).toEqual([
      'users[1].accessKeys[0].id: "AKIARTX3GSDSAAAAAAAA" is the id of users[0].accessKeys[0] already',
    ]);
  });
});

describe('ids', () => {
  it('hold the account as those of AWS do', () => {
    expect(accountIdOf('ASIAY34FZKBOKMUTVV7A')).toBe('609629065308');
    expect(accountIdOf('AKIAIOSFODNN7EXAMPLE')).toBeUndefined();
    for (const account of ['000000000000', '000000000001', '111122223333', '999999999999']) {
      const id = new IdSource(account).next('AKIA');
      expect(id).toMatch(/^AKIA[Q-Z2-7][A-Z2-7]{15}$/);
      expect(accountIdOf(id)).toBe(account);
    }
  });

  it('are the same each time, and never repeat', () => {
    const make = () => {
      const source = new IdSource('111122223333');
      return Array.from({ length: 10_000 }, () => source.next('AKIA'));
    };
    const ids = make();
    expect(new Set(ids).size).toBe(10_000);
    expect(make()).toEqual(ids);
  });
});

describe('the acme account', () => {
  it('is the same each time', async () => {
    const reports = await Promise.all(
      [1, 2].map(async () => {
        const { sandbox } = await openSandbox({ seed: acmeAccount });
        const ids = sandbox.account.users().flatMap((user) => user.accessKeys.map((key) => key.id));
        const format = { additionalCredentialsInfo: false };
        return `${ids}\n${renderCredentialReport(sandbox.account, acmeNow.getTime(), format)}`;
      }),
    );
    expect(reports[0]).toBe(reports[1]);
  });

  it('has about sixty users, people and machines', () => {
    expect(acmeAccount.users.length).toBeGreaterThanOrEqual(55);
    const kinds = new Set(acmeAccount.users.map((user) => user.tags?.kind));
    expect(kinds).toEqual(new Set(['person', 'machine', 'break-glass', undefined]));
  });

  it('has the cases that lie exactly on a limit', async () => {
    const { sandbox } = await openSandbox({ seed: acmeAccount });
    const { account } = sandbox;
    const day = 86_400_000;
    const ages = (name: string) =>
      account.user(name).accessKeys.map((key) => ({
        age: acmeNow.getTime() - key.createdAt,
        idle: acmeNow.getTime() - (key.uses.latest()?.at ?? Number.NaN),
      }));
    expect(ages('hr-import')).toMatchObject([{ idle: 45 * day }]);
    expect(ages('hr-import-staging')).toMatchObject([{ idle: 45 * day - 60_000 }]);
    expect(ages('exactly-90-days')).toMatchObject([{ age: 90 * day }]);
    expect(ages('payment-webhook')).toMatchObject([{ age: 90 * day + 1000 }]);
    expect(ages('trial-integration')).toMatchObject([{ age: 7 * day, idle: Number.NaN }]);
    const [first, second] = ages('billing-export');
    expect(first?.age).toBe(second?.age);
    const password = account.user('rosa.alvarez').password?.uses.latest()?.at ?? 0;
    expect(acmeNow.getTime() - password).toBe(45 * day);
  });
});

describe('generated accounts', () => {
  it('have as many users, keys and stale users as asked for', async () => {
    const seed = seedAccount({ users: 200, staleFraction: 0.1 });
    expect(await problemsOf(seed)).toEqual([]);
    expect(seed.users).toHaveLength(200);
    expect(seed.users.every((user) => user.accessKeys?.length === 2)).toBe(true);
    const stale = seed.users.filter((user) => user.accessKeys?.some((key) => key.lastUsed === undefined));
    expect(stale).toHaveLength(20);
    expect(seedAccount({ users: 200, staleFraction: 0.1 })).toEqual(seed);
  });

  it('are fast with 5,000 users', async () => {
    const start = performance.now();
    const { sandbox } = await openSandbox({
      seed: seedAccount({ users: 5000, staleFraction: 0.5, passwordFraction: 0.3 }),
    });
    const csv = renderCredentialReport(sandbox.account, sandbox.clock.now().getTime(), {
      additionalCredentialsInfo: false,
    });
    expect(csv.toString().split('\n')).toHaveLength(5002);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
