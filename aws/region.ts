import { STSClient } from '@aws-sdk/client-sts';
import { KeysweepError } from '../core/error.ts';
import { defaultRegion, globalRegionOfPartition } from './partitions.ts';

/** Where a region may come from. */
export interface RegionSources {
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
}

/** Throws KeysweepError RegionInvalid for what cannot be the name of a region. */
export function validateRegion(region: string): void {
  if (/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)) return;
  throw new KeysweepError('RegionInvalid', `not a region: ${JSON.stringify(region)}`, {
    hint: 'it looks like eu-central-1',
  });
}

/**
 * Looks the region up, once: as given, else as the SDK finds it (AWS_REGION, the profile, the instance), else the home
 * region of the role's partition. IAM is a global service, so an account can be read by a caller who works in no region.
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
    // The SDK knows of none. A broken configuration file is told by the credential chain, which reads it too.
    return globalRegionOfPartition(roleArn?.split(':')[1] ?? 'aws') ?? defaultRegion;
  } finally {
    probe.destroy();
  }
}
