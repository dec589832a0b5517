import { seededRandom } from '../random.ts';
import type { AccessKeySeed, AccountSeed, UserSeed } from '../state/seed.ts';

export interface GeneratedAccount {
  /** How many users. */
  readonly users: number;
  /** Default 2. */
  readonly keysPerUser?: 0 | 1 | 2;
  /** The fraction of users, 0 to 1, whose keys are stale: old, and idle or never used. Default 0. */
  readonly staleFraction?: number;
  /** The fraction of users, 0 to 1, with a console password and MFA, in use. Default 0. */
  readonly passwordFraction?: number;
  /** Default true: each user has the tags owner, team and kind. */
  readonly tags?: boolean;
  /** Default 2026-11-20T02:30:00Z. */
  readonly now?: Date;
  /** Default 210987654321. */
  readonly accountId?: string;
  /** Another seed gives another account of the same kind. Default 0. */
  readonly randomSeed?: number;
}

const day = 86_400_000;

/**
 * An account of any size for measurements: the stale users are spread evenly over the list, all others comply with the
 * default policy (keys of 1 to 60 days used within a week; the root user has MFA and no keys).
 * With two keys per user the second one of a compliant user is inactive, because two active keys are a finding.
 */
export function seedAccount(options: GeneratedAccount): AccountSeed {
  const { users, keysPerUser = 2, staleFraction = 0, passwordFraction = 0, tags = true, randomSeed = 0 } = options;
  const now = (options.now ?? new Date('2026-11-20T02:30:00Z')).getTime();
  const random = seededRandom(randomSeed ^ users);
  const width = String(users).length;
  const generated: UserSeed[] = [];
  for (let index = 0; index < users; index++) {
    const stale = Math.floor((index + 1) * staleFraction) > Math.floor(index * staleFraction);
    const name = `user-${String(index + 1).padStart(width, '0')}`;
    const keys = stale ? staleKeys(keysPerUser, now, random) : tidyKeys(keysPerUser, now, random);
    generated.push({
      name,
      createdAt: iso(now - 1500 * day),
      ...(tags ? { tags: tagsOf(name, index) } : {}),
      ...(random() < passwordFraction ? passwordOf(now, random) : {}),
      accessKeys: random() < 0.5 ? keys : keys.toReversed(),
    });
  }
  return {
    now: iso(now),
    id: options.accountId ?? '210987654321',
    alias: `generated-${users}`,
    root: { createdAt: iso(now - 2000 * day), mfa: true, passwordLastUsed: iso(now - 400 * day) },
    users: generated,
    quotas: { users: Math.max(5000, users) },
  };
}

function tidyKeys(count: number, now: number, random: () => number): AccessKeySeed[] {
  const created = now - (8 + random() * 52) * day;
  const active = { createdAt: iso(created), lastUsed: { at: iso(now - random() * 7 * day), service: 's3' } };
  const inactive = {
    createdAt: iso(created - 20 * day),
    status: 'Inactive' as const,
    lastUsed: { at: iso(created), service: 's3' },
  };
  return [active, inactive].slice(0, count);
}

/** One key idle for 46 to 500 days, one never used. */
function staleKeys(count: number, now: number, random: () => number): AccessKeySeed[] {
  const idle = 46 + random() * 454;
  const used = { createdAt: iso(now - (idle + 100) * day), lastUsed: { at: iso(now - idle * day), service: 'ec2' } };
  const unused = { createdAt: iso(now - (95 + random() * 700) * day) };
  return [used, unused].slice(0, count);
}

function passwordOf(now: number, random: () => number): Pick<UserSeed, 'password' | 'mfa'> {
  const lastUsed = now - random() * 20 * day;
  return { password: { lastChanged: iso(lastUsed - 30 * day), lastUsed: iso(lastUsed) }, mfa: true };
}

function tagsOf(name: string, index: number): Record<string, string> {
  return { owner: `${name}@example.com`, team: `team-${index % 20}`, kind: index % 3 === 0 ? 'machine' : 'person' };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
