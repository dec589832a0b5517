import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { KeysweepError, messageOf } from '../core/error.ts';
import { decodeSnapshot, encodeSnapshot } from '../core/lifecycle/snapshot-codec.ts';
import type { SnapshotStore } from '../core/ports.ts';
import { fieldsOf } from './error-kind.ts';
import { toKeysweepError } from './errors.ts';
import type { AwsSession } from './session.ts';

/** Below it lie the snapshots of every account: `snapshots/123456789012/2026-11-22T043000.000Z.json`. */
const prefix = 'snapshots/';

const keyPattern = /^snapshots\/\d{12}\/[\w.-]+\.json$/;

/**
 * Snapshots as objects of a bucket, one for each account and moment. The bucket encrypts them.
 *
 * Throws KeysweepError SnapshotMissing or SnapshotInvalid, or what S3 says.
 */
export function createS3SnapshotStore(session: AwsSession, bucket: string): SnapshotStore {
  const s3 = session.client('s3', S3Client);
  return {
    write: async (snapshot) => {
      const { account, asOf } = snapshot.audit;
      const key = `${prefix}${account.id}/${asOf.toISOString().replaceAll(':', '')}.json`;
      const body = encodeSnapshot(snapshot);
      try {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }));
      } catch (error) {
        throw toKeysweepError(error, 's3:PutObject');
      }
      return key;
    },
    read: async (key) => {
      if (!keyPattern.test(key)) {
        throw new KeysweepError('SnapshotMissing', `not the key of a snapshot: ${JSON.stringify(key)}`);
      }
      return decodeSnapshot(await readObject(s3, bucket, key), `s3://${bucket}/${key}`);
    },
  };
}

async function readObject(s3: S3Client, bucket: string, key: string): Promise<string> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (Body !== undefined) return await Body.transformToString('utf-8');
  } catch (error) {
    if (fieldsOf(error).name === 'NoSuchKey') throw missing(bucket, key, 'is not there');
    // What S3 answers of a missing object to whoever may not list the bucket, and the rotator may not.
    if (/s3:ListBucket/.test(messageOf(error))) throw missing(bucket, key, 'is not there, or may not be read');
    throw toKeysweepError(error, 's3:GetObject');
  }
  throw missing(bucket, key, 'is empty');
}

function missing(bucket: string, key: string, how: string): KeysweepError {
  return new KeysweepError('SnapshotMissing', `the snapshot s3://${bucket}/${key} ${how}`, {
    hint: 'Audit again: the next audit writes a new one.',
  });
}
