/** What other tools get wrong on the same account, each as a case that must come out right. */
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { audit } from '../../engine/audit/audit.ts';
import { type AccountSeed, acmeAccount } from '../../sandbox/index.ts';
import { withSandbox } from '../support/aws-sandbox.ts';

const night = auditOf(acmeAccount);

async function auditOf(seed: AccountSeed) {
  return withSandbox({ sandbox: { seed } }, ({ sandbox, source }) =>
    audit({ source }, defaultPolicy, sandbox.clock.now()),
  );
}

/** `rule status` of each finding about a user, with the credential's place in the account. */
async function findingsOf(user: string): Promise<string[]> {
  const { findings } = await night;
  return findings.filter(({ principal }) => principal.name === user).map(({ rule, status }) => `${rule} ${status}`);
}

describe('keys', () => {
  it('two keys of one user created in the same second: only the stale one is unused', async () => {
    const { findings } = await night;
    const unused = findings.filter(
      ({ principal, rule }) => principal.name === 'billing-export' && rule === 'access-key-unused',
    );
    expect(unused).toHaveLength(1);
    expect(unused[0]).toMatchObject({
      status: 'fail',
      credential: { id: expect.stringMatching(/^AKIA/) },
      evidence: { idleDays: expect.closeTo(168.3, 0) },
    });
    expect(unused[0]?.credential?.slot).toBeUndefined();
  });

  it('a key never used for 800 days is found', async () => {
    expect(await findingsOf('legacy-crm-sync')).toContain('access-key-never-used fail');
  });

  it('a key never used since tracking began is found', async () => {
    expect(await findingsOf('migration-2014')).toContain('access-key-never-used fail');
  });

  it('a key idle for exactly 45 days is unused; one idle a minute less is not', async () => {
    expect(await findingsOf('hr-import')).toContain('access-key-unused fail');
    expect(await findingsOf('hr-import-staging')).toEqual([]);
  });

  it('a key exactly 90 days old is fine; one a second older is not', async () => {
    expect(await findingsOf('exactly-90-days')).toEqual([]);
    expect(await findingsOf('payment-webhook')).toEqual(['access-key-too-old fail']);
  });

  it('a key used for nothing but S3, whose region is N/A, is in use', async () => {
    expect(await findingsOf('backup-nightly')).toEqual([]);
  });

  it('a key made an hour ago with its user’s password has its grace', async () => {
    expect(await findingsOf('olga.svensson')).toEqual([]);
  });

  it('a key in production use is too old, and not unused', async () => {
    expect(await findingsOf('payments-prod')).toEqual(['access-key-too-old fail']);
  });

  it('the second key is seen although the first is inactive', async () => {
    expect(await findingsOf('uma.patel')).toEqual([
      'access-key-unused fail',
      'access-key-too-old fail',
      'access-key-inactive fail',
    ]);
  });

  it('the older key in slot 2 is the one that is found', async () => {
    const { findings } = await night;
    const found = findings.find(
      ({ principal, rule }) => principal.name === 'mobile-ci' && rule === 'access-key-unused',
    );
    expect(found?.credential?.slot).toBe(2);
    expect(found?.evidence).toMatchObject({ ageDays: expect.closeTo(655.2, 0) });
  });

  it('findings carry key ids, not slots alone', async () => {
    const { findings } = await night;
    const nameless = findings.filter(
      ({ credential, principal }) =>
        credential?.kind === 'access-key' && principal.kind === 'user' && credential.id === undefined,
    );
    expect(nameless).toEqual([]);
  });
});

describe('people', () => {
  it('a password never used for two years is found', async () => {
    expect(await findingsOf('trainee-2024')).toEqual(['console-mfa-missing fail', 'console-password-never-used fail']);
  });

  it('a password idle for exactly 45 days is unused; one idle a little less is not', async () => {
    expect(await findingsOf('rosa.alvarez')).toEqual(['console-password-unused fail']);
    expect(await findingsOf('sven.holm')).toEqual([]);
  });

  it('names do not run into each other: bob and malice are in order, bobby is not', async () => {
    expect(await findingsOf('bob')).toEqual([]);
    expect(await findingsOf('malice')).toEqual([]);
    expect(await findingsOf('bobby')).not.toEqual([]);
  });

  it('a comma in a user name splits nothing', async () => {
    expect(await findingsOf('ana+eu=qa,team@acme.example')).toContain('access-key-unused fail');
  });
});

describe('the root user', () => {
  const day = 86_400_000;
  const now = new Date('2026-11-20T02:30:00Z');
  const daysBefore = (days: number) => new Date(now.getTime() - days * day).toISOString();
  const rootRules = async (root: AccountSeed['root']) => {
    const { findings } = await auditOf({
      now: now.toISOString(),
      id: '111122223333',
      root: { createdAt: '2014-01-01T00:00:00Z', ...root },
      users: [],
    });
    return findings.map(({ rule, status, severity }) => `${rule} ${status} ${severity}`);
  };

  it('a root key used today counts as use of root although the password is idle', async () => {
    const root = {
      mfa: true,
      passwordLastUsed: daysBefore(900),
      accessKeys: [{ createdAt: daysBefore(900), lastUsed: { at: daysBefore(0.1), service: 's3' } }],
    };
    expect(await rootRules(root)).toEqual(['root-access-key fail critical', 'root-used-recently fail high']);
  });

  it('a root user that never signed in crashes nothing', async () => {
    expect(await rootRules({ mfa: true })).toEqual([]);
  });

  it('no MFA is found', async () => {
    expect(await rootRules({ mfa: false })).toEqual(['root-mfa-missing fail critical']);
  });
});
