import { describe, expect, it } from 'vitest';
import { createS3ReportStore } from '../../aws/s3-report-store.ts';
import { connectSandbox } from '../support/aws-sandbox.ts';

const report = {
  account: { id: '111122223333', partition: 'aws' },
  at: new Date('2026-11-22T04:30:00.000Z'),
  name: 'audit.txt',
  text: 'all is well, zoë\n',
  contentType: 'text/plain; charset=utf-8',
};
const key = 'reports/111122223333/2026-11-22T043000.000Z-audit.txt';

async function openStore() {
  const { sandbox, session } = await connectSandbox();
  sandbox.buckets.create('evidence');
  return { sandbox, store: createS3ReportStore(session, 'evidence') };
}

describe('createS3ReportStore', () => {
  it.each([
    ['aws', `https://console.aws.amazon.com/s3/object/evidence?region=us-east-1&prefix=${encodeURIComponent(key)}`],
    [
      'aws-us-gov',
      `https://console.amazonaws-us-gov.com/s3/object/evidence?region=us-east-1&prefix=${encodeURIComponent(key)}`,
    ],
    ['aws-iso', `s3://evidence/${key}`],
  ])('keeps the report, and says where a person finds it: %s', async (partition, link) => {
    const { sandbox, store } = await openStore();
    await expect(store.write({ ...report, account: { ...report.account, partition } })).resolves.toBe(link);
    expect(sandbox.buckets.get('evidence', key)).toEqual({ body: report.text, contentType: report.contentType });
  });

  it('names the missing permission', async () => {
    const { sandbox, store } = await openStore();
    sandbox.faults.add({ action: 's3:PutObject', kind: 'denied' });
    await expect(store.write(report)).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('s3:PutObject'),
    });
  });
});
