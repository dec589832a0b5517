/**
 * AWS partitions. IAM is one global service per partition; requests to it are signed for the partition's own region,
 * regardless of the caller's region.
 * Source: the IAM and STS endpoint rule sets of the AWS SDK.
 */

/** The home region of the partition of most accounts. */
export const defaultRegion = 'us-east-1';

/** Region prefix, partition, and the region that signs for the partition's global services. Longest prefix first. */
const partitions: readonly (readonly [prefix: string, partition: string, globalRegion: string])[] = [
  ['us-isob-', 'aws-iso-b', 'us-isob-east-1'],
  ['us-isof-', 'aws-iso-f', 'us-isof-south-1'],
  ['eu-isoe-', 'aws-iso-e', 'eu-isoe-west-1'],
  ['us-iso-', 'aws-iso', 'us-iso-east-1'],
  ['us-gov-', 'aws-us-gov', 'us-gov-west-1'],
  ['eusc-', 'aws-eusc', 'eusc-de-east-1'],
  ['cn-', 'aws-cn', 'cn-north-1'],
];

/** The region that IAM requests are signed for, for a caller in `region`. */
export function globalRegion(region: string): string {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[2] ?? defaultRegion;
}

/** The region that IAM requests are signed for in `partition` (`aws`, `aws-us-gov`, ...); undefined for an unknown one. */
export function globalRegionOfPartition(partition: string): string | undefined {
  if (partition === 'aws') return defaultRegion;
  return partitions.find(([, name]) => name === partition)?.[2];
}
