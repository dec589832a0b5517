import { awsError } from '../errors.ts';
import { isUser, type KeyOwner } from '../state/records.ts';
import type { Use, UseHistory } from '../state/use-history.ts';
import type { World } from '../world.ts';

/** Who signed a request. */
export interface Caller {
  readonly kind: 'root' | 'user' | 'session' | 'anonymous';
  readonly arn: string;
  readonly userId: string;
  readonly accessKeyId: string | undefined;
  /** For an IAM user. */
  readonly userName: string | undefined;
  /** As CloudTrail shows it: the session's name for a role. */
  readonly eventName: string;
  /** Under which permissions are written: the role's ARN for a session. */
  readonly permissionsArn: string;
}

/** What the Authorization header says. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** Reads the credential scope of a SigV4 Authorization header; the signature itself is not verified. */
export function parseAuthorization(header: string | undefined): Signature | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/]*)\/([^/]+)\/aws4_request\b/.exec(header ?? '');
  const [, accessKeyId, region, service] = match ?? [];
  return accessKeyId === undefined || service === undefined
    ? undefined
    : { accessKeyId, region: region ?? '', service };
}

/** Someone who did not sign: only for operations that need no signature. */
export const anonymous: Caller = {
  kind: 'anonymous',
  arn: 'anonymous',
  userId: '',
  accessKeyId: undefined,
  userName: undefined,
  eventName: 'anonymous',
  permissionsArn: 'anonymous',
};

/**
 * The caller behind a signature. Its key counts as used from now on.
 * @throws AwsError InvalidClientTokenId for an unknown or inactive key or a wrong token, ExpiredToken
 */
export function identify(signature: Signature, token: string | undefined, world: World): Caller {
  const found = world.account.findAccessKey(signature.accessKeyId);
  if (found === undefined) {
    return identifySession(signature.accessKeyId, token, world);
  }
  if (found.key.status !== 'Active') {
    world.account.usage.noteRefusal(found.key.id);
    throw awsError('InvalidClientTokenId');
  }
  noteUse(found.key.uses, signature, world);
  return keyCaller(found.owner, found.key.id, world.account.id);
}

function identifySession(accessKeyId: string, token: string | undefined, world: World): Caller {
  const session = world.sessions.find(accessKeyId);
  if (session === undefined || session.sessionToken !== token) {
    throw awsError('InvalidClientTokenId');
  }
  if (session.expiresAt !== undefined && world.clock.now().getTime() >= session.expiresAt) {
    throw awsError('ExpiredToken');
  }
  return {
    kind: 'session',
    arn: session.arn,
    userId: session.userId,
    accessKeyId,
    userName: undefined,
    eventName: session.arn.slice(session.arn.lastIndexOf('/') + 1),
    permissionsArn: session.roleArn,
  };
}

function keyCaller(owner: KeyOwner, accessKeyId: string, accountId: string): Caller {
  const common = { arn: owner.arn, accessKeyId, permissionsArn: owner.arn };
  return isUser(owner)
    ? { ...common, kind: 'user', userId: owner.id, userName: owner.name, eventName: owner.name }
    : { ...common, kind: 'root', userId: accountId, userName: undefined, eventName: 'root' };
}

function noteUse(uses: UseHistory, signature: Signature, world: World): void {
  const at = Math.floor(world.clock.now().getTime() / 1000) * 1000;
  const use: Use = { at, service: signature.service, region: signature.region };
  world.account.usage.noteKeyUse(uses, use);
}
