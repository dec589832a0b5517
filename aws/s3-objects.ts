import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { messageOf } from '../core/error.ts';
import { fieldsOf } from './error-kind.ts';
import { toKeysweepError } from './errors.ts';
import type { AwsSession } from './session.ts';

export interface S3Text {
  readonly text: string;
  /** Differs for every content. */
  readonly etag: string;
}

/**
 * Texts as objects of one bucket of the caller's account, which encrypts them. S3 refuses a bucket of that name in another
 * account, as AccessDenied: a deleted bucket's name can be taken by another account. Throws KeysweepError with the error of S3.
 */
export interface S3Objects {
  put(key: string, text: string, contentType: string): Promise<void>;
  /**
   * Replaces the object with that ETag, or creates it if `etag` is undefined. Returns the new ETag, or `conflict` if the
   * object has changed meanwhile. With an ETag the caller needs s3:GetObject as well.
   */
  replace(
    key: string,
    etag: string | undefined,
    text: string,
    contentType: string,
  ): Promise<{ readonly etag: string } | 'conflict'>;
  /** `missing`: does not exist. `hidden`: does not exist, or may not be read. */
  get(key: string): Promise<S3Text | 'missing' | 'hidden'>;
}

/**
 * For a missing object S3 returns 403 to a caller that may not list the bucket, as the functions may not. The message
 * then names s3:ListBucket, or nothing; for a caller without s3:GetObject or use of the key it names these.
 * Source: S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors", and the API reference of GetObject.
 */
const namesOtherAction = /not authorized to perform: (?!s3:ListBucket\b)/;

/**
 * How S3 refuses a conditional write: the condition fails, another write is in progress, or there is no object with an
 * ETag. Source: S3 User Guide, "How to prevent object overwrites with conditional writes".
 */
const conflicts: readonly (string | undefined)[] = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];

export function openBucket(session: AwsSession, bucket: string): S3Objects {
  const s3 = session.client('s3', S3Client);
  const place = async (Key: string) => ({ Bucket: bucket, Key, ExpectedBucketOwner: (await session.caller()).id });
  return {
    put: async (key, text, contentType) => {
      try {
        await s3.send(new PutObjectCommand({ ...(await place(key)), Body: text, ContentType: contentType }));
      } catch (error) {
        throw toKeysweepError(error, 's3:PutObject');
      }
    },
    replace: async (key, etag, text, contentType) => {
      const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
      const request = { ...(await place(key)), Body: text, ContentType: contentType, ...condition };
      try {
        const { ETag = '' } = await s3.send(new PutObjectCommand(request));
        return { etag: ETag };
      } catch (error) {
        if (conflicts.includes(fieldsOf(error).name)) return 'conflict';
        throw toKeysweepError(error, 's3:PutObject');
      }
    },
    get: async (key) => {
      try {
        const { Body, ETag = '' } = await s3.send(new GetObjectCommand(await place(key)));
        return Body === undefined ? 'missing' : { text: await Body.transformToString('utf-8'), etag: ETag };
      } catch (error) {
        const { name } = fieldsOf(error);
        if (name === 'NoSuchKey') return 'missing';
        if (name === 'AccessDenied' && !namesOtherAction.test(messageOf(error))) return 'hidden';
        throw toKeysweepError(error, 's3:GetObject');
      }
    },
  };
}

/** A time as part of a key: `2026-11-22T043000.000Z`. */
export function timeInKey(time: Date): string {
  return time.toISOString().replaceAll(':', '');
}
