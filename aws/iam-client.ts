import { IAMClient } from '@aws-sdk/client-iam';
import { globalRegion } from './partitions.ts';
import type { AwsSession, ClientSettings } from './session.ts';

/** An IAM client of the session. IAM is global, so requests are signed for the partition's region, not the caller's. */
export function openIam(session: AwsSession): IAMClient {
  return session.client('iam', IAMClient, async () => globalRegion(await session.region()));
}

/** The same, which sends each request once: for whoever repeats by rules of its own. */
export function openIamWithoutRetries(session: AwsSession): IAMClient {
  return session.client('iam', SendingOnce, async () => globalRegion(await session.region()));
}

class SendingOnce extends IAMClient {
  constructor(settings: ClientSettings) {
    super({ ...settings, retryMode: 'standard', maxAttempts: 1 });
  }
}
