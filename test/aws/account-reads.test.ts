/** Reads of the account as a whole: who exists, and what is true of the root user. */
import { GetAccountSummaryCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readRootFacts } from '../../aws/root-facts.ts';
import { listUsers } from '../../aws/users.ts';
import { connectSandbox, smallAccount } from '../support/aws-sandbox.ts';
import { inTurn } from '../support/in-turn.ts';
import { serviceError } from '../support/sdk-errors.ts';

const mock = mockClient(IAMClient);
const iam = new IAMClient({ region: 'us-east-1' });

describe('all users', () => {
  beforeEach(() => mock.reset());
  const created = new Date('2026-01-02T03:04:05Z');
  const stored = (name = '') => ({ Path: '/', UserId: 'AIDA', Arn: arnOf(name), CreateDate: created });
  const arnOf = (name: string) => `arn:aws:iam::123456789012:user/${name}`;
  const listed = (name: string) => ({ principal: { kind: 'user', name, arn: arnOf(name) }, createdAt: created });
  const page = (names: readonly (string | undefined)[], Marker?: string) => ({
    Users: names.map((UserName) => ({ ...stored(UserName), UserName })),
    IsTruncated: Marker !== undefined,
    Marker,
  });

  it('are read from every page, also from short and empty ones', async () => {
    mock.on(ListUsersCommand).callsFake(inTurn([page(['a'], 'm1'), page([], 'm2'), page(['b', 'c'])]));
    expect(await listUsers(iam)).toEqual({ ok: true, value: ['a', 'b', 'c'].map(listed) });
    expect(mock.commandCalls(ListUsersCommand).map(({ args }) => args[0].input)).toEqual([
      { MaxItems: 1_000 },
      { MaxItems: 1_000, Marker: 'm1' },
      { MaxItems: 1_000, Marker: 'm2' },
    ]);
  });

  it.each<[string, object]>([
    ['a truncated page without a Marker', { ...page(['a']), IsTruncated: true }],
    ['an answer without a list', { IsTruncated: false }],
    ['a user without a name', page(['a', undefined])],
    ['a user without an ARN', { Users: [{ ...stored('a'), UserName: 'a', Arn: undefined }] }],
    ['a user without a creation date', { Users: [{ ...stored('a'), UserName: 'a', CreateDate: undefined }] }],
    ['a last use that is no date', { Users: [{ ...stored('a'), UserName: 'a', PasswordLastUsed: new Date('?') }] }],
  ])('are unknown after %s: part of the list would show users as deleted', async (_, answer) => {
    mock.on(ListUsersCommand).resolves(answer);
    expect(await listUsers(iam)).toMatchObject({ ok: false, problem: { code: 'unexpected' } });
  });

  it('come with the last use of their password, if there is one', async () => {
    const PasswordLastUsed = new Date('2026-11-01T02:03:04Z');
    mock.on(ListUsersCommand).resolves({ Users: [{ ...stored('a'), UserName: 'a', PasswordLastUsed }] });
    const value = [{ ...listed('a'), passwordLastUsedAt: PasswordLastUsed }];
    expect(await listUsers(iam)).toEqual({ ok: true, value });
  });

  it('are unknown if the second page is denied', async () => {
    mock.on(ListUsersCommand).callsFakeOnce(async () => page(['a'], 'm1'));
    mock.on(ListUsersCommand, { Marker: 'm1', MaxItems: 1_000 }).rejects(serviceError('AccessDenied', 403));
    mock.on(ListUsersCommand, { MaxItems: 1_000 }, true).resolves(page(['a'], 'm1') as never);
    expect(await listUsers(iam)).toMatchObject({ ok: false, problem: { code: 'access-denied' } });
  });
});

describe('what is true of the root user', () => {
  beforeEach(() => mock.reset());

  it.each<[string, object | undefined, object]>([
    [
      'everything',
      {
        AccountMFAEnabled: 1,
        AccountAccessKeysPresent: 0,
        AccountPasswordPresent: 1,
        AccountSigningCertificatesPresent: 2,
      },
      { ok: true, value: { hasMfa: true, hasAccessKey: false, hasPassword: true, hasSigningCertificate: true } },
    ],
    ['what is not said is unknown', { Users: 3, AccountMFAEnabled: 0 }, { ok: true, value: { hasMfa: false } }],
    ['no answer', undefined, { ok: false, problem: { code: 'unexpected' } }],
    ['an impossible count', { AccountMFAEnabled: -1 }, { ok: false, problem: { code: 'unexpected' } }],
  ])('%s', async (_, SummaryMap, expected) => {
    mock.on(GetAccountSummaryCommand).resolves({ SummaryMap } as never);
    const read = await readRootFacts(iam);
    expect(read).toMatchObject(expected);
    if (read.ok) expect(read).toEqual(expected);
  });
});

it('in the sandbox', async () => {
  mock.restore();
  const { source, sandbox } = await connectSandbox({
    sandbox: { seed: { ...smallAccount, root: { mfa: true, passwordEnabled: false } } },
  });
  expect(await source.rootFacts()).toEqual({
    ok: true,
    value: { hasMfa: true, hasAccessKey: false, hasPassword: false, hasSigningCertificate: false },
  });
  const users = await source.users();
  expect(users.ok && users.value.map(({ principal }) => principal.name)).toEqual(['alice', 'bob', 'carol']);
  expect(sandbox.requestCounts()).toEqual({ 'iam:GetAccountSummary': 1, 'iam:ListUsers': 1 });
});
