import type { ReceiptStore } from '../core/ports.ts';
import { openBucket } from './s3-objects.ts';
import type { AwsSession } from './session.ts';

/**
 * What the forwarder has posted, as small objects of a bucket: `receipts/MESSAGE_ID`. An unreadable receipt counts as
 * none: it proves nothing.
 *
 * Throws KeysweepError with the error of S3.
 */
export function createS3ReceiptStore(session: AwsSession, bucket: string): ReceiptStore {
  const objects = openBucket(session, bucket);
  // Ids come from SNS; an unexpected one must not point anywhere else in the bucket.
  const keyOf = (messageId: string) => `receipts/${messageId.replaceAll(/[^\w-]/g, '_')}`;
  return {
    write: (messageId) => objects.put(keyOf(messageId), 'posted\n', 'text/plain; charset=utf-8'),
    has: async (messageId) => typeof (await objects.get(keyOf(messageId))) !== 'string',
  };
}
