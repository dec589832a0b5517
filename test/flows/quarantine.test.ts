/** Whom AWS has quarantined, through the real client over HTTP. */
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { audit } from '../../engine/audit/audit.ts';
import type { AccountSeed, Fault } from '../../sandbox/index.ts';
import { withSandbox } from '../support/aws-sandbox.ts';
import { policyWith } from '../support/observation-builder.ts';

const now = '2026-11-20T00:00:00Z';
const created = '2026-11-10T00:00:00Z';
const inUse = { createdAt: created, lastUsed: { at: '2026-11-19T23:00:00Z' } };
const action = 'iam:ListEntitiesForPolicy';

function accountOf(users: AccountSeed['users']): AccountSeed {
  return { id: '111122223333', now, root: { mfa: true }, users };
}

const versions = ['', 'V2', 'V3'].map((version) => `AWSCompromisedKeyQuarantine${version}`);
const tidy = Array.from({ length: 40 }, (_, at) => ({ name: `user-${at}`, createdAt: created, accessKeys: [inUse] }));
const leaked = (name: string, ...attachedPolicies: string[]) => {
  return { name, createdAt: created, attachedPolicies, accessKeys: [inUse] };
};

async function run(seed: AccountSeed, faults: readonly Fault[] = [], policy = defaultPolicy) {
  const options = { sandbox: { seed }, connect: { maxAttempts: 2, retryMode: 'standard' as const } };
  return withSandbox(options, async ({ sandbox, source }) => {
    for (const fault of faults) sandbox.faults.add(fault);
    const { findings, stats } = await audit({ source }, policy, sandbox.clock.now());
    const quarantined = findings.filter(({ rule }) => rule === 'user-quarantined');
    return {
      findings: quarantined.map(({ status, principal }) => `${status} ${principal.name}`),
      reasons: quarantined.map(({ reason }) => reason),
      requests: stats.requests,
      all: findings.map(({ rule, principal }) => `${rule} ${principal.name}`),
    };
  });
}

describe('user-quarantined', () => {
  it('costs three requests an account, and none a user', async () => {
    const { findings, requests } = await run(accountOf(tidy));
    expect(findings).toEqual([]);
    expect(requests[action]).toBe(3);
    expect(Object.keys(requests)).not.toContain('iam:ListAccessKeys');
  });

  it('finds a user whose key is in use, by each of the policies', async () => {
    const users = [
      ...tidy,
      ...versions.map((policy, at) => leaked(`leaked-${at}`, policy)),
      leaked('twice', ...versions),
    ];
    const { findings, reasons } = await run(accountOf(users));
    expect(findings).toEqual(['fail leaked-0', 'fail leaked-1', 'fail leaked-2', 'fail twice']);
    expect(reasons[3]).toBe(`quarantined with ${versions.join(', ')}`);
  });

  it('judges an account in China, which has no root user, by the policies of its partition', async () => {
    const seed = { ...accountOf([leaked('a', 'AWSCompromisedKeyQuarantineV3')]), partition: 'aws-cn' };
    const { findings, all } = await run(seed);
    expect(findings).toEqual(['fail a']);
    expect(all).toEqual(['user-quarantined a']);
  });

  it('reads every page', async () => {
    const users = tidy.map(({ name }) => leaked(name, 'AWSCompromisedKeyQuarantineV2'));
    const seed = { sandbox: { seed: accountOf(users), paging: { maxPageSize: 7 } } };
    await withSandbox(seed, async ({ sandbox, source }) => {
      const { findings } = await audit({ source }, defaultPolicy, sandbox.clock.now());
      expect(findings.filter(({ rule }) => rule === 'user-quarantined')).toHaveLength(40);
    });
  });

  it('a partition that lacks one of the policies is fine', async () => {
    const fault = { action, nth: 1, kind: 'error', code: 'NoSuchEntity' } as const;
    expect((await run(accountOf([leaked('a', ...versions)]), [fault])).findings).toEqual(['fail a']);
  });

  it.each<[string, Fault, string]>([
    ['denied', { action, kind: 'denied' }, 'AccessDenied: the caller lacks iam:ListEntitiesForPolicy'],
    ['throttled', { action, kind: 'throttle' }, 'Throttled'],
  ])('%s: one error for the account', async (_, fault, why) => {
    const { findings, reasons } = await run(accountOf([...tidy, leaked('a', 'AWSCompromisedKeyQuarantineV3')]), [
      fault,
    ]);
    expect(findings).toEqual(['error 111122223333']);
    expect(reasons[0]).toContain(why);
  });

  it('one policy denied: what the others show stays', async () => {
    const fault = { action, nth: 1, kind: 'denied' } as const;
    const { findings } = await run(accountOf([leaked('a', ...versions)]), [fault]);
    expect(findings).toEqual(['fail a', 'error 111122223333']);
  });

  it('sends no request where the rule is off', async () => {
    const off = policyWith({ rules: { 'user-quarantined': { enabled: false } } });
    const { findings, requests } = await run(accountOf([leaked('a', 'AWSCompromisedKeyQuarantineV3')]), [], off);
    expect(findings).toEqual([]);
    expect(requests).not.toHaveProperty(action);
  });
});
