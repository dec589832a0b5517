import type { IdSource } from './ids.ts';
import type {
  AccessKeyRecord,
  CertificateRecord,
  GroupRecord,
  ManagedPolicyRecord,
  PolicyRef,
  RoleRecord,
  RootRecord,
  UserRecord,
} from './records.ts';
import type { AccessKeySeed, AccountSeed, CertificateSeed, RoleSeed, RootSeed, UserSeed, UseSeed } from './seed.ts';
import { type Use, UseHistory } from './use-history.ts';

/** What records are made of beside the seed. */
export interface BuildContext {
  readonly accountId: string;
  readonly partition: string;
  readonly ids: IdSource;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Cuts milliseconds off, as IAM does. */
export function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

/** Services whose uses IAM shows with the region N/A. */
const regionless = new Set(['s3', 'route53', 'cloudfront']);

export function regionOf(service: string, region: string | undefined): string {
  return region ?? (regionless.has(service) ? 'N/A' : 'us-east-1');
}

function iamArn(context: BuildContext, resource: string): string {
  return `arn:${context.partition}:iam::${context.accountId}:${resource}`;
}

export function buildUser(seed: UserSeed, context: BuildContext): UserRecord {
  const path = seed.path ?? '/';
  const createdAt = seed.createdAt === undefined ? oldest(userTimes(seed), context.now) : parse(seed.createdAt);
  return {
    name: seed.name,
    sortKey: seed.name.toLowerCase(),
    path,
    id: context.ids.next('AIDA'),
    arn: iamArn(context, `user${path}${seed.name}`),
    createdAt,
    tags: new Map(Object.entries(seed.tags ?? {})),
    groups: seed.groups ?? [],
    attachedPolicies: (seed.attachedPolicies ?? []).map((policy) => policyRef(policy, context)),
    inlinePolicies: seed.policies ?? {},
    permissionsBoundary: seed.permissionsBoundary,
    password: buildPassword(seed, createdAt),
    mfa: seed.mfa ?? false,
    accessKeys: (seed.accessKeys ?? []).map((key, index) => buildAccessKey(key, index + 1, context)),
    certificates: (seed.certificates ?? []).map(buildCertificate),
    additionalCredentialsInfo: seed.additionalCredentialsInfo,
  };
}

export function buildRoot(seed: RootSeed | undefined, account: AccountSeed, context: BuildContext): RootRecord {
  const createdAt =
    seed?.createdAt === undefined
      ? oldest([...account.users.flatMap(userTimes), ...keyTimes(seed?.accessKeys)], context.now)
      : parse(seed.createdAt);
  return {
    arn: iamArn(context, 'root'),
    createdAt,
    passwordEnabled: seed?.passwordEnabled ?? true,
    passwordChangedAt: seed?.passwordLastChanged === undefined ? createdAt : parse(seed.passwordLastChanged),
    passwordUses: new UseHistory(signIn(seed?.passwordLastUsed)),
    mfa: seed?.mfa ?? false,
    accessKeys: (seed?.accessKeys ?? []).map((key, index) => buildAccessKey(key, index + 1, context)),
    certificates: (seed?.certificates ?? []).map(buildCertificate),
  };
}

export function buildRole(seed: RoleSeed, context: BuildContext): RoleRecord {
  const path = seed.path ?? '/';
  return {
    name: seed.name,
    path,
    id: context.ids.next('AROA'),
    arn: iamArn(context, `role${path}${seed.name}`),
    createdAt: wholeSeconds(context.now),
    policies: new Map(Object.entries(seed.policies ?? {})),
    trustedAccounts: seed.trust.accounts ?? [context.accountId],
    externalId: seed.trust.externalId,
    maxSessionDuration: seed.maxSessionDuration ?? 3600,
    attachedPolicies: (seed.attachedPolicies ?? []).map((policy) => policyRef(policy, context)),
  };
}

/** The groups described, and those that users only name. */
export function buildGroups(account: AccountSeed, context: BuildContext): GroupRecord[] {
  const described = new Map((account.groups ?? []).map((group) => [group.name, group]));
  for (const name of account.users.flatMap((user) => user.groups ?? [])) {
    if (!described.has(name)) {
      described.set(name, { name });
    }
  }
  return [...described.values()].map((group) => ({
    name: group.name,
    path: group.path ?? '/',
    id: context.ids.next('AGPA'),
    arn: iamArn(context, `group${group.path ?? '/'}${group.name}`),
    createdAt: wholeSeconds(context.now),
    attachedPolicies: (group.attachedPolicies ?? []).map((policy) => policyRef(policy, context)),
  }));
}

export function buildPolicies(account: AccountSeed, context: BuildContext): ManagedPolicyRecord[] {
  return (account.policies ?? []).map((policy) => ({
    name: policy.name,
    path: policy.path ?? '/',
    id: context.ids.next('ANPA'),
    arn: iamArn(context, `policy${policy.path ?? '/'}${policy.name}`),
    createdAt: wholeSeconds(context.now),
    document: policy.document,
  }));
}

/** A policy by its ARN, or an AWS managed policy by its name. */
export function policyRef(policy: string, context: Pick<BuildContext, 'partition'>): PolicyRef {
  if (!policy.startsWith('arn:')) {
    return { name: policy, arn: `arn:${context.partition}:iam::aws:policy/${policy}` };
  }
  return { name: policy.slice(policy.lastIndexOf('/') + 1), arn: policy };
}

function buildAccessKey(seed: AccessKeySeed, slot: number, context: BuildContext): AccessKeyRecord {
  return {
    id: seed.id ?? context.ids.next('AKIA'),
    secret: seed.secret ?? context.ids.secret(),
    createdAt: parse(seed.createdAt),
    slot,
    status: seed.status ?? 'Active',
    uses: new UseHistory(seed.lastUsed === undefined ? undefined : buildUse(seed.lastUsed)),
  };
}

function buildUse(seed: UseSeed): Use {
  const service = seed.service ?? 'sts';
  return { at: parse(seed.at), service, region: regionOf(service, seed.region) };
}

function buildPassword(seed: UserSeed, createdAt: number): UserRecord['password'] {
  if (seed.password === undefined || seed.password.enabled === false) {
    return undefined;
  }
  const changedAt = seed.password.lastChanged === undefined ? createdAt : parse(seed.password.lastChanged);
  return { createdAt: changedAt, changedAt, uses: new UseHistory(signIn(seed.password.lastUsed)) };
}

function buildCertificate(seed: CertificateSeed): CertificateRecord {
  return { status: seed.status ?? 'Active', createdAt: parse(seed.createdAt) };
}

function signIn(at: string | undefined): Use | undefined {
  return at === undefined ? undefined : { at: parse(at), service: 'signin', region: 'us-east-1' };
}

function userTimes(seed: UserSeed): number[] {
  const own = [seed.createdAt, seed.password?.lastChanged, seed.password?.lastUsed].filter(
    (time) => time !== undefined,
  );
  const certificates = (seed.certificates ?? []).map((certificate) => parse(certificate.createdAt));
  return [...own.map(parse), ...keyTimes(seed.accessKeys), ...certificates];
}

function keyTimes(keys: readonly AccessKeySeed[] | undefined): number[] {
  return (keys ?? []).map((key) => parse(key.createdAt));
}

function oldest(times: readonly number[], now: number): number {
  return times.reduce((least, time) => Math.min(least, time), wholeSeconds(now));
}

function parse(text: string): number {
  return wholeSeconds(Date.parse(text));
}
