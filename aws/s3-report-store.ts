import { partitionFacts } from '../core/partitions.ts';
import type { ReportStore } from '../core/ports.ts';
import { openBucket, timeInKey } from './s3-objects.ts';
import type { AwsSession } from './session.ts';

/**
 * Reports as objects of a bucket, below `reports/ACCOUNT/`. `write` returns a link: the console's page of the object, or
 * `s3://` in partitions without a public console.
 *
 * Throws KeysweepError with the error of S3.
 */
export function createS3ReportStore(session: AwsSession, bucket: string): ReportStore {
  const objects = openBucket(session, bucket);
  return {
    write: async ({ account, at, name, text, contentType }) => {
      const key = `reports/${account.id}/${timeInKey(at)}-${name}`;
      await objects.put(key, text, contentType);
      const { console } = partitionFacts(account.partition);
      if (console === undefined) return `s3://${bucket}/${key}`;
      const region = await session.region();
      return `${console}/s3/object/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`;
    },
  };
}
