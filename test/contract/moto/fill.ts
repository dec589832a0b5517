import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateAccountAliasCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  type IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import type { ContractAccount, ContractUser } from '../account.ts';
import type { MotoServer } from './server.ts';

/** Fills moto by its API, then dates everything back. Gives the ids of each user's keys. */
export async function fillMoto(
  iam: IAMClient,
  moto: MotoServer,
  account: ContractAccount,
): Promise<ReadonlyMap<string, readonly string[]>> {
  await iam.send(new CreateAccountAliasCommand({ AccountAlias: account.alias }));
  for (const { name, document } of account.policies) {
    await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: JSON.stringify(document) }));
  }
  for (const { name: GroupName, attachedPolicies = [] } of account.groups) {
    await iam.send(new CreateGroupCommand({ GroupName }));
    for (const PolicyArn of attachedPolicies) await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
  }
  for (const { name, trust } of account.roles) {
    const AssumeRolePolicyDocument = JSON.stringify(trustPolicy(account.id, trust.externalId));
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  }
  const keyIds = new Map<string, readonly string[]>();
  for (const user of account.users) keyIds.set(user.name, await fillUser(iam, moto, user));
  return keyIds;
}

function trustPolicy(account: string, externalId: string): object {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  };
  return { Version: '2012-10-17', Statement: [statement] };
}

async function fillUser(iam: IAMClient, moto: MotoServer, user: ContractUser): Promise<readonly string[]> {
  const { name: UserName, accessKeys = [] } = user;
  await createUser(iam, user);
  const ids: string[] = [];
  for (const { status } of accessKeys) {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const AccessKeyId = AccessKey?.AccessKeyId ?? '';
    ids.push(AccessKeyId);
    if (status) await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: status }));
  }
  await moto.dateBack({
    user: UserName,
    createdAt: user.createdAt,
    passwordLastUsed: user.password?.lastUsed,
    accessKeys: accessKeys.map(({ createdAt, lastUsed }, at) => ({ id: ids[at], createdAt, lastUsed })),
  });
  return ids;
}

async function createUser(iam: IAMClient, user: ContractUser): Promise<void> {
  const { name: UserName, path = '/', tags = {}, groups = [], attachedPolicies = [], password, mfa } = user;
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await iam.send(new CreateUserCommand({ UserName, Path: path, Tags }));
  for (const GroupName of groups) await iam.send(new AddUserToGroupCommand({ UserName, GroupName }));
  for (const PolicyArn of attachedPolicies) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  if (password) await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Not-a-secret-1' }));
  if (!mfa) return;
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
  await iam.send(
    new EnableMFADeviceCommand({ UserName, SerialNumber: VirtualMFADevice?.SerialNumber ?? '', ...codes }),
  );
}
