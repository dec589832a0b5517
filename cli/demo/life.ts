import { DAY, HOUR } from '../../core/duration.ts';
import { given } from '../../core/given.ts';
import { type AccountSeed, acmeAccount, type Sandbox } from '../../sandbox/index.ts';

/** Users whose keys are too old and in use, like others that stay. */
const leftOut: ReadonlySet<string> = new Set([
  'print-kiosk',
  'smtp-relay',
  'notebook-sharing',
  'Zoe.Martin',
  'fatima.zahra',
  'chidi.okafor',
  'adam.novak',
  'ivan.petrov',
  'carla.mendes',
  'kenji.tanaka',
  'payment-webhook',
  'grafana-reader',
  'exactly-90-days',
  'search-indexer',
]);

/**
 * The part of acme that the nights are about: some thirty users, so that 120 nights over real HTTP take seconds. Users
 * left out have no access key, or behave like a user that is here. Each key has the id that it has in the whole account:
 * readers look for the keys of the audit in the nights.
 */
export function keyHoldersOf({ account }: Pick<Sandbox, 'account'>): AccountSeed {
  const holders = acmeAccount.users.filter(({ name, accessKeys = [] }) => accessKeys.length > 0 && !leftOut.has(name));
  return {
    ...acmeAccount,
    users: holders.map(({ accessKeys = [], ...user }) => {
      const ids = account.user(user.name).accessKeys.map(({ id }) => id);
      return { ...user, accessKeys: accessKeys.map((key, at) => ({ ...key, ...given({ id: ids[at] }) })) };
    }),
  };
}

/** Something that a person does, or that happens to a service, before the sweep of a night (from 1). */
export interface Happening {
  readonly night: number;
  /** Whose oldest key it is about. */
  readonly user: string;
  /** @param key how the key is named to the reader */
  readonly text: (key: string) => string;
  readonly act: (key: string, sandbox: Sandbox, use: DailyUse) => void;
}

/** How the demo names a key: its user stands beside it, and may have two. */
export function endOfId(accessKeyId: string): string {
  return `..${accessKeyId.slice(-4)}`;
}

/** Nights on which the sweep itself fails. */
export const throttledNight = 49;
export const crashedNight = 19;

/** The job that runs once a quarter, with a key that looks forgotten in between. */
export const quarterlyJob = { user: 'warehouse-loader', night: 26 } as const;

/** What people do in these months. */
export const happenings: readonly Happening[] = [
  {
    night: 4,
    user: 'pavel.dvorak',
    text: (key) => `pavel.dvorak reads the notice and deletes the never-used key (${key})`,
    act: (key, { account }) => account.deleteAccessKey(key),
  },
  {
    night: 6,
    user: 'hr-import',
    text: (key) => `hr-import (${key}) runs again`,
    act: (key, { account, clock }) => {
      account.useAccessKey(key, hoursBefore(clock.now(), 3), 'sqs', 'eu-central-1');
    },
  },
  {
    night: 21,
    user: 'quentin.leroy',
    text: (key) =>
      `quentin.leroy switches to the newer of two keys, as the reminder asks, and stops using the other (${key})`,
    act: (key, _, use) => use.stop(key),
  },
];

/** Every key used lately stays in use: once a day, shortly before the sweep. */
export class DailyUse {
  readonly #keys: Set<string>;

  constructor({ account, clock }: Sandbox) {
    const lately = clock.now().getTime() - 14 * DAY;
    const keys = account.users().flatMap(({ accessKeys }) => accessKeys);
    const inUse = keys.filter(({ status, uses }) => status === 'Active' && (uses.latest()?.at ?? 0) > lately);
    this.#keys = new Set(inUse.map(({ id }) => id));
  }

  start(accessKeyId: string): void {
    this.#keys.add(accessKeyId);
  }

  stop(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
  }

  /** The sandbox records each use that it rejects: `account.usage.refused`. */
  useAll({ account, clock }: Sandbox): void {
    const at = hoursBefore(clock.now(), 4);
    for (const id of this.#keys) {
      const { service, region } = account.findAccessKey(id)?.key.uses.latest() ?? {
        service: 'sts',
        region: 'us-east-1',
      };
      account.useAccessKey(id, at, service, region);
    }
  }
}

export function oldestKey(account: Sandbox['account'], userName: string): string {
  const [oldest] = account.user(userName).accessKeys.toSorted((a, b) => a.createdAt - b.createdAt);
  if (oldest === undefined) throw new RangeError(`${userName} has no access key`);
  return oldest.id;
}

export function youngestKey(account: Sandbox['account'], userName: string): string {
  const youngest = account
    .user(userName)
    .accessKeys.toSorted((a, b) => a.createdAt - b.createdAt)
    .at(-1);
  if (youngest === undefined) throw new RangeError(`${userName} has no access key`);
  return youngest.id;
}

function hoursBefore(time: Date, hours: number): Date {
  return new Date(time.getTime() - hours * HOUR);
}
