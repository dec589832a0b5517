import { IAMClient } from '@aws-sdk/client-iam';
import { globalRegion } from './partitions.ts';
import type { AwsSession } from './session.ts';

/** An IAM client of the session. IAM is global, so requests are signed for the partition's region, not the caller's. */
export function openIam(session: AwsSession): IAMClient {
  return session.client('iam', IAMClient, async () => globalRegion(await session.region()));
}
