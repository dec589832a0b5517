/** Consoles of the partitions that are open to the public. */
const consoles: Readonly<Record<string, string>> = {
  aws: 'https://console.aws.amazon.com',
  'aws-us-gov': 'https://console.amazonaws-us-gov.com',
  'aws-cn': 'https://console.amazonaws.cn',
};

/** The URL of a partition's web console, without a trailing slash; undefined if it is not public. */
export function consoleOf(partition: string): string | undefined {
  return Object.hasOwn(consoles, partition) ? consoles[partition] : undefined;
}

/** Whether a link leads to a public console, including a regional one: `https://eu-central-1.console.aws.amazon.com/...`. */
export function isConsoleLink(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { protocol, host, username } = new URL(link);
  if (protocol !== 'https:' || username !== '') return false;
  return Object.values(consoles).some((console) => {
    const known = new URL(console).host;
    return host === known || (host.endsWith(`.${known}`) && /^[a-z\d-]+$/.test(host.slice(0, -known.length - 1)));
  });
}
