import {
  type AccessKeyMetadata,
  GetAccessKeyLastUsedCommand,
  type IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { given } from '../core/given.ts';
import { accessKey } from '../core/kinds/access-key.ts';
import type { CredentialStatus, LastUse, ObservedCredential } from '../core/model.ts';
import { observeListed } from '../core/observe.ts';
import type { LiveRead } from '../core/ports.ts';
import { everyPage, liveRead, required, requiredDate, UnexpectedAnswer } from './live-read.ts';

const statuses: ReadonlySet<string> = new Set<CredentialStatus>(['Active', 'Inactive', 'Expired']);

/** The access keys of one user, from every page. Never throws. */
export function listAccessKeys(iam: IAMClient, userName: string): Promise<LiveRead<readonly ObservedCredential[]>> {
  return liveRead('iam:ListAccessKeys', async () => {
    const keys = new Map<string | undefined, ObservedCredential>();
    const pages = everyPage<AccessKeyMetadata>(async (Marker) => {
      const answer = await iam.send(new ListAccessKeysCommand({ UserName: userName, ...given({ Marker }) }));
      return { ...answer, items: required(answer.AccessKeyMetadata, 'AccessKeyMetadata') };
    });
    for await (const page of pages) {
      for (const metadata of page) {
        const key = readKey(metadata, userName);
        keys.set(key.ref.id, key);
      }
    }
    return [...keys.values()];
  });
}

function readKey(
  { AccessKeyId, UserName, Status, CreateDate }: AccessKeyMetadata,
  userName: string,
): ObservedCredential {
  const id = required(AccessKeyId, 'AccessKeyId');
  if (UserName !== undefined && UserName !== userName) {
    throw new UnexpectedAnswer(`asked for the keys of ${userName}, got one of ${UserName}`);
  }
  if (!isStatus(Status)) throw new UnexpectedAnswer(`the status of ${id} is ${Status ?? 'missing'}`);
  return observeListed({ kind: accessKey.kind, id }, Status, requiredDate(CreateDate, `the CreateDate of ${id}`));
}

function isStatus(status: string | undefined): status is CredentialStatus {
  return status !== undefined && statuses.has(status);
}

/**
 * The last use of one access key. Never throws.
 *
 * `never` requires AWS to say so: a service of `N/A` and no date. AWS denies the request for a key that does not exist
 * or belongs to another account, so a denial says nothing about use.
 */
export async function getAccessKeyLastUse(
  iam: IAMClient,
  userName: string,
  accessKeyId: string,
): Promise<LiveRead<LastUse>> {
  const action = 'iam:GetAccessKeyLastUsed';
  const read = await liveRead(action, async (): Promise<LastUse> => {
    const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
    const owner = required(answer.UserName, 'UserName');
    if (owner !== userName) throw new UnexpectedAnswer(`${accessKeyId} belongs to ${owner}, not to ${userName}`);
    const { LastUsedDate, ServiceName, Region } = required(answer.AccessKeyLastUsed, 'AccessKeyLastUsed');
    if (LastUsedDate === undefined) {
      if (ServiceName === 'N/A') return { kind: 'never' };
      throw new UnexpectedAnswer(`${accessKeyId} has no LastUsedDate, but the service ${ServiceName ?? '(none)'}`);
    }
    return {
      kind: 'used',
      at: requiredDate(LastUsedDate, 'LastUsedDate'),
      ...(isNamed(ServiceName) && { service: ServiceName }),
      ...(isNamed(Region) && { region: Region }),
    };
  });
  if (read.ok || read.problem.code !== 'access-denied') return read;
  return {
    ok: false,
    problem: { ...read.problem, message: `${read.problem.message}, or ${accessKeyId} no longer exists` },
  };
}

/** Services without regions (S3, IAM) have the region `N/A`. */
function isNamed(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== 'N/A';
}
