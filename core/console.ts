/** Consoles of the partitions that are open to the public. */
const consoles: Readonly<Record<string, string>> = {
  aws: 'https://console.aws.amazon.com',
  'aws-us-gov': 'https://console.amazonaws-us-gov.com',
  'aws-cn': 'https://console.amazonaws.cn',
};

/** Where the web console of a partition is, without a slash at the end; undefined where it is not public. */
export function consoleOf(partition: string): string | undefined {
  return Object.hasOwn(consoles, partition) ? consoles[partition] : undefined;
}
