import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { consoleOf } from '../core/console.ts';
import type { ReportStore } from '../core/ports.ts';
import { toKeysweepError } from './errors.ts';
import type { AwsSession } from './session.ts';

/**
 * Reports as objects of a bucket, below `reports/ACCOUNT/`. They are found by the link that is returned: the console's
 * page of the object, or `s3://` in partitions whose console is not public.
 *
 * Throws KeysweepError, with what S3 says.
 */
export function createS3ReportStore(session: AwsSession, bucket: string): ReportStore {
  const s3 = session.client('s3', S3Client);
  return {
    write: async ({ account, at, name, text, contentType }) => {
      const key = `reports/${account.id}/${at.toISOString().replaceAll(':', '')}-${name}`;
      try {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }));
      } catch (error) {
        throw toKeysweepError(error, 's3:PutObject');
      }
      const console = consoleOf(account.partition);
      if (console === undefined) return `s3://${bucket}/${key}`;
      const region = await session.region();
      return `${console}/s3/object/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`;
    },
  };
}
