import { createForwarder } from '../aws/forwarder.ts';
import { createS3ReceiptStore } from '../aws/s3-receipt-store.ts';
import type { AwsSession } from '../aws/session.ts';
import type { Forwarder } from '../core/ports.ts';

/** The forwarder of the deployment, where KEYSWEEP_FORWARDER_ARN names one. Its receipts lie in the bucket. */
export function openForwarder(session: AwsSession, bucket: string): Forwarder | undefined {
  const arn = process.env.KEYSWEEP_FORWARDER_ARN ?? '';
  return arn === '' ? undefined : createForwarder(arn, createS3ReceiptStore(session, bucket));
}
