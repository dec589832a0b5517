import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { KeysweepError } from '../core/error.ts';
import { accountInArn, type ExpectedAccount, refuseOtherAccount } from '../core/expected-account.ts';
import { given } from '../core/given.ts';
import { type AwsCredentials, type CredentialsProvider, shareCredentials } from './credentials.ts';
import { toKeysweepError } from './errors.ts';

export interface RoleToAssume {
  readonly roleArn: string;
  readonly externalId?: string;
  readonly roleSessionName?: string;
}

const defaultSessionName = 'keysweep';

/**
 * Checks what can be checked without AWS. Throws KeysweepError RoleInvalid, RoleSessionNameInvalid, ExternalIdInvalid.
 * Limits: the STS API reference of AssumeRole.
 */
export function validateRole({ roleArn, externalId, roleSessionName }: Partial<RoleToAssume>): void {
  if (roleArn === undefined) {
    if (externalId === undefined && roleSessionName === undefined) return;
    throw new KeysweepError('RoleInvalid', 'an external ID or a role session name is given, but no role to assume', {
      hint: 'Add --role-arn.',
    });
  }
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(roleArn)) {
    throw new KeysweepError('RoleInvalid', `not a role ARN: ${JSON.stringify(roleArn)}`, {
      hint: 'Give an ARN such as arn:aws:iam::123456789012:role/keysweep-audit.',
    });
  }
  if (roleSessionName !== undefined && !/^[\w+=,.@-]{2,64}$/.test(roleSessionName)) {
    throw new KeysweepError('RoleSessionNameInvalid', `not a role session name: ${JSON.stringify(roleSessionName)}`, {
      hint: 'Use 2 to 64 of these: letters, digits and _+=,.@-',
    });
  }
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw new KeysweepError('ExternalIdInvalid', `not an external ID (${externalId.length} characters)`, {
      hint: 'Use 2 to 1,224 of these: letters, digits and _+=,.@:/-',
    });
  }
}

/** The account of a role that is to be assumed. */
export function accountOfRole(roleArn: string): ExpectedAccount {
  return { id: accountInArn(roleArn), by: `the role ${roleArn}` };
}

/**
 * Credentials of an assumed role. `openSts` creates the client that signs as the original caller. The provider throws
 * KeysweepError, because the request that failed is not the one that needed the credentials; AccountMismatch if the answer
 * names another account than the role’s ARN.
 */
export function createRoleCredentials(
  role: RoleToAssume,
  openSts: (Client: typeof STSClient) => STSClient,
): CredentialsProvider {
  let sts: STSClient | undefined;
  return shareCredentials(async () => {
    sts ??= openSts(STSClient);
    try {
      return await assumeRole(sts, role);
    } catch (error) {
      throw toKeysweepError(error, 'sts:AssumeRole', role.roleArn);
    }
  });
}

async function assumeRole(
  sts: STSClient,
  { roleArn, roleSessionName = defaultSessionName, externalId }: RoleToAssume,
): Promise<AwsCredentials> {
  const { Credentials, AssumedRoleUser } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: roleSessionName,
      ...given({ ExternalId: externalId }),
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new KeysweepError('AwsAnswerUnexpected', 'sts:AssumeRole answered without credentials', {
      hint: 'Check --endpoint-url and AWS_ENDPOINT_URL.',
    });
  }
  const { Arn = '' } = AssumedRoleUser ?? {};
  refuseOtherAccount(accountOfRole(roleArn), accountInArn(Arn) || 'unknown', `the session ${Arn} returned by STS`);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
