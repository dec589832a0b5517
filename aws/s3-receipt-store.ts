import type { ReceiptStore } from '../core/ports.ts';
import { openBucket } from './s3-objects.ts';
import type { AwsSession } from './session.ts';

/**
 * What the forwarder has posted, as empty objects of a bucket: `receipts/MESSAGE_ID`. One that may not be read is as good
 * as none: it proves nothing.
 *
 * Throws KeysweepError, with what S3 says.
 */
export function createS3ReceiptStore(session: AwsSession, bucket: string): ReceiptStore {
  const objects = openBucket(session, bucket);
  // Ids come from SNS; whatever else they were, they must not lead anywhere else in the bucket.
  const keyOf = (messageId: string) => `receipts/${messageId.replaceAll(/[^\w-]/g, '_')}`;
  return {
    write: (messageId) => objects.put(keyOf(messageId), 'posted\n', 'text/plain; charset=utf-8'),
    has: async (messageId) => typeof (await objects.get(keyOf(messageId))) !== 'string',
  };
}
