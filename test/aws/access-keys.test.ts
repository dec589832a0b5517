import { GetAccessKeyLastUsedCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { getAccessKeyLastUse, listAccessKeys } from '../../aws/access-keys.ts';
import { observeListed } from '../../core/observe.ts';
import { inTurn } from '../support/in-turn.ts';
import { networkError, serviceError } from '../support/sdk-errors.ts';

const mock = mockClient(IAMClient);
beforeEach(() => mock.reset());

const iam = new IAMClient({ region: 'us-east-1' });
const created = new Date('2025-03-01T08:00:00Z');
const used = new Date('2026-11-01T12:00:00Z');

function metadata(id: string, changes: object = {}) {
  return { UserName: 'alice', AccessKeyId: id, Status: 'Active', CreateDate: created, ...changes };
}

describe('listAccessKeys', () => {
  it('reads id, status and creation of every key', async () => {
    mock.on(ListAccessKeysCommand).resolves({
      AccessKeyMetadata: [
        metadata('AKIA1') as never,
        metadata('AKIA2', { Status: 'Inactive' }) as never,
        metadata('AKIA3', { Status: 'Expired' }) as never,
      ],
      IsTruncated: false,
    });
    await expect(listAccessKeys(iam, 'alice')).resolves.toEqual({
      ok: true,
      value: [
        observeListed({ kind: 'access-key', id: 'AKIA1' }, 'Active', created),
        observeListed({ kind: 'access-key', id: 'AKIA2' }, 'Inactive', created),
        observeListed({ kind: 'access-key', id: 'AKIA3' }, 'Expired', created),
      ],
    });
  });

  it('takes a user without keys as such', async () => {
    mock.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [] });
    await expect(listAccessKeys(iam, 'alice')).resolves.toEqual({ ok: true, value: [] });
  });

  it('follows short and empty pages to the end, passing the Marker on', async () => {
    mock.on(ListAccessKeysCommand).callsFake(
      inTurn([
        { AccessKeyMetadata: [metadata('AKIA1')], IsTruncated: true, Marker: 'a' },
        { AccessKeyMetadata: [], IsTruncated: true, Marker: 'b' },
        { AccessKeyMetadata: [metadata('AKIA2')], IsTruncated: false },
      ]),
    );
    const read = await listAccessKeys(iam, 'alice');
    expect(read.ok && read.value.map(({ ref }) => ref.id)).toEqual(['AKIA1', 'AKIA2']);
    expect(mock.commandCalls(ListAccessKeysCommand).map(({ args }) => args[0].input)).toEqual([
      { UserName: 'alice' },
      { UserName: 'alice', Marker: 'a' },
      { UserName: 'alice', Marker: 'b' },
    ]);
  });

  it('counts a key once that two pages show', async () => {
    mock.on(ListAccessKeysCommand).callsFake(
      inTurn([
        { AccessKeyMetadata: [metadata('AKIA1')], IsTruncated: true, Marker: 'a' },
        { AccessKeyMetadata: [metadata('AKIA1'), metadata('AKIA2')], IsTruncated: false },
      ]),
    );
    const read = await listAccessKeys(iam, 'alice');
    expect(read.ok && read.value.map(({ ref }) => ref.id)).toEqual(['AKIA1', 'AKIA2']);
  });

  it.each<[string, object, string]>([
    ['no list', {}, 'AccessKeyMetadata is missing'],
    ['no id', { AccessKeyMetadata: [metadata('AKIA1', { AccessKeyId: undefined })] }, 'AccessKeyId is missing'],
    ['no creation date', { AccessKeyMetadata: [metadata('AKIA1', { CreateDate: undefined })] }, 'CreateDate of AKIA1'],
    [
      'an invalid creation date',
      { AccessKeyMetadata: [metadata('AKIA1', { CreateDate: new Date(Number.NaN) })] },
      'not a date',
    ],
    ['no status', { AccessKeyMetadata: [metadata('AKIA1', { Status: undefined })] }, 'status of AKIA1 is missing'],
    [
      'an unknown status',
      { AccessKeyMetadata: [metadata('AKIA1', { Status: 'Paused' })] },
      'status of AKIA1 is Paused',
    ],
    ['the key of another user', { AccessKeyMetadata: [metadata('AKIA1', { UserName: 'bob' })] }, 'one of bob'],
    ['a truncated page without Marker', { AccessKeyMetadata: [], IsTruncated: true }, 'Marker of a truncated page'],
    ['the same Marker again', { AccessKeyMetadata: [], IsTruncated: true, Marker: 'a' }, 'Marker was repeated'],
  ])('does not guess at %s', async (_, answer, text) => {
    mock.on(ListAccessKeysCommand).resolves(answer);
    const read = await listAccessKeys(iam, 'alice');
    expect(read).toMatchObject({ ok: false, problem: { code: 'unexpected' } });
    expect(!read.ok && read.problem.message).toContain(text);
  });

  it.each([
    [serviceError('NoSuchEntityException', 404, 'The user with name alice cannot be found.'), 'not-found'],
    [serviceError('AccessDenied', 403), 'access-denied'],
    [serviceError('Throttling', 400, 'Rate exceeded'), 'throttled'],
    [serviceError('ServiceFailureException', 500), 'unavailable'],
    [networkError('ECONNRESET'), 'unavailable'],
    [networkError('ETIMEDOUT'), 'unavailable'],
    [serviceError('ExpiredToken', 403), 'unavailable'],
    [new TypeError("Cannot read properties of undefined (reading '#text')"), 'unexpected'],
  ])('reports %s as %s', async (error, code) => {
    mock.on(ListAccessKeysCommand).rejects(error);
    await expect(listAccessKeys(iam, 'alice')).resolves.toMatchObject({ ok: false, problem: { code } });
  });

  it('gives no half list when a later page fails', async () => {
    mock
      .on(ListAccessKeysCommand)
      .callsFake(
        inTurn([
          { AccessKeyMetadata: [metadata('AKIA1')], IsTruncated: true, Marker: 'a' },
          serviceError('AccessDenied', 403),
        ]),
      );
    await expect(listAccessKeys(iam, 'alice')).resolves.toMatchObject({ ok: false });
  });
});

describe('getAccessKeyLastUse', () => {
  it.each([
    [
      { LastUsedDate: used, ServiceName: 'ec2', Region: 'eu-central-1' },
      { kind: 'used', at: used, service: 'ec2', region: 'eu-central-1' },
    ],
    [
      { LastUsedDate: used, ServiceName: 's3', Region: 'N/A' },
      { kind: 'used', at: used, service: 's3' },
    ],
    [{ LastUsedDate: used }, { kind: 'used', at: used }],
    [{ ServiceName: 'N/A', Region: 'N/A' }, { kind: 'never' }],
  ])('reads %j', async (lastUsed, value) => {
    mock.on(GetAccessKeyLastUsedCommand).resolves({ UserName: 'alice', AccessKeyLastUsed: lastUsed as never });
    await expect(getAccessKeyLastUse(iam, 'alice', 'AKIA1')).resolves.toEqual({ ok: true, value });
  });

  it.each<[string, object | undefined, string | undefined, string]>([
    ['no last use at all', undefined, 'alice', 'AccessKeyLastUsed is missing'],
    ['an empty last use', {}, 'alice', 'no LastUsedDate, but the service (none)'],
    ['a service without a date', { ServiceName: 's3', Region: 'N/A' }, 'alice', 'no LastUsedDate, but the service s3'],
    ['an invalid date', { LastUsedDate: new Date(Number.NaN), ServiceName: 's3' }, 'alice', 'not a date'],
    ['a key of another user', { ServiceName: 'N/A', Region: 'N/A' }, 'malice', 'belongs to malice, not to alice'],
    ['no owner', { ServiceName: 'N/A', Region: 'N/A' }, undefined, 'UserName is missing'],
  ])('never takes %s for unused', async (_, lastUsed, owner, text) => {
    mock.on(GetAccessKeyLastUsedCommand).resolves({
      ...(owner !== undefined && { UserName: owner }),
      ...(lastUsed !== undefined && { AccessKeyLastUsed: lastUsed as never }),
    });
    const read = await getAccessKeyLastUse(iam, 'alice', 'AKIA1');
    expect(read).toMatchObject({ ok: false, problem: { code: 'unexpected' } });
    expect(!read.ok && read.problem.message).toContain(text);
  });

  it('takes a denial for what it may be: a missing permission or a deleted key', async () => {
    mock.on(GetAccessKeyLastUsedCommand).rejects(serviceError('AccessDenied', 403));
    await expect(getAccessKeyLastUse(iam, 'alice', 'AKIA1')).resolves.toEqual({
      ok: false,
      problem: {
        code: 'access-denied',
        message: 'AccessDenied: the caller lacks iam:GetAccessKeyLastUsed, or AKIA1 no longer exists',
      },
    });
  });

  it('reports throttling that did not end as such', async () => {
    mock.on(GetAccessKeyLastUsedCommand).rejects(serviceError('Throttling', 400, 'Rate exceeded'));
    await expect(getAccessKeyLastUse(iam, 'alice', 'AKIA1')).resolves.toMatchObject({
      ok: false,
      problem: { code: 'throttled' },
    });
  });
});
