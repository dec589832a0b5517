import { describe, expect, it } from 'vitest';
import { observeListed } from '../../core/observe.ts';
import { aliceInactiveKey, aliceKey, bobKey, connectSandbox } from '../support/aws-sandbox.ts';

describe('over the wire: what is read', () => {
  it('is the account with its alias', async () => {
    const { source } = await connectSandbox();
    await expect(source.account()).resolves.toEqual({ id: '111122223333', partition: 'aws', alias: 'acme-test' });
  });

  it('is the report as AWS made it, with its time', async () => {
    const { source, sandbox } = await connectSandbox();
    const { content, generatedAt } = await source.credentialReport();
    const lines = new TextDecoder().decode(content).split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['user', '<root_account>', 'alice', 'bob', 'carol']);
    expect(generatedAt).toEqual(sandbox.clock.now());
  });

  it('is two requests for a report that AWS still holds', async () => {
    const { source, sandbox } = await connectSandbox();
    await source.credentialReport();
    sandbox.clearRequests();
    await source.credentialReport();
    expect(sandbox.requests.map(({ action }) => action)).toEqual([
      'iam:GenerateCredentialReport',
      'iam:GetCredentialReport',
    ]);
  });

  it('is every key of a user, page by page', async () => {
    const { source, sandbox } = await connectSandbox({ sandbox: { paging: { maxPageSize: 1 } } });
    await expect(source.credentials('access-key', 'alice')).resolves.toEqual({
      ok: true,
      value: [
        observeListed({ kind: 'access-key', id: aliceKey }, 'Active', new Date('2025-01-02T00:00:00Z')),
        observeListed({ kind: 'access-key', id: aliceInactiveKey }, 'Inactive', new Date('2025-06-01T00:00:00Z')),
      ],
    });
    expect(sandbox.requestCounts()).toEqual({ 'iam:ListAccessKeys': 2 });
  });

  it('is an empty list for a user without keys', async () => {
    const { source } = await connectSandbox();
    await expect(source.credentials('access-key', 'carol')).resolves.toEqual({ ok: true, value: [] });
  });

  it('is the last use of a key', async () => {
    const { source } = await connectSandbox();
    await expect(source.lastUse('alice', { kind: 'access-key', id: aliceKey })).resolves.toEqual({
      ok: true,
      value: { kind: 'used', at: new Date('2026-11-01T10:20:30Z'), service: 's3' },
    });
    await expect(source.lastUse('bob', { kind: 'access-key', id: bobKey })).resolves.toEqual({
      ok: true,
      value: { kind: 'never' },
    });
  });

  it.each([
    [1, { 'iam:GetAccountAuthorizationDetails': 3 }, 'all users in one read, page by page'],
    [1_000, { 'iam:GetAccountAuthorizationDetails': 1 }, 'all users in one page'],
  ])('is the tags of users (%i a page)', async (maxPageSize, requests) => {
    const { source, sandbox } = await connectSandbox({ sandbox: { paging: { maxPageSize } } });
    const tags = await source.userTags(['alice', 'bob', 'carol'], 3);
    expect(Object.fromEntries(tags)).toEqual({
      alice: { ok: true, value: { owner: 'alice@example.com', team: 'data' } },
      bob: { ok: true, value: {} },
      carol: { ok: true, value: { kind: 'machine' } },
    });
    expect(sandbox.requestCounts()).toEqual(requests);
  });

  it('is the tags of one user by one request', async () => {
    const { source, sandbox } = await connectSandbox();
    expect((await source.userTags(['alice'], 3)).get('alice')).toMatchObject({ ok: true, value: { team: 'data' } });
    expect(sandbox.requestCounts()).toEqual({ 'iam:ListUserTags': 1 });
  });
});

describe('over the wire: attached policies', () => {
  const policy = (name: string) => `arn:aws:iam::aws:policy/${name}`;
  const seed = {
    id: '111122223333',
    now: '2026-11-20T00:00:00Z',
    groups: [{ name: 'platform', attachedPolicies: ['AdministratorAccess'] }],
    users: [
      { name: 'alice', attachedPolicies: ['ReadOnlyAccess'], groups: ['platform', 'nobodies'] },
      { name: 'bob' },
      { name: 'carol', attachedPolicies: ['AWSCompromisedKeyQuarantineV3'] },
    ],
  };

  it.each([
    [1_000, 1],
    [1, 5],
  ])('of the named users and of their groups (%i a page: %i requests)', async (maxPageSize, count) => {
    const { source, sandbox } = await connectSandbox({ sandbox: { seed, paging: { maxPageSize } } });
    const read = await source.attachedPolicies(['alice', 'bob', 'ghost']);
    expect(read.ok && Object.fromEntries(read.value)).toEqual({
      alice: { direct: [policy('ReadOnlyAccess')], viaGroups: [policy('AdministratorAccess')] },
      bob: { direct: [], viaGroups: [] },
    });
    expect(sandbox.requestCounts()).toEqual({ 'iam:GetAccountAuthorizationDetails': count });
  });
});

describe('over the wire: what is not there', () => {
  it('is reported as not found, with the text of AWS', async () => {
    const { source } = await connectSandbox();
    for (const read of [
      await source.credentials('access-key', 'ghost'),
      (await source.userTags(['ghost'], 3)).get('ghost'),
    ]) {
      expect(read).toMatchObject({ ok: false, problem: { code: 'not-found' } });
      expect(read?.ok === false && read.problem.message).toContain('ghost');
    }
  });

  it('is reported as not found in a bulk read', async () => {
    const { source } = await connectSandbox();
    const tags = await source.userTags(['alice', 'ghost'], 3);
    expect(tags.get('alice')).toMatchObject({ ok: true });
    expect(tags.get('ghost')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });

  it('is never an unused key: AWS denies the question, and a key of someone else is a problem', async () => {
    const { source } = await connectSandbox();
    await expect(source.lastUse('alice', { kind: 'access-key', id: 'AKIAGONEAAAAAAAAAAAA' })).resolves.toMatchObject({
      ok: false,
      problem: { code: 'access-denied' },
    });
    await expect(source.lastUse('alice', { kind: 'access-key', id: bobKey })).resolves.toMatchObject({
      ok: false,
      problem: { code: 'unexpected' },
    });
  });
});

describe('over the wire: counting', () => {
  it('counts what the sandbox received, retries included', async () => {
    const { source, sandbox } = await connectSandbox();
    sandbox.faults.add({ action: 'iam:ListAccessKeys', kind: 'server-error', count: 2 });
    sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'reset', count: 1 });
    await source.account();
    await source.credentialReport();
    await source.credentials('access-key', 'alice');
    await source.lastUse('alice', { kind: 'access-key', id: aliceKey });
    expect(source.requests()).toEqual(sandbox.requestCounts());
    expect(source.requests()).toMatchObject({ 'iam:ListAccessKeys': 3, 'iam:GetAccessKeyLastUsed': 2 });
  });
});
