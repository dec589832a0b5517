import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import { KeysweepError } from '../../../core/error.ts';
import type { Audit } from '../../../core/model.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import type { Exemption, Policy } from '../../../core/policy/policy.ts';
import { type AuditProgress, audit } from '../../../engine/audit/audit.ts';
import {
  denied,
  type ListedCredential,
  type MemoryAccount,
  memorySource,
  notFound,
} from '../../support/memory-source.ts';
import { ago, asOf, policyWith } from '../../support/observation-builder.ts';
import { awsTime, keyFields, passwordFields, type Row, userRow } from '../../support/report-builder.ts';

async function run(memory: MemoryAccount, policy: Policy = defaultPolicy) {
  const source = memorySource(memory);
  const result = await audit({ source }, policy, asOf);
  return { asked: source.asked, findings: describeFindings(result), result };
}

/** `rule status user credential` of each finding. */
function describeFindings({ findings }: Audit): string[] {
  return findings.map(({ rule, status, principal, credential }) => {
    return [rule, status, principal.name, credential?.id ?? credential?.slot]
      .filter((part) => part !== undefined)
      .join(' ');
  });
}

function key(slot: 1 | 2, age: number, idle?: number, active = true): Row {
  return keyFields(slot, {
    active,
    created: awsTime(ago(age)),
    ...(idle === undefined ? {} : { lastUsed: awsTime(ago(idle)) }),
  });
}

function liveKey(id: string, age: number, status: ListedCredential['status'] = 'Active'): ListedCredential {
  return { id, status, createdAt: new Date(awsTime(ago(age))) };
}

const stale = userRow('stale', key(1, 80 * DAY, 60 * DAY));
const busy = userRow('busy', key(1, 80 * DAY, DAY));
const exemption = (match: Exemption['match']): Exemption => ({
  match,
  rules: '*',
  reason: 'r',
  owner: 'o',
  expires: '2027-01-01',
});

describe('requests in proportion to what is stale', () => {
  it('asks nothing about an account in order', async () => {
    const { asked, findings } = await run({
      rows: [busy, userRow('person', passwordFields({ lastUsed: awsTime(ago(DAY)) }))],
    });
    expect({ asked, findings }).toEqual({ asked: [], findings: [] });
  });

  it('lists the keys of a user with a finding once, and reads the last use of the keys in doubt alone', async () => {
    const two = userRow('two', { ...key(1, 80 * DAY, 60 * DAY), ...key(2, 30 * DAY, DAY) });
    const { asked, findings } = await run({
      rows: [two, busy],
      keys: { two: [liveKey('AKIAOLD', 80 * DAY), liveKey('AKIANEW', 30 * DAY)] },
      lastUses: { AKIAOLD: { kind: 'used', at: ago(60 * DAY) } },
    });
    expect(asked).toEqual(['access-key two', 'lastUse AKIAOLD']);
    expect(findings).toEqual(['access-key-unused fail two AKIAOLD', 'access-keys-two-active fail two']);
  });

  it('reads no last use where only the age condemns', async () => {
    const { asked, findings } = await run({
      rows: [userRow('old', key(1, 100 * DAY, DAY))],
      keys: { old: [liveKey('AKIAOLD', 100 * DAY)] },
    });
    expect(asked).toEqual(['access-key old']);
    expect(findings).toEqual(['access-key-too-old fail old AKIAOLD']);
  });

  it('asks only who still exists about findings that concern no access key', async () => {
    const { asked } = await run({
      rows: [userRow('person', passwordFields({ lastUsed: awsTime(ago(90 * DAY)), mfa: false }))],
    });
    expect(asked).toEqual(['users']);
  });

  it('names the keys of exempt findings, but reads no last use for them', async () => {
    const { asked, findings } = await run(
      { rows: [stale], keys: { stale: [liveKey('AKIA1', 80 * DAY)] } },
      policyWith({ exemptions: [exemption({ user: 'stale' })] }),
    );
    expect(asked).toEqual(['access-key stale']);
    expect(findings).toEqual(['access-key-unused exempt stale AKIA1']);
  });

  it('reads tags only of users with findings that hang on them', async () => {
    const exempted = userRow('exempted', key(1, 80 * DAY, 60 * DAY));
    const { asked, findings } = await run(
      {
        rows: [stale, exempted, busy],
        keys: { stale: [liveKey('AKIA1', 80 * DAY)], exempted: [liveKey('AKIA2', 80 * DAY)] },
        tags: { exempted: { seal: 'yes' } },
      },
      policyWith({ exemptions: [exemption({ tag: { seal: 'yes' } })] }),
    );
    expect(asked).toEqual(['userTags stale,exempted', 'access-key stale', 'access-key exempted', 'lastUse AKIA1']);
    expect(findings).toEqual(['access-key-unused fail stale AKIA1', 'access-key-unused exempt exempted AKIA2']);
  });

  it('reads no keys where the tags lift every finding', async () => {
    const { asked, findings } = await run(
      { rows: [stale], tags: { stale: { kind: 'machine' } } },
      policyWith({ overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys: { maxIdle: 90 * DAY } }] }),
    );
    expect({ asked, findings }).toEqual({ asked: ['userTags stale'], findings: [] });
  });

  it('reads tags where a stricter limit might hold', async () => {
    const { asked, findings } = await run(
      {
        rows: [userRow('m', key(1, 80 * DAY, 10 * DAY))],
        tags: { m: { kind: 'machine' } },
        keys: { m: [liveKey('AKIA1', 80 * DAY)] },
        lastUses: { AKIA1: { kind: 'used', at: ago(10 * DAY) } },
      },
      policyWith({ overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys: { maxIdle: 5 * DAY } }] }),
    );
    expect(asked).toEqual(['userTags m', 'access-key m', 'lastUse AKIA1']);
    expect(findings).toEqual(['access-key-unused fail m AKIA1']);
  });
});

describe('tags, where only live reads bring up what hangs on them', () => {
  it('reads the tags of a user whose second key is younger than the report', async () => {
    const rotating = policyWith({
      exemptions: [{ ...exemption({ tag: { rotating: '*' } }), rules: ['access-keys-two-active'] }],
    });
    const { asked, findings } = await run(
      {
        rows: [stale],
        keys: { stale: [liveKey('AKIA1', 80 * DAY), liveKey('AKIANEW', HOUR)] },
        tags: { stale: { rotating: 'yes' } },
        lastUses: { AKIA1: { kind: 'used', at: ago(60 * DAY) } },
      },
      rotating,
    );
    expect(asked).toEqual(['access-key stale', 'userTags stale', 'lastUse AKIA1']);
    expect(findings).toEqual(['access-key-unused fail stale AKIA1', 'access-keys-two-active exempt stale']);
  });

  it('reads no tags that no finding hangs on', async () => {
    const { asked } = await run(
      { rows: [userRow('person', passwordFields({ lastUsed: awsTime(ago(DAY)), mfa: false }))] },
      policyWith({ overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys: { maxAge: 5 * DAY } }] }),
    );
    expect(asked).toEqual(['users']);
  });
});

describe('the report is only a hint', () => {
  it('a key deactivated since is not long inactive', async () => {
    const idle = userRow('idle', key(1, 300 * DAY, 200 * DAY));
    const { findings } = await run({
      rows: [idle],
      keys: { idle: [liveKey('AKIA1', 300 * DAY, 'Inactive')] },
      generatedAt: ago(HOUR),
    });
    expect(findings).toEqual([]);
  });

  it('a key used since the report was made is not unused', async () => {
    const { findings } = await run({
      rows: [stale],
      keys: { stale: [liveKey('AKIA1', 80 * DAY)] },
      lastUses: { AKIA1: { kind: 'used', at: ago(HOUR) } },
    });
    expect(findings).toEqual([]);
  });

  it('a last use that only the report knows still counts', async () => {
    const { findings } = await run({
      rows: [stale],
      keys: { stale: [liveKey('AKIA1', 80 * DAY)] },
      lastUses: { AKIA1: { kind: 'used', at: ago(70 * DAY) } },
    });
    expect(findings).toEqual(['access-key-unused fail stale AKIA1']);
  });

  it('a key deleted since is no finding', async () => {
    expect((await run({ rows: [stale], keys: { stale: [] } })).findings).toEqual([]);
  });

  it('a key deactivated since is not unused', async () => {
    expect((await run({ rows: [stale], keys: { stale: [liveKey('AKIA1', 80 * DAY, 'Inactive')] } })).findings).toEqual(
      [],
    );
  });

  it('a user deleted since has no findings at all', async () => {
    const deleted = userRow('deleted', { ...key(1, 80 * DAY, 60 * DAY), ...passwordFields({ mfa: false }) });
    expect((await run({ rows: [deleted], keys: { deleted: notFound } })).findings).toEqual([]);
  });

  it('matches keys to slots by creation second, whatever their order', async () => {
    const swapped = userRow('swapped', { ...key(1, 20 * DAY, DAY), ...key(2, 80 * DAY, 60 * DAY) });
    const { asked, findings } = await run({
      rows: [swapped],
      keys: { swapped: [liveKey('AKIAOLD', 80 * DAY), liveKey('AKIANEW', 20 * DAY)] },
      lastUses: { AKIAOLD: { kind: 'used', at: ago(60 * DAY) } },
    });
    expect(asked).toEqual(['access-key swapped', 'lastUse AKIAOLD']);
    expect(findings[0]).toBe('access-key-unused fail swapped AKIAOLD');
  });

  it('two keys created in the same second, one stale and one used today: live data distinguishes them', async () => {
    const twins = userRow('twins', { ...key(1, 80 * DAY, 60 * DAY), ...key(2, 80 * DAY, 0) });
    const { asked, findings, result } = await run({
      rows: [twins],
      keys: { twins: [liveKey('AKIAUSED', 80 * DAY), liveKey('AKIASTALE', 80 * DAY)] },
      lastUses: { AKIAUSED: { kind: 'used', at: ago(0) }, AKIASTALE: { kind: 'used', at: ago(60 * DAY) } },
    });
    expect(asked).toEqual(['access-key twins', 'lastUse AKIAUSED', 'lastUse AKIASTALE']);
    expect(findings).toEqual(['access-key-unused fail twins AKIASTALE', 'access-keys-two-active fail twins']);
    expect(result.findings[0]?.credential).toEqual({ kind: 'access-key', id: 'AKIASTALE' });
  });

  it('a key that the report does not show is judged by live data', async () => {
    const { asked, findings } = await run({
      rows: [stale],
      keys: { stale: [liveKey('AKIA1', 80 * DAY), liveKey('AKIAHIDDEN', 300 * DAY)] },
      lastUses: { AKIA1: { kind: 'used', at: ago(60 * DAY) } },
    });
    expect(asked).toContain('lastUse AKIAHIDDEN');
    expect(findings).toContain('access-key-never-used fail stale AKIAHIDDEN');
  });
});

describe('unknown is not unused', () => {
  it('AccessDenied for one user’s keys is an error for that user, and the others continue', async () => {
    const { findings, result } = await run({
      rows: [stale, userRow('other', key(1, 80 * DAY, 60 * DAY))],
      keys: { stale: denied, other: [liveKey('AKIA2', 80 * DAY)] },
      lastUses: { AKIA2: { kind: 'used', at: ago(60 * DAY) } },
    });
    expect(findings).toEqual(['access-key-unused fail other AKIA2', 'access-key-unused error stale 1']);
    expect(result.findings[1]?.reason).toContain('not confirmed: AccessDenied: the caller lacks iam:Something');
  });

  it('a last use that cannot be read condemns nothing', async () => {
    const { findings } = await run({
      rows: [stale],
      keys: { stale: [liveKey('AKIA1', 80 * DAY)] },
      lastUses: { AKIA1: denied },
    });
    expect(findings).toEqual(['access-key-unused error stale AKIA1']);
  });

  it('a last use that cannot be read hides nothing that IAM has confirmed', async () => {
    const { findings } = await run({
      rows: [userRow('elder', key(1, 400 * DAY, 300 * DAY))],
      keys: { elder: [liveKey('AKIA1', 400 * DAY)] },
      lastUses: { AKIA1: denied },
    });
    expect(findings).toContain('access-key-too-old fail elder AKIA1');
    expect(findings).toContain('access-key-unused error elder AKIA1');
  });

  it('of a key that is too old and matches no slot, the last use is asked for: what becomes of it hangs on that', async () => {
    const { asked } = await run(
      {
        rows: [userRow('twins', { ...key(1, 40 * DAY, 20 * DAY), ...key(2, 40 * DAY, 20 * DAY) })],
        keys: { twins: [liveKey('AKIA1', 40 * DAY), liveKey('AKIA2', 40 * DAY)] },
      },
      policyWith({ accessKeys: { ...defaultPolicy.accessKeys, maxAge: 30 * DAY } }),
    );
    expect(asked).toEqual(['access-key twins', 'lastUse AKIA1', 'lastUse AKIA2']);
  });

  it('tags that cannot be read make what hangs on them an error', async () => {
    const { findings } = await run(
      { rows: [stale], tags: { stale: denied }, keys: { stale: [liveKey('AKIA1', 80 * DAY)] } },
      policyWith({ exemptions: [exemption({ tag: { seal: 'yes' } })] }),
    );
    expect(findings).toContain('access-key-unused error stale AKIA1');
    expect(findings.filter((finding) => finding.includes(' fail '))).toEqual([]);
  });
});

describe('the run', () => {
  it('reports account, alias, report facts and requests', async () => {
    const { result } = await run({ rows: [busy], generatedAt: ago(HOUR) });
    expect(result).toMatchObject({
      schema: 'keysweep/audit/v1',
      account: { id: '123456789012', partition: 'aws', alias: 'acme' },
      asOf,
      report: { rows: 2, generatedAt: ago(HOUR) },
      summary: { fail: 0, exempt: 0, error: 0 },
      stats: { requests: { 'iam:Test': 0 } },
    });
  });

  it('reports its progress', async () => {
    const seen: AuditProgress[] = [];
    const source = memorySource({ rows: [stale], keys: { stale: [liveKey('AKIA1', 80 * DAY)] } });
    await audit({ source, onProgress: (progress) => seen.push(progress) }, defaultPolicy, asOf);
    expect(seen.map(({ phase, done, total }) => `${phase} ${done}/${total}`)).toEqual([
      'report 0/1',
      'report 1/1',
      'credentials 1/1',
      'last-use 1/1',
    ]);
  });

  it('refuses a report of another account', async () => {
    const source = { ...memorySource({ rows: [] }), account: async () => ({ id: '999999999999', partition: 'aws' }) };
    await expect(audit({ source }, defaultPolicy, asOf)).rejects.toMatchObject({ code: 'AccountMismatch' });
  });

  it('ends with an error, not with an empty result, where the report cannot be read', async () => {
    const source = { ...memorySource({ rows: [] }), credentialReport: async () => ({ content: new Uint8Array() }) };
    await expect(audit({ source }, defaultPolicy, asOf)).rejects.toBeInstanceOf(KeysweepError);
  });
});
