/** The account that the contract is tried on, in plain data that every counterpart can be filled with. */

export interface ContractKey {
  /** Default Active. */
  readonly status?: 'Inactive';
  readonly createdAt: string;
  /** Absent: never used. */
  readonly lastUsed?: { readonly at: string; readonly service: string; readonly region: string };
}

export interface ContractUser {
  readonly name: string;
  readonly path?: string;
  readonly createdAt: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly groups?: readonly string[];
  /** ARNs of policies of this account. */
  readonly attachedPolicies?: readonly string[];
  readonly password?: { readonly lastUsed?: string };
  readonly mfa?: boolean;
  /** In the order of the credential report's slots. */
  readonly accessKeys?: readonly ContractKey[];
}

export interface ContractAccount {
  readonly id: string;
  readonly alias: string;
  /** The present of the account: what is back-dated is so against this. */
  readonly now: string;
  readonly users: readonly ContractUser[];
  /** Policies by ARN. */
  readonly groups: readonly { readonly name: string; readonly attachedPolicies?: readonly string[] }[];
  readonly roles: readonly { readonly name: string; readonly trust: { readonly externalId: string } }[];
  readonly policies: readonly { readonly name: string; readonly document: object }[];
}

/** The number of moto's account, which cannot be chosen. */
export const accountId = '123456789012';
export const readerPolicyArn = `arn:aws:iam::${accountId}:policy/ReportReader`;

const hour = 3_600_000;

/** The account as of `now`. Every age is an hour away from a whole day, so that the verdicts last for some time. */
export function contractAccount(now: Date): ContractAccount {
  const ago = (days: number) =>
    `${new Date(now.getTime() - days * 24 * hour - hour).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`;
  const used = (days: number, service = 's3', region = 'us-east-1') => ({ at: ago(days), service, region });
  const made = ago(400);
  return {
    id: accountId,
    alias: 'contract',
    now: now.toISOString(),
    groups: [{ name: 'engineers', attachedPolicies: [readerPolicyArn] }],
    roles: [{ name: 'Auditor', trust: { externalId: 'contract-1' } }],
    policies: [
      {
        name: 'ReportReader',
        document: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'iam:GetCredentialReport', Resource: '*' }],
        },
      },
    ],
    users: [
      {
        name: 'alice',
        path: '/people/',
        createdAt: made,
        tags: { owner: 'alice@example.com', 'cost center': 'R&D / 42' },
        groups: ['engineers'],
        attachedPolicies: [readerPolicyArn],
        password: { lastUsed: ago(3) },
        mfa: true,
      },
      { name: 'bob', createdAt: made, password: {} },
      { name: 'ci+build=prod@example.com', createdAt: made, accessKeys: [{ createdAt: ago(10), lastUsed: used(1) }] },
      { name: 'fresh', createdAt: made, accessKeys: [{ createdAt: ago(2) }] },
      { name: 'just-deactivated', createdAt: made, accessKeys: [inactive(ago(200), used(20, 'ec2', 'eu-central-1'))] },
      { name: 'never-used', createdAt: made, accessKeys: [{ createdAt: ago(30) }] },
      { name: 'no-keys', createdAt: made },
      { name: 'old-in-use', createdAt: made, accessKeys: [{ createdAt: ago(200), lastUsed: used(1) }] },
      {
        name: 'older-key-second',
        createdAt: made,
        accessKeys: [{ createdAt: ago(20), lastUsed: used(2) }, inactive(ago(300), used(100))],
      },
      { name: 'stale', createdAt: made, accessKeys: [{ createdAt: ago(80), lastUsed: used(60, 'ec2', 'eu-west-1') }] },
      {
        name: 'twins',
        createdAt: made,
        accessKeys: [
          { createdAt: ago(70), lastUsed: used(50) },
          { createdAt: ago(70), lastUsed: used(1) },
        ],
      },
    ],
  };
}

function inactive(createdAt: string, lastUsed: NonNullable<ContractKey['lastUsed']>): ContractKey {
  return { status: 'Inactive', createdAt, lastUsed };
}

/** What an audit by the default policy says of one user. */
export interface ExpectedFinding {
  readonly rule: string;
  readonly user: string;
  /** The access key that it names, counted from 0 in the order of the account. */
  readonly key?: number;
  /** Part of the reason. */
  readonly says: string;
}

/** All that is wrong with the users of {@link contractAccount}; fresh keys and keys in use are not among it. */
export const expectedFindings: readonly ExpectedFinding[] = [
  { rule: 'access-key-inactive', user: 'older-key-second', key: 1, says: '100 days' },
  { rule: 'access-key-never-used', user: 'never-used', key: 0, says: '30 days' },
  { rule: 'access-key-too-old', user: 'old-in-use', key: 0, says: '200 days' },
  { rule: 'access-key-unused', user: 'stale', key: 0, says: '60 days' },
  { rule: 'access-key-unused', user: 'twins', key: 0, says: '50 days' },
  { rule: 'access-keys-two-active', user: 'twins', says: '2 active' },
  { rule: 'console-mfa-missing', user: 'bob', says: 'MFA' },
  { rule: 'console-password-never-used', user: 'bob', says: '400 days' },
];
