import { createForwarder } from '../aws/forwarder.ts';
import { createS3ReceiptStore } from '../aws/s3-receipt-store.ts';
import type { AwsSession } from '../aws/session.ts';
import type { Forwarder } from '../core/ports.ts';

/** Empty if there is no forwarder. */
export function forwarderArn(): string {
  return process.env.KEYSWEEP_FORWARDER_ARN ?? '';
}

/** The forwarder of the deployment, if KEYSWEEP_FORWARDER_ARN names one. Its receipts are in the bucket. */
export function openForwarder(session: AwsSession, bucket: string): Forwarder | undefined {
  const arn = forwarderArn();
  return arn === '' ? undefined : createForwarder(arn, createS3ReceiptStore(session, bucket));
}
