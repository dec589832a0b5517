/** A credential report is up to four hours old: what was mended and who was deleted since. Over the sandbox. */
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../core/duration.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import type { CredentialSource } from '../../../core/ports.ts';
import { auditAccount } from '../../../engine/audit/audit.ts';
import { criticalAlert } from '../../../reports/alert.ts';
import { renderTable } from '../../../reports/table.ts';
import type { AccountSeed } from '../../../sandbox/index.ts';
import { connectSandbox } from '../../support/aws-sandbox.ts';
import { policyWith } from '../../support/observation-builder.ts';

const rootKey = 'AKIAROOTAAAAAAAAAAAA';
/** Root has a key and no MFA; erin and frank have passwords without MFA, and no keys. */
const seed: AccountSeed = {
  id: '111122223333',
  now: '2026-11-20T00:00:00Z',
  root: { accessKeys: [{ id: rootKey, createdAt: '2026-01-01T00:00:00Z' }] },
  users: [
    { name: 'erin', password: { lastUsed: '2026-11-19T10:00:00Z' } },
    { name: 'frank', password: { lastUsed: '2026-11-19T10:00:00Z' } },
    { name: 'grace', password: { lastUsed: '2026-11-19T10:00:00Z' }, mfa: true },
  ],
};

/** An account whose report was just generated. */
async function open(changed: Partial<AccountSeed> = {}) {
  const connected = await connectSandbox({ sandbox: { seed: { ...seed, ...changed } } });
  const { sandbox, source } = connected;
  const audit = async (policy = defaultPolicy) => {
    sandbox.clearRequests();
    const { audit: result } = await auditAccount({ source }, policy, sandbox.clock.now());
    const found = result.findings.map(({ rule, status, principal }) => `${rule} ${status} ${principal.name}`);
    return {
      result,
      found,
      requests: sandbox.requestCounts(),
      table: renderTable(result, { width: 110, color: false }),
    };
  };
  await source.credentialReport();
  sandbox.clock.advance(HOUR);
  return { ...connected, audit };
}

describe('the root user', () => {
  it('costs one request if there is a finding that it can refute', async () => {
    const { audit } = await open();
    const { found, requests, result } = await audit();
    expect(found).toEqual(
      expect.arrayContaining(['root-access-key fail <root_account>', 'root-mfa-missing fail <root_account>']),
    );
    expect(requests['iam:GetAccountSummary']).toBe(1);
    expect(result.mended).toBeUndefined();
    expect(criticalAlert(result)?.body).not.toContain('may be missing here');
  });

  it('costs none otherwise', async () => {
    const { audit } = await open({ root: { mfa: true }, users: [] });
    expect((await audit()).requests).not.toHaveProperty('iam:GetAccountSummary');
  });

  it('is not alerted about what was mended since, which is shown', async () => {
    const { sandbox, audit } = await open();
    sandbox.account.setMfa('<root_account>', true);
    sandbox.account.deleteAccessKey(rootKey);
    const { result, found, table } = await audit();
    expect(criticalAlert(result)).toBeUndefined();
    expect(found.filter((one) => one.includes('<root_account>'))).toEqual([]);
    expect(result.mended?.map(({ rule }) => rule)).toEqual(['root-access-key', 'root-mfa-missing']);
    expect(table).toContain('MENDED  2 findings since the credential report');
    expect(table).toContain('root can sign in without MFA');
  });

  it('stays a user who was used, also by a key that was deleted since', async () => {
    const accessKeys = [{ id: rootKey, createdAt: '2026-01-01T00:00:00Z', lastUsed: { at: '2026-11-19T00:00:00Z' } }];
    const { sandbox, audit } = await open({ root: { mfa: true, accessKeys }, users: [] });
    sandbox.account.deleteAccessKey(rootKey);
    const { result, found } = await audit();
    expect(found).toEqual(['root-used-recently fail <root_account>']);
    expect(result.mended?.map(({ rule }) => rule)).toEqual(['root-access-key']);
  });

  it('is alerted about half of it if half was mended', async () => {
    const { sandbox, audit } = await open();
    sandbox.account.setMfa('<root_account>', true);
    const { result } = await audit();
    expect(criticalAlert(result)?.data.items.map(({ rule }) => rule)).toEqual(['root-access-key']);
    expect(result.mended?.map(({ rule }) => rule)).toEqual(['root-mfa-missing']);
  });

  it.each(['denied', 'server-error'] as const)('is alerted about all of it after %s, which is said', async (kind) => {
    const { sandbox, audit } = await open();
    sandbox.account.setMfa('<root_account>', true);
    sandbox.faults.add({ action: 'iam:GetAccountSummary', kind });
    const { result } = await audit();
    const alert = criticalAlert(result);
    expect(alert?.data.items.map(({ rule }) => rule)).toEqual(['root-access-key', 'root-mfa-missing']);
    for (const { why } of alert?.data.items ?? []) expect(why).toContain('according to the report; not confirmed: ');
    expect(result.mended).toBeUndefined();
  });
});

describe('a user who was deleted since', () => {
  const onlyPeople = { root: { mfa: true } };

  it('is shown as that without having had a key', async () => {
    const { sandbox, audit } = await open(onlyPeople);
    sandbox.account.deletePassword('erin');
    sandbox.account.deleteUser('erin');
    const { found, result, requests, table } = await audit();
    expect(found).toEqual(['console-mfa-missing fail frank']);
    expect(result.missingUsers).toEqual(['erin']);
    expect(requests['iam:ListUsers']).toBe(1);
    expect(table).toContain('1 user in the credential report no longer exists in IAM under this name: erin');
  });

  it('costs no request if no finding rests on the report alone', async () => {
    const { audit } = await open({ ...onlyPeople, users: [{ name: 'grace' }] });
    expect((await audit()).requests).not.toHaveProperty('iam:ListUsers');
  });

  it('nor if the findings are exempt', async () => {
    const exemption = { match: { user: '*' }, rules: '*', reason: 'r', owner: 'o', expires: '2027-01-01' } as const;
    const { audit } = await open(onlyPeople);
    expect((await audit(policyWith({ exemptions: [exemption] }))).requests).not.toHaveProperty('iam:ListUsers');
  });

  it('is not asked for again if a list of keys has confirmed all findings', async () => {
    const password = { lastUsed: '2026-11-19T10:00:00Z' };
    const accessKeys = [{ createdAt: '2025-01-01T00:00:00Z', lastUsed: { at: '2026-11-19T00:00:00Z' } }];
    const users = [{ name: 'kim', accessKeys, password, mfa: true }];
    const { audit } = await open({ ...onlyPeople, users });
    const { found, requests } = await audit();
    expect(found).toEqual(['access-key-too-old fail kim']);
    expect(requests).not.toHaveProperty('iam:ListUsers');
  });

  it.each(['denied', 'server-error'] as const)(
    'is never seen in %s: the findings stay, and that is said',
    async (kind) => {
      const { sandbox, audit } = await open(onlyPeople);
      sandbox.account.deletePassword('erin');
      sandbox.account.deleteUser('erin');
      sandbox.faults.add({ action: 'iam:ListUsers', kind });
      const { found, result, table } = await audit();
      expect(found).toEqual(['console-mfa-missing fail erin', 'console-mfa-missing fail frank']);
      expect(result.missingUsers).toBeUndefined();
      expect(result.unconfirmed).toEqual([expect.stringMatching(/^whether 2 users with findings still exist: \w+: /)]);
      expect(table).toContain('Not confirmed: whether 2 users with findings still exist');
    },
  );
});

describe('a user whom a list of keys has shown, with findings that rest on the report alone', () => {
  const password = { lastUsed: '2026-11-19T10:00:00Z' };
  const accessKeys = [{ createdAt: '2025-01-01T00:00:00Z', lastUsed: { at: '2026-11-19T00:00:00Z' } }];
  const withKim = { root: { mfa: true }, users: [{ name: 'kim', accessKeys, password }] };
  const both = ['access-key-too-old fail kim', 'console-mfa-missing fail kim'];

  it('costs one request', async () => {
    const { audit } = await open(withKim);
    const { found, result, requests } = await audit();
    expect(found.sort()).toEqual(both);
    expect(requests['iam:ListUsers']).toBe(1);
    expect(result.unconfirmed).toBeUndefined();
  });

  it.each<[string, Partial<CredentialSource>]>([
    ['the list', {}],
    ['a read of tags', { credentials: async () => ({ ok: false, problem: { code: 'access-denied', message: 'no' } }) }],
  ])('keeps them if the list of users lacks it after %s has shown it, which is said', async (_, changed) => {
    const { source, sandbox } = await open(withKim);
    const lagging = { ...source, ...changed, users: async () => ({ ok: true, value: [] }) as const };
    const override = { match: { tag: { kind: 'x' } }, rules: '*', reason: 'r', owner: 'o', expires: '2027-01-01' };
    const policy = policyWith({ exemptions: [override] as never });
    const { audit: result } = await auditAccount({ source: lagging }, policy, sandbox.clock.now());
    expect(result.findings.map(({ rule }) => rule)).toContain('console-mfa-missing');
    expect(result.missingUsers).toBeUndefined();
    expect(result.unconfirmed).toEqual([
      'whether user kim still exists: iam:ListUsers does not show it, but another request did',
    ]);
  });

  it('has none of an earlier user of that name', async () => {
    const { sandbox, audit } = await open(withKim);
    const { account } = sandbox;
    for (const { id } of account.users().flatMap((user) => user.accessKeys)) account.deleteAccessKey(id);
    account.deletePassword('kim');
    account.deleteUser('kim');
    account.createUser('kim');
    const { found, result } = await audit();
    expect(found).toEqual([]);
    expect(result.missingUsers).toEqual(['kim']);
  });
});

describe('a user with an unused password', () => {
  const idle = { lastUsed: '2026-05-19T10:00:00Z' };
  const person = { name: 'pat', password: idle, mfa: true };
  const onlyPat = { root: { mfa: true }, users: [person] };

  it('has no finding on it after signing in since', async () => {
    const { sandbox, audit } = await open(onlyPat);
    sandbox.account.usePassword('pat');
    sandbox.clock.advance(2 * HOUR);
    const { found, requests, result } = await audit();
    expect(found).toEqual([]);
    expect(requests['iam:ListUsers']).toBe(1);
    expect(result.missingUsers).toBeUndefined();
  });

  it('has it otherwise', async () => {
    const { audit } = await open(onlyPat);
    expect((await audit()).found).toEqual(['console-password-unused fail pat']);
  });

  it('is asked for also if a list of keys has shown the user', async () => {
    const accessKeys = [{ createdAt: '2025-01-01T00:00:00Z', lastUsed: { at: '2026-11-19T00:00:00Z' } }];
    const { sandbox, audit } = await open({ ...onlyPat, users: [{ ...person, accessKeys }] });
    sandbox.account.usePassword('pat');
    sandbox.clock.advance(2 * HOUR);
    expect((await audit()).found).toEqual(['access-key-too-old fail pat']);
  });

  it('was deleted, and another user has the name: the findings of the first one are over', async () => {
    const { sandbox, audit } = await open(onlyPat);
    sandbox.account.deletePassword('pat');
    sandbox.account.deleteUser('pat');
    sandbox.account.createUser('pat');
    sandbox.account.setPassword('pat');
    const { found, result } = await audit();
    expect(found).toEqual([]);
    expect(result.missingUsers).toEqual(['pat']);
  });
});

describe('a quarantined user who is not in the report', () => {
  const policy = 'AWSCompromisedKeyQuarantineV3';
  const quiet = { root: { mfa: true }, users: [{ name: 'grace' }] };
  const exempting = (match: object) =>
    policyWith({ exemptions: [{ match, rules: '*', reason: 'r', owner: 'o', expires: '2027-01-01' }] });

  async function withNewcomer() {
    const opened = await open(quiet);
    const { account } = opened.sandbox;
    account.createUser('nina', { path: '/ci/' });
    account.tagUser('nina', { kind: 'lab' });
    account.attachPolicy('nina', policy);
    return opened;
  }

  it('is named with its ARN, for one request', async () => {
    const { audit } = await withNewcomer();
    const { found, result, requests } = await audit();
    expect(found).toEqual(['user-quarantined fail nina']);
    expect(result.findings[0]?.principal.arn).toBe('arn:aws:iam::111122223333:user/ci/nina');
    expect(requests['iam:ListUsers']).toBe(1);
  });

  it.each([{ user: 'nina' }, { path: '/ci/' }, { tag: { kind: 'lab' } }])('can be exempted by %j', async (match) => {
    const { audit } = await withNewcomer();
    expect((await audit(exempting(match))).found).toEqual(['user-quarantined exempt nina']);
  });

  it.each([
    [{ user: 'nina' }, 'exempt'],
    [{ path: '/ci/' }, 'error'],
    [{ tag: { kind: 'office' } }, 'fail'],
  ])('if users cannot be listed, an exemption by %j leads to %s', async (match, status) => {
    const { sandbox, audit } = await withNewcomer();
    sandbox.faults.add({ action: 'iam:ListUsers', kind: 'denied' });
    expect((await audit(exempting(match))).found).toEqual([`user-quarantined ${status} nina`]);
  });

  it('has the name of a user who was deleted since', async () => {
    const { sandbox, audit } = await open({ root: { mfa: true }, users: [{ name: 'erin', password: {} }] });
    sandbox.account.deletePassword('erin');
    sandbox.account.deleteUser('erin');
    sandbox.account.createUser('erin');
    sandbox.account.attachPolicy('erin', policy);
    const { found, result } = await audit();
    expect(found).toEqual(['user-quarantined fail erin']);
    expect(result.findings[0]?.reason).toContain('the credential report shows an earlier user of this name');
  });

  it('counts as existing if the list of users lacks it', async () => {
    const { sandbox, source } = await open({ root: { mfa: true }, users: [{ name: 'erin', password: {} }] });
    sandbox.account.attachPolicy('erin', policy);
    const lagging = { ...source, users: async () => ({ ok: true, value: [] }) as const };
    const { audit: result } = await auditAccount({ source: lagging }, defaultPolicy, sandbox.clock.now());
    expect(result.missingUsers).toBeUndefined();
    expect(result.findings.map(({ rule }) => rule)).toContain('console-mfa-missing');
  });
});

describe('until when the report is current', () => {
  it('and what it may lack, with the findings that rest on it alone', async () => {
    const { audit } = await open();
    const { result, table } = await audit();
    expect(result.report.currentUntil).toEqual(new Date('2026-11-20T04:00:00Z'));
    expect(table.replace(/\s+/g, ' ')).toContain(
      'What was changed after 2026-11-20 00:00 UTC in passwords, MFA, certificates and keys may be missing here: AWS generates no newer report before 2026-11-20 04:00 UTC.',
    );
  });

  it('is not said where all that failed was read since', async () => {
    const users = [{ name: 'kim', accessKeys: [{ createdAt: '2025-01-01T00:00:00Z' }] }];
    const { audit } = await open({ root: { mfa: true }, users });
    const { found, table } = await audit();
    expect(found).toContain('access-key-too-old fail kim');
    expect(table).not.toContain('may be missing here');
  });

  it('is over when AWS generates a newer one', async () => {
    const { sandbox, source, audit } = await open();
    sandbox.clock.advance(3 * HOUR + MINUTE);
    const { result } = await audit();
    expect(result.report.generatedAt).toEqual((await source.credentialReport()).generatedAt);
    expect(result.report.currentUntil?.getTime()).toBeGreaterThan(sandbox.clock.now().getTime());
  });
});
