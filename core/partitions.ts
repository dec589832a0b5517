/**
 * What differs between AWS partitions. Sources: “AWS account root user” in the AWS GovCloud (US) User Guide, “Getting Started
 * with Amazon Web Services in China”, the IAM and STS endpoint rule sets of the AWS SDK. A partition that is not listed is
 * taken for one like `aws` whose regions and console are unknown, so that nothing passes unseen.
 */
export interface PartitionFacts {
  /**
   * `none`: accounts have no root user, and the credential report has no row for it. `keys-only`: it can neither sign in to
   * the console nor have MFA, but AWS Support can give it access keys. `full`: it can have a password, MFA, keys and
   * certificates.
   */
  readonly rootUser: 'none' | 'keys-only' | 'full';
  /** IAM is one service per partition: its requests are signed for this region, and its events are in it. */
  readonly iamRegion?: string;
  /** The URL of the web console, without a trailing slash; undefined if it is not public. */
  readonly console?: string;
}

interface Partition extends PartitionFacts {
  readonly name: string;
  /** How the names of its regions begin. */
  readonly regionPrefix: string;
  readonly iamRegion: string;
}

const usual = {
  name: 'aws',
  rootUser: 'full',
  regionPrefix: '',
  iamRegion: 'us-east-1',
  console: 'https://console.aws.amazon.com',
} as const satisfies Partition;

/** The prefix of the first covers every region. */
const partitions: readonly Partition[] = [
  usual,
  {
    name: 'aws-us-gov',
    rootUser: 'keys-only',
    regionPrefix: 'us-gov-',
    iamRegion: 'us-gov-west-1',
    console: 'https://console.amazonaws-us-gov.com',
  },
  {
    name: 'aws-cn',
    rootUser: 'none',
    regionPrefix: 'cn-',
    iamRegion: 'cn-north-1',
    console: 'https://console.amazonaws.cn',
  },
  { name: 'aws-eusc', rootUser: 'full', regionPrefix: 'eusc-', iamRegion: 'eusc-de-east-1' },
  { name: 'aws-iso', rootUser: 'full', regionPrefix: 'us-iso-', iamRegion: 'us-iso-east-1' },
  { name: 'aws-iso-b', rootUser: 'full', regionPrefix: 'us-isob-', iamRegion: 'us-isob-east-1' },
  { name: 'aws-iso-e', rootUser: 'full', regionPrefix: 'eu-isoe-', iamRegion: 'eu-isoe-west-1' },
  { name: 'aws-iso-f', rootUser: 'full', regionPrefix: 'us-isof-', iamRegion: 'us-isof-south-1' },
];

const unlisted: PartitionFacts = { rootUser: 'full' };

/** The home region of the partition of most accounts. */
export const defaultRegion = usual.iamRegion;

/** @param partition `aws`, `aws-us-gov`, `aws-cn`, ... */
export function partitionFacts(partition: string): PartitionFacts {
  return partitions.find(({ name }) => name === partition) ?? unlisted;
}

/** The region that IAM requests are signed for, for a caller in `region`. */
export function iamRegionFor(region: string): string {
  return (partitions.findLast(({ regionPrefix }) => region.startsWith(regionPrefix)) ?? usual).iamRegion;
}

/** The consoles that are open to the public, as URLs without a trailing slash. */
export const publicConsoles: readonly string[] = partitions.flatMap(({ console }) => console ?? []);
