/** What a live audit reads for the rules on the keys of users as a whole. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import type { RuleId } from '../../../core/rules/ids.ts';
import { audit } from '../../../engine/audit/audit.ts';
import { denied, type ListedCredential, type MemoryAccount, memorySource } from '../../support/memory-source.ts';
import { ago, asOf, policyWith } from '../../support/observation-builder.ts';
import { awsTime, keyFields, passwordFields, userRow } from '../../support/report-builder.ts';

async function judge(rule: RuleId, memory: MemoryAccount, policy: Policy = defaultPolicy) {
  const source = memorySource(memory);
  const { findings } = await audit({ source }, policy, asOf);
  const own = findings.filter((finding) => finding.rule === rule);
  return {
    asked: source.asked,
    findings: own.map(({ status, principal, credential }) => [status, principal.name, credential?.id].join(' ').trim()),
  };
}

function listed(...ids: string[]): ListedCredential[] {
  return ids.map((id) => ({ id, status: 'Active', createdAt: created }));
}

const created = new Date(awsTime(ago(60 * DAY)));

describe('access-key-at-user-creation', () => {
  const newcomer = userRow('newcomer', {
    user_creation_time: awsTime(created),
    ...passwordFields({ lastUsed: awsTime(ago(DAY)) }),
    ...keyFields(1, { created: awsTime(created) }),
  });
  /** Nothing else needs the key then. */
  const alone = policyWith({ rules: { 'access-key-never-used': { enabled: false } } });
  const keys = { newcomer: listed('AKIA1') };

  it('names the key, and confirms that it was never used', async () => {
    const { asked, findings } = await judge('access-key-at-user-creation', { rows: [newcomer], keys }, alone);
    expect(asked).toEqual(['access-key newcomer', 'lastUse AKIA1']);
    expect(findings).toEqual(['fail newcomer AKIA1']);
  });

  it('a key used since the report was made is no finding', async () => {
    const lastUses = { AKIA1: { kind: 'used', at: ago(0) } } as const;
    const { findings } = await judge('access-key-at-user-creation', { rows: [newcomer], keys, lastUses }, alone);
    expect(findings).toEqual([]);
  });

  it('a last use that cannot be read is an error', async () => {
    const memory = { rows: [newcomer], keys, lastUses: { AKIA1: denied } };
    expect((await judge('access-key-at-user-creation', memory, alone)).findings).toEqual(['error newcomer AKIA1']);
  });
});

describe('user-many-keys', () => {
  const use = { lastUsed: awsTime(ago(DAY)) };
  const two = {
    ...keyFields(1, { created: awsTime(created), ...use }),
    ...keyFields(2, { created: awsTime(created), active: false, ...use }),
  };
  const more = { ...two, additional_credentials_info: '1 access key' };

  it('two full slots alone are no reason to list anything', async () => {
    const { asked, findings } = await judge('user-many-keys', { rows: [userRow('two', two)] });
    expect({ asked, findings }).toEqual({ asked: [], findings: [] });
  });

  it('lists the keys of a user who has more, according to the report', async () => {
    const keys = { many: listed('AKIA1', 'AKIA2', 'AKIA3') };
    const { asked, findings } = await judge('user-many-keys', { rows: [userRow('many', more)], keys });
    expect(asked).toContain('access-key many');
    expect(findings).toEqual(['fail many']);
  });

  it('no longer, if IAM lists two', async () => {
    const keys = { many: listed('AKIA1', 'AKIA2') };
    expect((await judge('user-many-keys', { rows: [userRow('many', more)], keys })).findings).toEqual([]);
  });

  it('a denied list is an error', async () => {
    const { findings } = await judge('user-many-keys', { rows: [userRow('many', more)], keys: { many: denied } });
    expect(findings).toEqual(['error many']);
  });

  it('sees a third key that the report does not mention, once something else has the keys listed', async () => {
    const active = { ...two, ...keyFields(2, { created: awsTime(created), ...use }) };
    const keys = { many: listed('AKIA1', 'AKIA2', 'AKIA3') };
    expect((await judge('user-many-keys', { rows: [userRow('many', active)], keys })).findings).toEqual(['fail many']);
  });
});
