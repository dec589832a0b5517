import { IAMClient } from '@aws-sdk/client-iam';
import { iamRegionFor } from '../core/partitions.ts';
import type { AwsSession, ClientOptions } from './session.ts';

/** An IAM client of the session. IAM is global, so requests are signed for the partition's region, not the caller's. */
export function openIam(session: AwsSession, options: Pick<ClientOptions, 'maxAttempts'> = {}): IAMClient {
  return session.client('iam', IAMClient, { region: async () => iamRegionFor(await session.region()), ...options });
}

/** The same without retries: for callers with their own rules for repeating. */
export function openIamWithoutRetries(session: AwsSession): IAMClient {
  return openIam(session, { maxAttempts: 1 });
}
