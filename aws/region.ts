import { STSClient } from '@aws-sdk/client-sts';
import { KeysweepError } from '../core/error.ts';
import { defaultRegion, partitionFacts } from '../core/partitions.ts';

/** Where a region may come from. */
export interface RegionSources {
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
}

/** Throws KeysweepError RegionInvalid for an impossible region name. */
export function validateRegion(region: string): void {
  if (/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)) return;
  throw new KeysweepError('RegionInvalid', `not a region: ${JSON.stringify(region)}`, {
    hint: 'Give a region such as eu-central-1.',
  });
}

/**
 * Looks up the region, once: as given, else as the SDK finds it (AWS_REGION, the profile, the instance), else the home
 * region of the role's partition. IAM is a global service, so a caller without a region can read an account.
 */
export function createRegionLookup(sources: RegionSources): () => Promise<string> {
  let region: Promise<string> | undefined;
  return () => {
    region ??= lookUp(sources);
    return region;
  };
}

async function lookUp({ region, profile, roleArn }: RegionSources): Promise<string> {
  if (region !== undefined) return region;
  const probe = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await probe.config.region();
  } catch {
    // The SDK finds none. The credential chain reports a broken configuration file, which it reads too.
    return partitionFacts(roleArn?.split(':')[1] ?? 'aws').iamRegion ?? defaultRegion;
  } finally {
    probe.destroy();
  }
}
