import { describe, expect, it } from 'vitest';
import { createS3OpenFindingsStore } from '../../aws/s3-open-findings-store.ts';
import { compareFindings } from '../../core/findings/compare.ts';
import { encodeOpenFindings } from '../../core/findings/open-findings-codec.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { FaultEffect } from '../../sandbox/index.ts';
import { mixedAudit } from '../support/audit-fixture.ts';
import { connectSandbox } from '../support/aws-sandbox.ts';

const bucket = 'evidence';
const open = compareFindings(undefined, mixedAudit, defaultPolicy);

async function openStore() {
  const { sandbox, session } = await connectSandbox();
  sandbox.buckets.create(bucket);
  return { sandbox, store: createS3OpenFindingsStore(session, bucket) };
}

describe('createS3OpenFindingsStore', () => {
  it('keeps one object for each account, and reads it back as it was', async () => {
    const { sandbox, store } = await openStore();
    const written = await store.write(open, undefined);
    expect(sandbox.buckets.keys(bucket)).toEqual([`findings/${open.account}.json`]);
    const kept = await store.read(open.account);
    expect(kept?.open).toEqual({ known: true, value: open });
    expect(written).toEqual({ version: kept?.version });
  });

  it('writes only in the place of the version that was read', async () => {
    const { store } = await openStore();
    const written = await store.write(open, undefined);
    if (written === 'conflict') throw new Error('there was something already');
    expect(await store.write({ ...open, findings: [] }, undefined)).toBe('conflict');
    expect(await store.write({ ...open, findings: [] }, written.version)).not.toBe('conflict');
    expect(await store.write(open, written.version)).toBe('conflict');
  });

  it.each([
    ['S3 says that there is no such object', undefined],
    ['S3 says 403, because the caller may not list the bucket', { kind: 'error', code: 'AccessDenied', status: 403 }],
  ] as [string, FaultEffect | undefined][])('has nothing where %s', async (_, effect) => {
    const { sandbox, store } = await openStore();
    if (effect !== undefined) sandbox.faults.add({ action: 's3:GetObject', ...effect });
    await expect(store.read(open.account)).resolves.toBeUndefined();
  });

  it('names the missing permission', async () => {
    const { sandbox, store } = await openStore();
    sandbox.faults.add({ action: 's3:GetObject', kind: 'denied' });
    await expect(store.read(open.account)).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('s3:GetObject'),
    });
  });

  it.each([
    ['not a valid record of open findings', '{}'],
    ['no JSON', '<html>'],
    ['the record of another account', encodeOpenFindings({ ...open, account: '999988887777' })],
  ])('says of an object that it cannot be understood where it is %s, and which one it is', async (_, body) => {
    const { sandbox, store } = await openStore();
    const key = `findings/${open.account}.json`;
    sandbox.buckets.put(bucket, key, { body, contentType: 'application/json' });
    const kept = await store.read(open.account);
    expect(kept?.open).toEqual({ known: false, why: expect.stringContaining(`s3://${bucket}/${key}`) });
    expect(await store.write(open, kept?.version)).not.toBe('conflict');
  });
});
