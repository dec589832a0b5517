import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { connectSandbox } from '../support/aws-sandbox.ts';

async function openBucket() {
  const { sandbox, session } = await connectSandbox();
  sandbox.buckets.create('evidence');
  return { sandbox, s3: session.client('s3', S3Client) };
}

describe('objects', () => {
  it('are kept as they are, and given back', async () => {
    const { s3, sandbox } = await openBucket();
    const Body = 'zoë & "co" <b>\n';
    await s3.send(new PutObjectCommand({ Bucket: 'evidence', Key: 'a/b c+ü.txt', Body, ContentType: 'text/plain' }));
    expect(sandbox.buckets.keys('evidence')).toEqual(['a/b c+ü.txt']);
    const found = await s3.send(new GetObjectCommand({ Bucket: 'evidence', Key: 'a/b c+ü.txt' }));
    expect([await found.Body?.transformToString(), found.ContentType]).toEqual([Body, 'text/plain']);
    expect(sandbox.requestCounts()).toEqual({ 's3:GetObject': 1, 's3:PutObject': 1 });
  });

  it('that are missing are NoSuchKey, and AccessDenied to a caller who may not list the bucket', async () => {
    const { s3, sandbox } = await openBucket();
    const get = () => s3.send(new GetObjectCommand({ Bucket: 'evidence', Key: 'x' }));
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    sandbox.permissions.allow('arn:aws:iam::111122223333:role/KeysweepOperator', ['s3:GetObject']);
    await expect(get()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  });

  it('in a bucket that is not there are NoSuchBucket', async () => {
    const { s3 } = await openBucket();
    const put = s3.send(new PutObjectCommand({ Bucket: 'other', Key: 'x', Body: 'x' }));
    await expect(put).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
