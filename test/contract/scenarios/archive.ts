import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { createS3OpenFindingsStore } from '../../../aws/s3-open-findings-store.ts';
import { createS3ReportStore } from '../../../aws/s3-report-store.ts';
import { createS3SnapshotStore } from '../../../aws/s3-snapshot-store.ts';
import { compareFindings } from '../../../core/findings/compare.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { auditAccount } from '../../../engine/audit/audit.ts';
import { mixedAudit } from '../../support/audit-fixture.ts';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';

const bucket = 'keysweep-contract';

export const archiveScenarios: ScenarioGroup = {
  title: 'snapshots and reports in S3',
  scenarios: [
    {
      name: 'a snapshot is read back as it was written',
      run: async (world) => {
        await openBucket(world);
        const store = createS3SnapshotStore(world.session, bucket);
        // A report of any age: this is about what comes back.
        const snapshot = await auditAccount({ source: world.source }, defaultPolicy, world.now());
        expect(await store.read(await store.write(snapshot))).toEqual(snapshot);
      },
    },
    {
      name: 'a report is stored with its type, character for character',
      run: async (world) => {
        const s3 = await openBucket(world);
        const at = new Date('2026-11-20T02:30:00.000Z');
        const text = 'zoë & "co" <b>\u2028 \u{1f511}\n';
        const account = { id: world.account.id, partition: 'aws' };
        const report = { account, at, name: 'audit.txt', text, contentType: 'text/plain; charset=utf-8' };
        await createS3ReportStore(world.session, bucket).write(report);
        const Key = `reports/${account.id}/2026-11-20T023000.000Z-audit.txt`;
        const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        expect([await found.Body?.transformToString('utf-8'), found.ContentType]).toEqual([text, report.contentType]);
      },
    },
    {
      name: 'a record of open findings is replaced only by a writer that has read the last one',
      run: async (world) => {
        await openBucket(world);
        const store = createS3OpenFindingsStore(world.session, bucket);
        const first = compareFindings(undefined, mixedAudit, defaultPolicy);
        const second = { ...first, findings: [] };
        expect(await store.read(first.account)).toBeUndefined();
        const written = await store.write(first, undefined);
        expect(await store.write(second, undefined)).toBe('conflict');
        const kept = await store.read(first.account);
        expect(written).toEqual({ version: kept?.version });
        expect(kept?.open).toEqual({ known: true, value: first });
        expect(await store.write(second, kept?.version)).not.toBe('conflict');
        expect(await store.write(first, kept?.version)).toBe('conflict');
        expect((await store.read(first.account))?.open).toEqual({ known: true, value: second });
      },
    },
    {
      name: 'a record that was deleted is replaced by no one',
      run: async (world) => {
        await openBucket(world);
        const record = compareFindings(undefined, mixedAudit, defaultPolicy);
        const store = createS3OpenFindingsStore(world.session, bucket);
        expect(await store.write(record, '"0123456789abcdef0123456789abcdef"')).toBe('conflict');
      },
    },
    {
      name: 'a missing object is NoSuchKey, 404',
      run: async (world) => {
        const s3 = await openBucket(world);
        const missing = s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'snapshots/x.json' }));
        expect(await refusalOf(missing)).toMatchObject({ name: 'NoSuchKey', status: 404 });
      },
    },
    {
      name: 'a missing bucket is NoSuchBucket, 404',
      run: async ({ session }) => {
        const missing = session.client('s3', S3Client).send(new GetObjectCommand({ Bucket: 'not-there', Key: 'x' }));
        expect(await refusalOf(missing)).toMatchObject({ name: 'NoSuchBucket', status: 404 });
      },
    },
  ],
};

async function openBucket({ session }: World): Promise<S3Client> {
  const s3 = session.client('s3', S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return s3;
}
