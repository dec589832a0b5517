/** Where in AWS a person looks into a finding. */
import { accessKey } from '../core/kinds/access-key.ts';
import type { Account, Evidence, Finding, FindingSubject } from '../core/model.ts';
import { partitionFacts, publicConsoles } from '../core/partitions.ts';

/** A principal, and the evidence of a finding about it if there is one. */
interface Subject {
  readonly principal: FindingSubject;
  readonly evidence?: Evidence;
}

/**
 * The console page with the credentials of the principal; undefined in partitions whose console is not public, and for a
 * root user who cannot sign in: only it sees its page.
 */
export function consolePage({ principal, evidence }: Subject, account: Account): string | undefined {
  const { console, rootUser } = partitionFacts(account.partition);
  if (console === undefined) return undefined;
  const iam = `${console}/iam/home#`;
  switch (principal.kind) {
    case 'root': {
      const canSignIn = rootUser === 'full' && evidence?.passwordEnabled !== false;
      return canSignIn ? `${iam}/security_credentials` : undefined;
    }
    case 'user':
      return `${iam}/users/details/${encodeURIComponent(principal.name)}?section=security_credentials`;
    case 'account':
      return `${iam}/home`;
  }
}

/** The same for people: the root user's page shows the root user's credentials only to the root user. */
export function consoleUrl(subject: Subject, account: Account): string | undefined {
  const page = consolePage(subject, account);
  return page !== undefined && subject.principal.kind === 'root' ? `${page} (signed in as the root user)` : page;
}

/** Whether a link leads to a public console, including a regional one: `https://eu-central-1.console.aws.amazon.com/...`. */
export function isConsoleLink(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { protocol, host, username } = new URL(link);
  if (protocol !== 'https:' || username !== '') return false;
  return publicConsoles.some((console) => {
    const known = new URL(console).host;
    return host === known || (host.endsWith(`.${known}`) && /^[a-z\d-]+$/.test(host.slice(0, -known.length - 1)));
  });
}

/** The console page of a CloudWatch alarm; undefined where its ARN is none, or the partition's console is not public. */
export function alarmPage(alarmArn: string): string | undefined {
  const [, partition = '', region, name = ''] =
    /^arn:([\w-]+):cloudwatch:([a-z\d-]+):\d{12}:alarm:(.{1,255})$/.exec(alarmArn) ?? [];
  const { console } = partitionFacts(partition);
  if (console === undefined || region === undefined) return undefined;
  return `${console}/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(name)}`;
}

/** The command that shows what was done with the credential lately: by key id, or by name for the root user. */
export function lookUpEvents({ principal, credential }: Finding, account: Account): string | undefined {
  const region = partitionFacts(account.partition).iamRegion;
  if (region === undefined) return undefined;
  const attribute = attributeOf(principal, credential?.kind === accessKey.kind ? credential.id : undefined);
  if (attribute === undefined) return undefined;
  const [key, value] = attribute;
  return `aws cloudtrail lookup-events --region ${region} --lookup-attributes AttributeKey=${key},AttributeValue=${value}`;
}

function attributeOf(principal: FindingSubject, accessKeyId: string | undefined): [string, string] | undefined {
  // Only what is safe to paste into a shell.
  if (accessKeyId !== undefined) return /^\w+$/.test(accessKeyId) ? ['AccessKeyId', accessKeyId] : undefined;
  return principal.kind === 'root' ? ['Username', 'root'] : undefined;
}
