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

/** Whether a link leads to a public console, also to the one of a region: `https://eu-central-1.console.aws.amazon.com/...`. */
export function isConsoleLink(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { protocol, host, username } = new URL(link);
  if (protocol !== 'https:' || username !== '') return false;
  return Object.values(consoles).some((console) => {
    const known = new URL(console).host;
    return host === known || (host.endsWith(`.${known}`) && /^[a-z\d-]+$/.test(host.slice(0, -known.length - 1)));
  });
}
