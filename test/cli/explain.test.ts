import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { explainSchema } from '../../reports/explain/schema.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { asPublished } from '../support/published.ts';
import { busyKey, oldKey, staleKey, unusedKey } from '../support/sweep-world.ts';

const world = commandSandbox();

function explain(id: string, ...args: readonly string[]) {
  return world.keysweep(['explain', id, '--ledger', 'file:L', ...args], { env: { COLUMNS: '110' } });
}

async function explainJson(id: string) {
  const { code, stdout } = await explain(id, '--output', 'json');
  const printed = JSON.parse(stdout);
  expect(asPublished(explainSchema, printed)).toEqual(printed);
  return { code, printed };
}

function sweep() {
  return world.keysweep(['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L']);
}

describe('keysweep explain', () => {
  it('shows facts, findings, policy, stage, history and what comes next', async () => {
    await world.writePolicy(`${enforceYaml}overrides:
  - { match: { user: "al*" }, accessKeys: { maxIdle: 30d } }
`);
    await sweep();
    world.sandbox.clock.advance(DAY);
    const { code, stdout } = await explain(staleKey);
    expect(code).toBe(0);
    for (const part of [
      `${staleKey} of alice, AWS account 111122223333 (acme), as of 2026-11-03 04:30 UTC`,
      'owner       alice@example.com',
      'status      Active',
      'last used   2026-09-02 10:00 UTC (61 days ago), sts, us-east-1',
      'access-key-unused: unused for 61 days (limit 30)',
      'unused after 30d',
      'override    #1 applies (user=al*)',
      'stage       warned since 2026-11-02 04:30 UTC (24 hours ago)',
      'announced   deactivated on Mon 2026-11-16 04:30 UTC or later',
      '  2026-11-02 04:30 UTC  warned by keysweep: unused for 60 days (limit 30)',
      'decision    skipped (waiting for its date, until Mon 2026-11-16 04:30 UTC)',
      'NEXT STEPS IN MODE ENFORCE',
      '2026-11-16  deactivated',
      '2026-12-16  deleted',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  it('shows that AWS has quarantined the user, of a key in order as well', async () => {
    world.sandbox.account.attachPolicy('alice', 'AWSCompromisedKeyQuarantineV3');
    const { stdout } = await explain(busyKey);
    expect(stdout).toContain('critical    user-quarantined: quarantined with AWSCompromisedKeyQuarantineV3');
    expect((await explain(unusedKey)).stdout).not.toContain('user-quarantined');
  });

  it('does not call a key with findings compliant because the ledger does not have it yet', async () => {
    const { stdout } = await explain(unusedKey);
    expect(stdout).toContain('access-key-never-used: ');
    expect(stdout).toContain('stage       none yet: no entry in the ledger\n');
    expect(stdout).not.toContain('compliant');
  });

  it('says of a notice that is due now when the change would follow', async () => {
    await world.writePolicy(enforceYaml);
    const inOneLine = (await explain(staleKey)).stdout.replaceAll(/\s+/g, ' ');
    expect(inOneLine).toContain('first notice (deactivated on Mon 2026-11-16 04:30 UTC or later): unused for');
  });

  it('says of a notice that no one has got that it does not count, and what comes instead', async () => {
    await world.writePolicy(enforceYaml);
    await world.undeliveredSweep('file:L');
    world.sandbox.clock.advance(DAY);
    const inOneLine = (await explain(staleKey)).stdout.replaceAll(/\s+/g, ' ');
    expect(inOneLine).toContain('notice the last one was not delivered, so it does not count');
    expect(inOneLine).toContain('first notice (deactivated on Tue 2026-11-17 04:30 UTC or later)');
    expect(inOneLine).toContain('2026-11-17 deactivated');
    const { ledger } = (await explainJson(staleKey)).printed;
    expect(ledger).toMatchObject({ noticePending: true, dueAt: ledger.warning.deactivateAt });
  });

  it('says what the next sweep will find of a key that someone deleted', async () => {
    await world.writePolicy(enforceYaml);
    await sweep();
    world.sandbox.account.deleteAccessKey(unusedKey);
    world.sandbox.clock.advance(DAY);
    const { stdout } = await world.keysweep([
      'explain',
      unusedKey,
      '--ledger',
      'file:L',
      '--user',
      'bob',
      '--output',
      'json',
    ]);
    const printed = JSON.parse(stdout);
    expect(printed.decision).toMatchObject({ type: 'observe', change: 'deleted' });
    expect(printed.next.ifUsed).toMatchObject([{ type: 'observe' }]);
  });

  it('says of a key in use when its owner is notified again, not that it stays active until then', async () => {
    await world.writePolicy(enforceYaml);
    await sweep();
    const inOneLine = (await explain(oldKey)).stdout.replaceAll(/\s+/g, ' ');
    expect(inOneLine).toContain('skipped (in use, next reminder Mon 2026-11-16 04:30 UTC): in use, so it stays active');
  });

  it('distinguishes what comes if it is used and if it is not', async () => {
    await world.writePolicy(enforceYaml);
    const { printed } = await explainJson(oldKey);
    const types = (events: readonly { readonly type: string }[]) => new Set(events.map(({ type }) => type));
    expect(types(printed.next.ifUsed)).toEqual(new Set(['warn']));
    expect(types(printed.next.ifNotUsed)).toEqual(new Set(['warn', 'deactivate', 'delete']));
    expect((await explain(oldKey)).stdout).toContain('IF IT IS NO LONGER USED');
  });

  it('names every exemption that matches it, the expired one too', async () => {
    await world.writePolicy(`${enforceYaml}exemptions:
  - { match: { user: bob }, rules: "*", reason: old, owner: a@example.com, expires: 2026-10-01 }
  - { match: { accessKeyId: ${unusedKey} }, rules: [access-key-never-used], reason: new, owner: b@example.com, expires: 2027-01-01 }
  - { match: { user: carol }, rules: "*", reason: other, owner: c@example.com, expires: 2027-01-01 }
`);
    const { printed } = await explainJson(unusedKey);
    const exemptions = printed.policy.exemptions.map(({ number, applies }: { number: number; applies: string }) => [
      number,
      applies,
    ]);
    expect(exemptions).toEqual([
      [1, 'expired'],
      [2, 'yes'],
    ]);
    expect(printed.decision).toMatchObject({ type: 'skip', skipReason: 'exempt' });
  });

  it('shows the end of a deleted key, from the ledger', async () => {
    await world.writePolicy(enforceYaml);
    for (const days of [13, 1, 29, 1, 1]) {
      await sweep();
      world.sandbox.clock.advance(days * DAY);
    }
    await sweep();
    const { code, printed } = await explainJson(staleKey);
    expect(code).toBe(0);
    expect(printed).toMatchObject({
      observed: { kind: 'not-found' },
      stage: 'deleted',
      ledger: { deletion: { by: 'keysweep' } },
    });
    expect(printed.ledger).not.toHaveProperty('dueAt');
    expect(printed.history.map(({ type }: { type: string }) => type)).toEqual([
      'warned',
      'reminded',
      'deactivation-intended',
      'deactivated',
      'reminded',
      'deletion-intended',
      'deleted',
    ]);
  });

  it('does not take a ledger that was not asked for one that knows nothing', async () => {
    await world.writePolicy(enforceYaml);
    await sweep();
    const blind = (...args: readonly string[]) => world.keysweep(['explain', staleKey, ...args]);
    const { stdout } = await blind();
    expect(stdout).toContain('stage       unknown: no --ledger given\n');
    expect(stdout).not.toContain('compliant');
    const printed = JSON.parse((await blind('--output', 'json')).stdout);
    expect(asPublished(explainSchema, printed)).toEqual(printed);
    expect(printed).toMatchObject({ stage: 'compliant', stageKnown: false });
    expect((await explainJson(staleKey)).printed).toMatchObject({ stage: 'warned', stageKnown: true });
    expect((await explain(busyKey)).stdout).toContain(
      'stage       compliant: its findings lead to no change; no entry in the ledger\n',
    );
  });

  it.each(['explain', 'restore'])('%s refuses an id in lower case, and says how it is written', async (command) => {
    const recorded = command === 'restore' ? ['--why', 'w', '--no-notify', '--yes'] : [];
    const args = [command, staleKey.toLowerCase(), '--ledger', 'file:L', ...recorded];
    const { code, stdout, stderr } = await world.keysweep(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[AccessKeyIdInvalid]: an access key id has no lowercase letters');
    expect(stderr).toContain(`Did you mean ${staleKey}?`);
    expect(world.sandbox.requestCounts()).toEqual({});
  });

  it('says of a key that AWS denies that it may not exist, before what AWS says', async () => {
    const { stderr } = await explain('AKIANOBODYAAAAAAAAAA');
    expect(stderr).toMatch(
      /there is no key AKIANOBODYAAAAAAAAAA in this account, or AWS does not say which user has it: AccessDenied/,
    );
  });

  it.each([
    ['AKIAY34FZKBOKMUTVV7A', 'AccessKeyOfOtherAccount', 'is a key of account 609629065308'],
    ['ASIAY34FZKBOKMUTVV7A', 'AccessKeyIdInvalid', 'temporary credentials'],
    // 16, 17 and 20 capitals are names; so is what begins like an id but has another length.
    ['ASIAPACIFICTEAM1', 'AccessKeyNotFound', 'there is no user ASIAPACIFICTEAM1'],
    ['ASIAPACIFICDEPLOY', 'AccessKeyNotFound', 'there is no user ASIAPACIFICDEPLOY'],
    ['ASIAPACIFICDEPLOYERS', 'AccessKeyNotFound', 'there is no user ASIAPACIFICDEPLOYERS'],
    ['TERRAFORMDEPLOYER', 'AccessKeyNotFound', 'there is no user TERRAFORMDEPLOYER'],
    ['AKIAY34FZKBOKMUTVV7AA', 'AccessKeyNotFound', 'there is no user AKIAY34FZKBOKMUTVV7AA'],
    [`${'al ice '.repeat(4)}.`, 'AccessKeyIdInvalid', 'nor a user name: "al ice '],
    [`${'al ice '.repeat(4)}..`, 'AccessKeyIdInvalid', 'nor a user name: 30 characters, which are not shown'],
    ['al ice', 'AccessKeyIdInvalid', 'not an access key id, nor a user name: "al ice"'],
    ['arn:aws:iam::111122223333:user/eng/bob', 'AccessKeyIdInvalid', 'Did you mean bob?'],
    ['alice', 'AccessKeyAmbiguous', 'user alice has 2 access keys; give the id of one'],
    ['alice', 'AccessKeyAmbiguous', `\n  ${busyKey}  Active, created 2026-09-01\n  ${staleKey}  Active, created 2026-`],
    ['dave', 'AccessKeyNotFound', 'user dave in AWS account 111122223333 (acme) has no access key'],
    [
      'erin',
      'AccessKeyNotFound',
      'there is no user erin in AWS account 111122223333 (acme), and the ledger knows none',
    ],
    ['AKIANOBODYAAAAAAAAAA', 'AccessKeyNotFound', 'there is no key AKIANOBODYAAAAAAAAAA in this account'],
  ])('refuses %s: %s', async (id, code, message) => {
    const result = await explain(id);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: '' });
    expect(result.stderr).toContain(`error[${code}]`);
    expect(result.stderr).toContain(message);
  });

  it('says of a last use that is in the future that it is not known', async () => {
    await world.writePolicy(enforceYaml);
    const { stdout } = await explain(busyKey, '--as-of', '2026-10-20T04:30:00Z');
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('last used unknown: its last use (2026-11-01T10:00:00.000Z) is in the future');
    expect(text).toContain('skipped (could not be judged)');
  });

  it('asks nothing of other users', async () => {
    await explain(staleKey);
    expect(world.sandbox.requestCounts()).toMatchObject({ 'iam:ListAccessKeys': 1 });
  });

  it('is incomplete where IAM does not show the status of the key: unknown is not deleted', async () => {
    world.sandbox.faults.add({ action: 'iam:ListAccessKeys', kind: 'denied' });
    await world.writePolicy(enforceYaml);
    const { code, printed } = await explainJson(staleKey);
    expect(code).toBe(2);
    expect(printed.observed).toMatchObject({ kind: 'unknown', why: expect.stringContaining('iam:ListAccessKeys') });
    expect(printed.decision).toMatchObject({ type: 'skip', skipReason: 'unknown' });
    expect(printed.next).toMatchObject({ ifUsed: [], ifNotUsed: [] });
    expect((await explain(staleKey)).stdout).not.toContain('nothing within a year');
  });

  it.each<[string, action: string, id: string, said: string]>([
    ['its last use', 'iam:GetAccessKeyLastUsed', staleKey, 'its last use: AccessDenied: the caller lacks'],
    ['the tags of its user', 'iam:ListUserTags', staleKey, 'the tags of its user: AccessDenied: the caller lacks'],
    ['what nothing hangs on today', 'iam:GetAccessKeyLastUsed', oldKey, 'its last use: AccessDenied'],
    [
      'whether the user is quarantined',
      'iam:ListEntitiesForPolicy',
      staleKey,
      'whether AWS has quarantined its user: AccessDenied: the caller lacks iam:ListEntitiesForPolicy',
    ],
    ['its user', 'iam:ListAccessKeys', staleKey, 'AccessDenied: the caller lacks iam:ListAccessKeys'],
  ])('is incomplete where IAM does not show %s', async (_, action, id, said) => {
    await world.writePolicy(enforceYaml);
    await sweep();
    world.sandbox.faults.add({ action, kind: 'denied' });
    const { code, stdout, stderr } = await explain(id);
    expect(code).toBe(2);
    expect(stderr).toContain('keysweep: incomplete: some details are unknown (exit code 2)\n');
    expect(stderr).toContain(said);
    expect((await explainJson(id)).printed.unknown).toContainEqual(expect.stringContaining(said));
    if (action === 'iam:ListUserTags') expect(stdout).toContain('owner       unknown: AccessDenied');
  });

  it('says of a change that AWS denies since when, and of what comes next that it hangs on that', async () => {
    await world.writePolicy(enforceYaml);
    for (let night = 0; night < 14; night++) {
      await sweep();
      world.sandbox.clock.advance(DAY);
    }
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', user: 'alice', kind: 'denied' });
    const { stdout: swept } = await sweep();
    expect(swept).toMatch(/^DEACTIVATED \(1\)\n {2}bob/m);
    expect(swept).toMatch(/^TO BE DEACTIVATED, NOT DONE \(1\)\n {2}alice/m);
    world.sandbox.clock.advance(DAY);
    const text = (await explain(staleKey)).stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('denied deactivation, denied by AWS since 2026-11-16: AccessDenied');
    expect(text).toContain('IN MODE ENFORCE, IF AWS ALLOWS IT 2026-11-22 final notice 2026-11-23 deactivated');
    expect((await explainJson(staleKey)).printed.ledger.blocked).toMatchObject({ action: 'deactivate' });
    const forecast = async (ledger: string) => (await world.keysweep(['forecast', '--ledger', ledger])).stdout;
    expect((await forecast('file:L')).replaceAll(/\s+/g, ' ')).toContain(
      'From now on, AWS allows the changes that it has denied so far (for 1 key)',
    );
    expect(await forecast('file:other')).not.toContain('AWS allows');
  });

  it('follows a key whose user has another name now than the ledger knows', async () => {
    await world.writePolicy(enforceYaml);
    await sweep();
    world.sandbox.account.updateUser('bob', { name: 'robert' });
    world.sandbox.clock.advance(DAY);
    const { code, printed } = await explainJson(unusedKey);
    expect(printed).toMatchObject({ principal: { name: 'robert' }, observed: { kind: 'seen', status: 'Active' } });
    expect(code).toBe(0);
  });

  it.each(['server-error', 'denied'] as const)(
    'does not call a key deleted where AWS does not say whose it is: %s',
    async (kind) => {
      await world.writePolicy(enforceYaml);
      await sweep();
      world.sandbox.account.updateUser('bob', { name: 'robert' });
      world.sandbox.clock.advance(DAY);
      world.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind });
      const { code, printed } = await explainJson(unusedKey);
      expect(printed.observed.kind).toBe('unknown');
      expect(code).toBe(2);
    },
    60_000,
  );
});

describe('the undo of keysweep explain', () => {
  const ledger = () => `--ledger file:${world.directory}/L`;

  it('is for a key that is inactive: with keysweep, and with the AWS CLI alone', async () => {
    const byHand = `aws iam update-access-key --user-name alice --access-key-id ${staleKey} --status Active`;
    expect((await explain(staleKey)).stdout).not.toContain('UNDO');
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
    const { stdout } = await world.keysweep(['explain', staleKey, '--ledger', 'file:L', '--no-color'], {
      columns: 400,
    });
    expect(stdout.replaceAll(/ \\\n +/g, ' ')).toContain(
      `UNDO\n  keysweep restore ${staleKey} --why WHY ${ledger()} --topic-arn TOPIC_ARN\n`,
    );
    expect(stdout).toContain(`  ${byHand}\n`);
    const { printed } = await explainJson(staleKey);
    expect(printed).toMatchObject({ undo: expect.stringContaining('keysweep restore'), undoWithAwsCli: byHand });
  });
});

describe('keysweep explain USER', () => {
  it('shows the only key of the user', async () => {
    await world.writePolicy(enforceYaml);
    const { code, stdout } = await explain('bob');
    expect(code).toBe(0);
    expect(stdout).toContain(`${unusedKey} of bob, AWS account`);
    expect(stdout).toBe((await explain(unusedKey)).stdout);
  });

  it('shows the key that the ledger remembers, after the user was deleted', async () => {
    await world.writePolicy(enforceYaml);
    await sweep();
    world.sandbox.account.deleteUser('bob');
    world.sandbox.clock.advance(DAY);
    const { stdout } = await explain('BOB');
    expect(stdout).toContain(`${unusedKey} of bob, AWS account`);
  });

  it('does not take keys that could not be listed for none', async () => {
    world.sandbox.faults.add({ action: 'iam:ListAccessKeys', kind: 'denied' });
    const { code, stderr } = await explain('bob');
    expect(code).toBe(2);
    expect(stderr).toContain('error[KeysUnreadable]: cannot list the access keys of user bob: AccessDenied');
    expect(stderr).toContain('Give the id of the key instead of the user name.');
  });

  it('names the user once', async () => {
    const { code, stderr } = await explain('bob', '--user', 'bob');
    expect(code).toBe(2);
    expect(stderr).toContain("option '--user <name>' is for a key id: a user is named already");
  });
});
