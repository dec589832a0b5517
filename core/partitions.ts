/**
 * What differs between AWS partitions. Sources: “AWS account root user” in the AWS GovCloud (US) User Guide, “Getting Started
 * with Amazon Web Services in China”. A partition that is not listed is taken for `aws`, so that nothing passes unseen.
 */
export interface PartitionFacts {
  /**
   * `none`: accounts have no root user, and the credential report has no row for it. `keys-only`: it can neither sign in to
   * the console nor have MFA, but AWS Support can give it access keys. `full`: it can have a password, MFA, keys and
   * certificates.
   */
  readonly rootUser: 'none' | 'keys-only' | 'full';
}

const special: Readonly<Record<string, PartitionFacts>> = {
  'aws-cn': { rootUser: 'none' },
  'aws-us-gov': { rootUser: 'keys-only' },
};

const usual: PartitionFacts = { rootUser: 'full' };

/** @param partition `aws`, `aws-us-gov`, `aws-cn`, ... */
export function partitionFacts(partition: string): PartitionFacts {
  return Object.hasOwn(special, partition) ? (special[partition] ?? usual) : usual;
}
