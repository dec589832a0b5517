import type { AccessKeySeed, UserSeed } from '../state/seed.ts';
import { daysAgo } from './acme-time.ts';

/** A last use: so many days ago, of which service, where. */
export function used(days: number, service: string, region = 'eu-central-1'): AccessKeySeed['lastUsed'] & object {
  return { at: daysAgo(days), service, region: service === 's3' ? 'N/A' : region };
}

/** An active key, created so many days ago; without a use it was never used. */
export function key(createdDays: number, lastUsed?: AccessKeySeed['lastUsed']): AccessKeySeed {
  return { createdAt: daysAgo(createdDays), ...(lastUsed === undefined ? {} : { lastUsed }) };
}

export function inactiveKey(createdDays: number, lastUsed?: AccessKeySeed['lastUsed']): AccessKeySeed {
  return { ...key(createdDays, lastUsed), status: 'Inactive' };
}

/** A password changed and last used so many days ago; without a use it was never used. */
export function password(changedDays: number, usedDays?: number): NonNullable<UserSeed['password']> {
  return { lastChanged: daysAgo(changedDays), ...(usedDays === undefined ? {} : { lastUsed: daysAgo(usedDays) }) };
}

/** Someone who works at acme: MFA and the team's groups unless given. */
export function person(name: string, team: string, createdDays: number, more: Partial<UserSeed> = {}): UserSeed {
  return {
    name,
    path: '/people/',
    createdAt: daysAgo(createdDays),
    tags: { owner: `${name}@acme.example`, team, kind: 'person' },
    groups: [team],
    mfa: true,
    ...more,
  };
}

/** A program with keys; its owner is the team. */
export function machine(
  name: string,
  team: string,
  keys: readonly AccessKeySeed[],
  more: Partial<UserSeed> = {},
): UserSeed {
  return {
    name,
    path: '/machines/',
    tags: { owner: `team-${team}@acme.example`, team, kind: 'machine' },
    groups: ['machines'],
    accessKeys: keys,
    ...more,
  };
}
