/** An account and its ledger on a night on which something of everything is due. */
import { DAY } from '../../core/duration.ts';
import { addTo } from '../../core/lifecycle/decision.ts';
import type { Ledger, LedgerEntry } from '../../core/lifecycle/ledger.ts';
import type { AccessKeySeed, AccountSeed } from '../../sandbox/index.ts';
import type { GroupSeed, UserSeed } from '../../sandbox/state/seed.ts';
import { account, firstNight, openSweepWorld, type SweepWorld, type SweepWorldOptions } from './sweep-world.ts';

export const dueKey = 'AKIADUEAAAAAAAAAAAAA';
export const doomedKey = 'AKIADOOMEDAAAAAAAAAA';
export const newKey = 'AKIANEWAAAAAAAAAAAAA';
export const restoredKey = 'AKIARESTOREDAAAAAAAA';
const usedKey = 'AKIAUSEDAAAAAAAAAAAA';
const missingKey = 'AKIAGONEAAAAAAAAAAAA';
export const finalKey = 'AKIAFINALAAAAAAAAAAA';
export const secondDueKey = 'AKIADUETWOAAAAAAAAAA';

const createdAt = '2026-03-01T00:00:00.000Z';
const longAgo = { at: '2026-04-01T00:00:00Z' };
const yesterday = { at: '2026-11-01T12:00:00Z' };

function user(name: string, ...accessKeys: readonly AccessKeySeed[]) {
  return { name, accessKeys, tags: { owner: `${name}@example.com` } };
}

export const mixedSeed = {
  id: account,
  alias: 'acme',
  now: firstNight.toISOString(),
  users: [
    user('alice', { id: dueKey, createdAt, lastUsed: longAgo }, { id: doomedKey, createdAt, status: 'Inactive' }),
    user('bob', { id: newKey, createdAt }),
    user('erin', { id: restoredKey, createdAt, lastUsed: yesterday }),
    user('frank', { id: usedKey, createdAt: '2026-10-01T00:00:00Z', lastUsed: yesterday }),
    user('gina'),
    user('hank', { id: finalKey, createdAt, lastUsed: longAgo }),
    user('ivan', { id: secondDueKey, createdAt, lastUsed: { at: '2026-05-01T00:00:00Z' } }),
  ],
} satisfies AccountSeed;

const everyRule = ['access-key-unused', 'access-key-never-used', 'access-key-too-old'] as const;

const past = (days: number) => addTo(firstNight, -days * DAY);

function warned(days: number, isFinal = false) {
  const firstNoticeAt = past(days);
  const deactivateAt = addTo(firstNoticeAt, 14 * DAY);
  const final = isFinal ? { finalNoticeAt: past(1) } : {};
  const warning = { firstNoticeAt, lastNoticeAt: past(Math.min(days, isFinal ? 1 : 6)), deactivateAt, ...final };
  return { stage: 'warned', rules: everyRule, warning } as const;
}

function deactivated(days: number, isFinal = false) {
  const at = past(days);
  const deleteAt = addTo(at, 30 * DAY);
  const final = isFinal ? { finalNoticeAt: past(1) } : {};
  const deactivation = { at, by: 'keysweep', deleteAt, ...final } as const;
  return { stage: 'deactivated', rules: everyRule, deactivation } as const;
}

const remembered: readonly [id: string, user: string, fields: Pick<LedgerEntry, 'stage' | 'rules'>][] = [
  [dueKey, 'alice', warned(14, true)],
  [doomedKey, 'alice', deactivated(30, true)],
  [restoredKey, 'erin', deactivated(10)],
  [usedKey, 'frank', warned(8)],
  [missingKey, 'gina', warned(8)],
  [finalKey, 'hank', warned(13)],
  [secondDueKey, 'ivan', warned(14, true)],
];

/** As many as the moments that an entry records. */
const writesBefore = 4;

/** Writes what earlier nights have left in the ledger of {@link mixedSeed}, or of some of its users. */
export async function rememberEarlierNights(
  ledger: Ledger,
  users: readonly UserSeed[] = mixedSeed.users,
): Promise<void> {
  const names = new Set(users.map(({ name }) => name));
  for (const [id, name, fields] of remembered) {
    if (!names.has(name)) continue;
    const entry: LedgerEntry = {
      account,
      credential: { kind: 'access-key', id },
      principal: { kind: 'user', name, arn: `arn:aws:iam::${account}:user/${name}` },
      createdAt: new Date(id === usedKey ? '2026-10-01T00:00:00Z' : createdAt),
      version: 1,
      since: past(14),
      updatedAt: past(1),
      ...fields,
    };
    const event = { account, credential: entry.credential, at: past(2), sweep: 'earlier', by: 'keysweep' } as const;
    const way = { type: 'warned', from: 'compliant', to: entry.stage, detail: 'for a test' } as const;
    for (let version = 1; version <= writesBefore; version++)
      await ledger.write({ ...entry, version }, { ...event, ...way, version });
  }
}

/** What makes users of {@link openMixedNight} more urgent than others, by their names. */
export type Risks = Readonly<Record<string, Pick<UserSeed, 'attachedPolicies' | 'groups'>>>;

export interface MixedNightOptions extends Omit<SweepWorldOptions, 'seed'> {
  readonly risks?: Risks;
  readonly groups?: readonly GroupSeed[];
}

export async function openMixedNight(options: MixedNightOptions = {}): Promise<SweepWorld> {
  const { risks = {}, groups = [], ...others } = options;
  const users = mixedSeed.users.map((user): UserSeed => ({ ...user, ...risks[user.name] }));
  const world = await openSweepWorld({ ...others, seed: { ...mixedSeed, users, groups } });
  await rememberEarlierNights(world.ledger);
  return world;
}

/** What people were notified of, over all messages: `SECTION KEY`, in order. */
export function notifiedIn(bodies: readonly string[]): readonly string[] {
  return bodies.flatMap((body) => {
    let section = '';
    return body.split('\n').flatMap((line) => {
      section = /^([A-Z][A-Z ,:]+)(?: \(\d+ [^)]*\))$/.exec(line)?.[1] ?? section;
      const id = /^\d+\. (\w+) of /.exec(line)?.[1];
      return id === undefined ? [] : [`${section} ${id}`];
    });
  });
}

/** Everything that must be the same in the end, however the night went: the keys in IAM and the ledger's stages and clocks. */
export async function endState({ sandbox, ledger }: SweepWorld): Promise<unknown> {
  const keys = sandbox.account
    .users()
    .flatMap(({ name, accessKeys }) => [...accessKeys].map((key) => `${name} ${key.id} ${key.status}`));
  const entries = (await ledger.entries(account)).entries;
  return {
    keys,
    entries: entries.map(({ version: _, updatedAt: __, notice: ___, intent, ...rest }) => ({
      ...rest,
      intent: intent?.action,
    })),
  };
}
