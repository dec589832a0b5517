import { GenerateCredentialReportCommand, GetCredentialReportCommand, type IAMClient } from '@aws-sdk/client-iam';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { AccountSeed, SandboxOptions } from '../../sandbox/index.ts';
import { aliceKey, openSandbox, smallAccount } from '../support/sandbox-clients.ts';

const hour = 3_600_000;

async function generate(iam: IAMClient): Promise<string | undefined> {
  return (await iam.send(new GenerateCredentialReportCommand({}))).State;
}

async function get(iam: IAMClient): Promise<{ csv: string; generatedAt: string | undefined }> {
  const answer = await iam.send(new GetCredentialReportCommand({}));
  return { csv: Buffer.from(answer.Content ?? []).toString(), generatedAt: answer.GeneratedTime?.toISOString() };
}

/** The report of an account, ready at the first request for it. */
async function reportOf(seed: Partial<AccountSeed>, options: SandboxOptions = {}): Promise<string> {
  const { iam } = await openSandbox({
    seed: { ...smallAccount, ...seed },
    report: { generation: { polls: 0 } },
    ...options,
  });
  await generate(iam);
  return (await get(iam)).csv;
}

async function rowOf(
  seed: Partial<AccountSeed>,
  user: string,
  options?: SandboxOptions,
): Promise<Record<string, string>> {
  const rows = parse(await reportOf(seed, options), { columns: true }) as Record<string, string>[];
  const row = rows.find((candidate) => candidate.user === user);
  if (row === undefined) {
    throw new Error(`no row of ${user}`);
  }
  return row;
}

describe('generating the report', () => {
  it('answers STARTED, INPROGRESS, COMPLETE', async () => {
    const { iam } = await openSandbox();
    expect([await generate(iam), await generate(iam), await generate(iam)]).toEqual([
      'STARTED',
      'INPROGRESS',
      'COMPLETE',
    ]);
  });

  it('counts polls by either action', async () => {
    const { iam } = await openSandbox({ report: { generation: { polls: 2 } } });
    await generate(iam);
    expect(await generate(iam)).toBe('INPROGRESS');
    await expect(get(iam)).rejects.toMatchObject({ name: 'CredentialReportNotReadyException' });
    expect((await get(iam)).csv).toContain('alice');
  });

  it('takes as long on the sandbox clock as it is set to', async () => {
    const { iam, sandbox } = await openSandbox({ report: { generation: { durationMs: 2000 } } });
    await generate(iam);
    sandbox.clock.advance(1999);
    expect(await generate(iam)).toBe('INPROGRESS');
    sandbox.clock.advance(1);
    expect(await generate(iam)).toBe('COMPLETE');
  });

  it('describes the moment when it started, and says when that was', async () => {
    const { iam, sandbox } = await openSandbox({ report: { generation: { durationMs: 2000 } } });
    await generate(iam);
    sandbox.account.createUser('late');
    sandbox.clock.advance(2000);
    const { csv, generatedAt } = await get(iam);
    expect(csv).not.toContain('late');
    expect(generatedAt).toBe('2026-11-20T02:30:00.000Z');
  });

  it('gives the old bytes for four hours, also for users that were deleted', async () => {
    const { iam, sandbox } = await openSandbox();
    await generate(iam);
    await generate(iam);
    const first = await get(iam);
    sandbox.account.deleteUser('alice');
    sandbox.clock.advance(4 * hour - 1);
    expect(await generate(iam)).toBe('COMPLETE');
    expect(await get(iam)).toEqual(first);
  });

  it('starts again after four hours', async () => {
    const { iam, sandbox } = await openSandbox({ report: { generation: { polls: 0 } } });
    await generate(iam);
    await get(iam);
    sandbox.account.deleteUser('alice');
    sandbox.clock.advance(4 * hour);
    expect(await generate(iam)).toBe('STARTED');
    const { csv, generatedAt } = await get(iam);
    expect(csv).not.toContain('alice');
    expect(generatedAt).toBe('2026-11-20T06:30:00.000Z');
  });
});

describe('getting the report: each error has the status and text of AWS', () => {
  it('ReportNotPresent when none was ever generated', async () => {
    const { iam } = await openSandbox();
    await expect(get(iam)).rejects.toMatchObject({
      name: 'CredentialReportNotPresentException',
      $metadata: { httpStatusCode: 410 },
    });
  });

  it('ReportInProgress with the text Unknown', async () => {
    const { iam } = await openSandbox();
    await generate(iam);
    await expect(get(iam)).rejects.toMatchObject({
      name: 'CredentialReportNotReadyException',
      message: 'Unknown',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('ReportExpired after four hours', async () => {
    const { iam, sandbox } = await openSandbox({ report: { generation: { polls: 0 } } });
    await generate(iam);
    await get(iam);
    sandbox.clock.advance(4 * hour);
    await expect(get(iam)).rejects.toMatchObject({
      name: 'CredentialReportExpiredException',
      $metadata: { httpStatusCode: 410 },
    });
  });

  it('returns an expired report when set to', async () => {
    const { iam, sandbox } = await openSandbox({ report: { generation: { polls: 0 }, whenExpired: 'serve' } });
    await generate(iam);
    const first = await get(iam);
    sandbox.clock.advance(30 * hour);
    expect(await get(iam)).toEqual(first);
  });

  it.each([
    ['LimitExceeded', 'LimitExceededException', 409],
    ['ServiceFailure', 'ServiceFailureException', 500],
    ['Throttling', 'Throttling', 400],
  ])('%s by a fault', async (code, name, status) => {
    const { iam, sandbox } = await openSandbox();
    sandbox.faults.add({ action: 'iam:GenerateCredentialReport', kind: 'error', code });
    await expect(generate(iam)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });
});

describe('the CSV', () => {
  it('is written as live AWS writes it', async () => {
    const csv = await reportOf({});
    expect(csv.split('\n')).toEqual([
      'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
        'access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,' +
        'access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,' +
        'cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated',
      '<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00Z,true,no_information,2020-01-01T00:00:00Z,not_supported,true,' +
        'false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A',
      'alice,arn:aws:iam::111122223333:user/alice,2025-01-01T00:00:00Z,false,N/A,N/A,N/A,false,' +
        'true,2026-10-01T10:00:00Z,2026-11-19T08:00:00Z,N/A,s3,false,2025-02-01T10:00:00Z,N/A,N/A,N/A,false,N/A,false,N/A',
      'bob,arn:aws:iam::111122223333:user/bob,2026-01-01T00:00:00Z,true,2026-11-18T07:00:00Z,2026-01-01T00:00:00Z,N/A,true,' +
        'false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A',
    ]);
  });

  it('sorts users without regard to case, and quotes commas', async () => {
    const users = ['Zoe', 'adam', 'Bea', 'a,b+c=d@e', 'yan'].map((name) => ({ name }));
    const rows = parse(await reportOf({ users }), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => row.user)).toEqual(['<root_account>', 'a,b+c=d@e', 'adam', 'Bea', 'yan', 'Zoe']);
    expect(rows[1]?.arn).toBe('arn:aws:iam::111122223333:user/a,b+c=d@e');
  });

  it('keeps the slots of the seed, and gives a new key the free one', async () => {
    const { iam, sandbox } = await openSandbox({ report: { generation: { polls: 0 } } });
    sandbox.account.deleteAccessKey(aliceKey);
    sandbox.account.createAccessKey('alice');
    await generate(iam);
    const [, , alice] = (await get(iam)).csv.split('\n');
    expect(alice).toContain('true,2026-11-20T02:30:00Z,N/A,N/A,N/A,false,2025-02-01T10:00:00Z');
  });

  it.each([
    [
      { passwordEnabled: 'not_supported' },
      { password_enabled: 'not_supported', password_last_changed: 'not_supported' },
    ],
    [
      { passwordEnabled: false },
      { password_enabled: 'false', password_last_used: 'N/A', password_last_changed: 'N/A' },
    ],
    [
      { passwordLastUsed: '2026-11-01T00:00:00Z' },
      { password_enabled: 'true', password_last_used: '2026-11-01T00:00:00Z' },
    ],
    [
      { accessKeys: [{ createdAt: '2026-01-02T03:04:05Z' }] },
      { access_key_1_active: 'true', access_key_1_last_rotated: '2026-01-02T03:04:05Z' },
    ],
  ] as const)('shows the root user %j', async (root, expected) => {
    expect(await rowOf({ root }, '<root_account>')).toMatchObject(expected);
  });

  it('shows passwords never used, their next rotation, and certificates', async () => {
    const user = {
      name: 'carl',
      createdAt: '2026-01-01T00:00:00Z',
      password: {},
      certificates: [
        { createdAt: '2026-01-02T00:00:00Z' },
        { createdAt: '2026-01-03T00:00:00Z', status: 'Inactive' as const },
      ],
    };
    expect(await rowOf({ users: [user], passwordMaxAgeDays: 90 }, 'carl')).toMatchObject({
      password_last_used: 'no_information',
      password_last_changed: '2026-01-01T00:00:00Z',
      password_next_rotation: '2026-04-01T00:00:00Z',
      cert_1_active: 'true',
      cert_1_last_rotated: '2026-01-02T00:00:00Z',
      cert_2_active: 'false',
      cert_2_last_rotated: '2026-01-03T00:00:00Z',
    });
  });

  it('has the 23rd column when set to', async () => {
    const users = [{ name: 'many', additionalCredentialsInfo: 'access_keys: 3' }];
    const report = { generation: { polls: 0 }, additionalCredentialsInfo: true };
    expect(await rowOf({ users }, 'many', { report })).toHaveProperty('additional_credentials_info', 'access_keys: 3');
  });
});
