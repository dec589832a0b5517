/** Users, keys and owners for the emulated account of `npm run emulator`: something of each kind that keysweep looks at. */
import type { Emulator, LastUse } from './emulator.ts';

/** Days before the present. `always`: in use every day from then on. */
type Used = number | 'always';

interface SeededKey {
  readonly created: number;
  /** @default - never */
  readonly used?: Used;
  readonly service?: string;
  readonly isInactive?: boolean;
}

export interface SeededUser {
  readonly name: string;
  /** What a person should expect of it. */
  readonly about: string;
  readonly owner?: string;
  readonly keys?: readonly SeededKey[];
  /** Set so many days ago, and used. */
  readonly password?: { readonly created: number; readonly used: Used; readonly hasMfa: boolean };
}

export const seededUsers: readonly SeededUser[] = [
  {
    name: 'report-export',
    about: 'key unused for 120 days: gets a first notice, and is deactivated a week later',
    owner: 'data@example.com',
    keys: [{ created: 300, used: 120, service: 's3' }],
  },
  {
    name: 'legacy-sync',
    about: 'key never used since its creation 800 days ago, and no owner: the same',
    keys: [{ created: 800 }],
  },
  {
    name: 'deploy-bot',
    about: 'key 400 days old, in use every day: its owner is asked to rotate it, it is not deactivated',
    owner: 'platform@example.com',
    keys: [{ created: 400, used: 'always', service: 'cloudformation' }],
  },
  {
    name: 'carol',
    about: 'two active keys: one in use every day, one unused for 100 days, which gets a first notice',
    owner: 'carol@example.com',
    keys: [
      { created: 200, used: 100 },
      { created: 60, used: 'always' },
    ],
  },
  {
    name: 'bob',
    about: 'console password unused for 90 days, no MFA: reported only',
    owner: 'bob@example.com',
    password: { created: 500, used: 90, hasMfa: false },
  },
  {
    name: 'old-backup',
    about: 'key that someone deactivated: unused for 250 days, on its way to deletion',
    owner: 'platform@example.com',
    keys: [{ created: 400, used: 250, isInactive: true }],
  },
  {
    name: 'break-glass-1',
    about: 'key never used, but exempt in the policy file',
    owner: 'security@example.com',
    keys: [{ created: 200 }],
  },
  { name: 'new-service', about: 'key of yesterday: nothing to find yet', keys: [{ created: 1 }] },
  {
    name: 'alice',
    about: 'password with MFA and a recent key, both in use: nothing to find',
    owner: 'alice@example.com',
    keys: [{ created: 30, used: 'always' }],
    password: { created: 300, used: 'always', hasMfa: true },
  },
];

/** What the root user is: without MFA, which is critical, and last used this many days ago. */
const rootUsed = 200;

const day = 86_400_000;

/** The policy that goes with these users: short periods, so that few nights show everything. */
export function policyOfSeed(now: Date): string {
  const expires = new Date(now.getTime() + 180 * day).toISOString().slice(0, 10);
  return `# The policy of the emulated account. Change it and deploy again.
version: 1
mode: enforce
accessKeys:
  warn: [7d, 1d]         # a first notice a week before the deactivation, a final notice a day before
  deleteAfter: 30d
calendar:
  days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun]
exemptions:
  - match: { user: "break-glass-*" }
    rules: "*"
    reason: sealed emergency access
    owner: security@example.com
    expires: ${expires}
deployment:
  schedule: { at: "04:30", flexibleWindow: 0m }
  email: [security@example.com]
`;
}

/** Creates the users, each thing at its time, and leaves the clock at `now`. */
export async function seedAccount(emulator: Emulator, now: Date): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * day);
  const lastUse = (used: Used): LastUse['at'] => (used === 'always' ? used : ago(used));
  const steps = seededUsers.flatMap((user) => stepsOf(user, emulator, lastUse));
  for (const { days, run } of steps.toSorted((a, b) => b.days - a.days)) {
    await emulator.moveTo(ago(days).toISOString());
    await run();
  }
  await emulator.use('root', { at: ago(rootUsed) });
  await emulator.moveTo(now.toISOString());
}

interface Step {
  /** Days before the present. */
  readonly days: number;
  run(): Promise<void>;
}

/** A user is as old as the oldest of what it has. */
function stepsOf(
  { name: UserName, owner, keys = [], password }: SeededUser,
  { call, use }: Emulator,
  lastUse: (used: Used) => LastUse['at'],
): readonly Step[] {
  const createUser = async () => {
    await call('iam', 'CreateUser', { UserName, ...(owner && { Tags: [{ Key: 'owner', Value: owner }] }) });
  };
  const age = Math.max(...keys.map(({ created }) => created), password?.created ?? 0);
  const steps: Step[] = [{ days: age + 1, run: createUser }];
  for (const { created, used, service, isInactive } of keys) {
    const run = async () => {
      const { AccessKey } = await call<{ AccessKey: { AccessKeyId: string } }>('iam', 'CreateAccessKey', { UserName });
      const { AccessKeyId } = AccessKey;
      if (used !== undefined) await use(AccessKeyId, { at: lastUse(used), ...(service && { service }) });
      if (isInactive) await call('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status: 'Inactive' });
    };
    steps.push({ days: created, run });
  }
  if (password !== undefined) steps.push({ days: password.created, run: () => setPassword(password) });
  return steps;

  async function setPassword({ used, hasMfa }: NonNullable<SeededUser['password']>): Promise<void> {
    await call('iam', 'CreateLoginProfile', { UserName, Password: 'only-emulated-1' });
    await use(`password of ${UserName}`, { at: lastUse(used) });
    if (!hasMfa) return;
    const { VirtualMFADevice } = await call<{ VirtualMFADevice: { SerialNumber: string } }>(
      'iam',
      'CreateVirtualMFADevice',
      { VirtualMFADeviceName: UserName },
    );
    const { SerialNumber } = VirtualMFADevice;
    const codes = { AuthenticationCode1: '000000', AuthenticationCode2: '000001' };
    await call('iam', 'EnableMFADevice', { UserName, SerialNumber, ...codes });
  }
}
