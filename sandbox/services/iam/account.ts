import { constraintError, noSuchEntity } from '../../errors.ts';
import type { QueryOperation } from '../../http/operation.ts';
import { pageFields, pageOf } from '../../paging.ts';
import type { SandboxAccount } from '../../state/account.ts';
import type { GroupRecord, ManagedPolicyRecord, PolicyRef, RoleRecord, UserRecord } from '../../state/records.ts';
import { type XmlObject, xmlMap } from '../../xml.ts';
import { sortedTags } from './users.ts';

const listAccountAliases: QueryOperation = {
  event: 'read',
  run(params, call) {
    const { alias } = call.world.account;
    const aliases = alias === undefined ? [] : [alias];
    const page = pageOf('ListAccountAliases', aliases, (name) => name, params, call.world.paging);
    return { AccountAliases: page.items, ...pageFields(page) };
  },
};

const getAccountSummary: QueryOperation = {
  event: 'read',
  run: (_params, call) => ({ SummaryMap: xmlMap(summaryOf(call.world.account)) }),
};

const getRolePolicy: QueryOperation = {
  event: 'read',
  resource: (params) => `role ${params.get('RoleName') ?? 'null'}`,
  run(params, call) {
    const RoleName = params.required('RoleName');
    const PolicyName = params.required('PolicyName');
    const role = call.world.account.roles.find(({ name }) => name === RoleName);
    if (role === undefined) throw noSuchEntity(`The role with name ${RoleName} cannot be found.`);
    const document = role.policies.get(PolicyName);
    if (document === undefined) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
    return { RoleName, PolicyName, PolicyDocument: encodeDocument(document) };
  },
};

/** AWS managed policies that exist, whether or not they are attached to anything. */
const awsPolicies = ['', 'V2', 'V3'].map((version) => `AWSCompromisedKeyQuarantine${version}`);

/** Users, groups and roles with one managed policy, in one list, which pages as a whole. */
const listEntitiesForPolicy: QueryOperation = {
  event: 'read',
  resource: (params) => `policy ${params.get('PolicyArn') ?? 'null'}`,
  run(params, call) {
    const arn = params.required('PolicyArn');
    const filter = params.get('EntityFilter');
    const { account } = call.world;
    const entities = detailsOf(account, filter === undefined ? ['User', 'Group', 'Role'] : [filter]).filter(
      ({ attachedPolicies }) => attachedPolicies.some((policy) => policy.arn === arn),
    );
    const managed = awsPolicies.map((name) => `arn:${account.partition}:iam::aws:policy/${name}`);
    const exists = entities.length > 0 || [...managed, ...account.policies.map((policy) => policy.arn)].includes(arn);
    if (!exists) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    const page = pageOf('ListEntitiesForPolicy', entities, (item) => item.key, params, call.world.paging);
    const listed = (type: DetailType) =>
      page.items
        .filter((item) => item.type === type)
        .map(({ name, id }) => ({ [`${type}Name`]: name, [`${type}Id`]: id }));
    return {
      PolicyGroups: listed('Group'),
      PolicyUsers: listed('User'),
      PolicyRoles: listed('Role'),
      ...pageFields(page),
    };
  },
};

/** Users, groups, roles and policies in one list, which pages as a whole. */
const getAccountAuthorizationDetails: QueryOperation = {
  event: 'read',
  run(params, call) {
    const filter = params.list('Filter');
    for (const [index, type] of filter.entries()) {
      if (!detailTypes.has(type)) {
        const allowed = `Member must satisfy enum value set: [${[...detailTypes].join(', ')}]`;
        throw constraintError(type, `filter.${index + 1}.member`, allowed);
      }
    }
    const details = detailsOf(call.world.account, filter);
    const page = pageOf('GetAccountAuthorizationDetails', details, (item) => item.key, params, call.world.paging);
    const listed = (type: DetailType) => page.items.filter((item) => item.type === type).map((item) => item.render());
    return {
      UserDetailList: listed('User'),
      GroupDetailList: listed('Group'),
      RoleDetailList: listed('Role'),
      Policies: listed('LocalManagedPolicy'),
      ...pageFields(page),
    };
  },
};

export const accountOperations = {
  ListAccountAliases: listAccountAliases,
  GetAccountSummary: getAccountSummary,
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
  ListEntitiesForPolicy: listEntitiesForPolicy,
  GetRolePolicy: getRolePolicy,
};

type DetailType = 'User' | 'Group' | 'Role' | 'LocalManagedPolicy';
const detailTypes = new Set(['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy']);

interface Detail {
  readonly type: DetailType;
  /** Sorts the whole list. */
  readonly key: string;
  readonly name: string;
  readonly id: string;
  readonly attachedPolicies: readonly PolicyRef[];
  readonly render: () => XmlObject;
}

function detailsOf(account: SandboxAccount, filter: readonly string[]): Detail[] {
  const wants = (type: DetailType) => filter.length === 0 || filter.includes(type);
  const details: Detail[] = [];
  const add = <
    T extends { readonly name: string; readonly id: string; readonly attachedPolicies?: readonly PolicyRef[] },
  >(
    type: DetailType,
    order: number,
    records: readonly T[],
    render: (record: T) => XmlObject,
  ) => {
    for (const record of wants(type) ? records : []) {
      const { name, id, attachedPolicies = [] } = record;
      details.push({
        ...{ type, name, id, attachedPolicies },
        key: `${order}/${name.toLowerCase()}`,
        render: () => render(record),
      });
    }
  };
  add('User', 1, account.users(), userDetail);
  add('Group', 2, sortedByName(account.groups), groupDetail);
  add('Role', 3, sortedByName(account.roles), (role) => roleDetail(role, account.partition));
  add('LocalManagedPolicy', 4, sortedByName(account.policies), policyDetail);
  return details;
}

function userDetail(user: UserRecord): XmlObject {
  const boundary = user.permissionsBoundary;
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    UserPolicyList: Object.entries(user.inlinePolicies).map(([PolicyName, document]) => ({
      PolicyName,
      PolicyDocument: encodeDocument(document),
    })),
    GroupList: user.groups,
    AttachedManagedPolicies: user.attachedPolicies.map(policyFields),
    PermissionsBoundary:
      boundary === undefined ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary },
    Tags: sortedTags(user),
  };
}

function groupDetail(group: GroupRecord): XmlObject {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: new Date(group.createdAt),
    GroupPolicyList: [],
    AttachedManagedPolicies: group.attachedPolicies.map(policyFields),
  };
}

function roleDetail(role: RoleRecord, partition: string): XmlObject {
  const trusted = role.trustedAccounts.map((account) => `arn:${partition}:iam::${account}:root`);
  const condition =
    role.externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': role.externalId } } };
  const statement = { Effect: 'Allow', Principal: { AWS: trusted }, Action: 'sts:AssumeRole', ...condition };
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument({ Version: '2012-10-17', Statement: [statement] }),
    InstanceProfileList: [],
    RolePolicyList: [...role.policies].map(([PolicyName, document]) => ({
      PolicyName,
      PolicyDocument: encodeDocument(document),
    })),
    AttachedManagedPolicies: role.attachedPolicies.map(policyFields),
  };
}

function policyDetail(policy: ManagedPolicyRecord): XmlObject {
  const createdAt = new Date(policy.createdAt);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    IsAttachable: true,
    CreateDate: createdAt,
    UpdateDate: createdAt,
    PolicyVersionList: [
      { Document: encodeDocument(policy.document), VersionId: 'v1', IsDefaultVersion: true, CreateDate: createdAt },
    ],
  };
}

function policyFields(policy: PolicyRef): XmlObject {
  return { PolicyName: policy.name, PolicyArn: policy.arn };
}

/** IAM hands documents over URL-encoded (RFC 3986). */
function encodeDocument(document: object): string {
  return encodeURIComponent(JSON.stringify(document));
}

function sortedByName<T extends { readonly name: string }>(records: readonly T[]): T[] {
  return [...records].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

function summaryOf(account: SandboxAccount): Record<string, number> {
  const { root } = account;
  const usersWithMfa = account.users().filter((user) => user.mfa).length;
  return {
    Users: account.users().length,
    UsersQuota: account.quotas.users,
    Groups: account.groups.length,
    GroupsQuota: 300,
    Roles: account.roles.length,
    RolesQuota: 1000,
    Policies: account.policies.length,
    PoliciesQuota: 1500,
    AccessKeysPerUserQuota: account.quotas.accessKeysPerUser,
    SigningCertificatesPerUserQuota: 2,
    MFADevices: usersWithMfa + (root.mfa ? 1 : 0),
    MFADevicesInUse: usersWithMfa + (root.mfa ? 1 : 0),
    AccountMFAEnabled: Number(root.mfa),
    AccountPasswordPresent: Number(root.passwordEnabled !== false),
    AccountAccessKeysPresent: Number(root.accessKeys.length > 0),
    AccountSigningCertificatesPresent: Number(root.certificates.length > 0),
  };
}
