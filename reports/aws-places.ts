/** Where in AWS a person looks into a finding. */
import type { Account, Finding, FindingSubject } from '../core/model.ts';

interface Place {
  readonly console: string;
  /** IAM and sign-in events are recorded in one region of a partition. */
  readonly eventRegion: string;
}

const commercial: Place = { console: 'https://console.aws.amazon.com', eventRegion: 'us-east-1' };

const places: Readonly<Record<string, Place>> = {
  aws: commercial,
  'aws-us-gov': { console: 'https://console.amazonaws-us-gov.com', eventRegion: 'us-gov-west-1' },
  'aws-cn': { console: 'https://console.amazonaws.cn', eventRegion: 'cn-north-1' },
};

/** The console page with the credentials of the principal; undefined in partitions whose console is not public. */
export function consoleUrl(principal: FindingSubject, account: Account): string | undefined {
  const place = places[account.partition];
  if (place === undefined) return undefined;
  const iam = `${place.console}/iam/home#`;
  switch (principal.kind) {
    case 'root':
      return `${iam}/security_credentials (signed in as the root user)`;
    case 'user':
      return `${iam}/users/details/${encodeURIComponent(principal.name)}?section=security_credentials`;
    case 'account':
      return `${iam}/home`;
  }
}

/** The command that shows what was done with the credential lately: by key id, or by name for the root user. */
export function lookUpEvents({ principal, credential }: Finding, account: Account): string | undefined {
  const region = places[account.partition]?.eventRegion;
  if (region === undefined) return undefined;
  const attribute = attributeOf(principal, credential?.kind === 'access-key' ? credential.id : undefined);
  if (attribute === undefined) return undefined;
  const [key, value] = attribute;
  return `aws cloudtrail lookup-events --region ${region} --lookup-attributes AttributeKey=${key},AttributeValue=${value}`;
}

function attributeOf(principal: FindingSubject, accessKeyId: string | undefined): [string, string] | undefined {
  // Only what is safe to paste into a shell.
  if (accessKeyId !== undefined) return /^\w+$/.test(accessKeyId) ? ['AccessKeyId', accessKeyId] : undefined;
  return principal.kind === 'root' ? ['Username', 'root'] : undefined;
}
