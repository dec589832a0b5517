/** Lifecycle states as plain data, for tests of decisions and plans. */

import { DAY } from '../../core/duration.ts';
import type { CredentialThresholds } from '../../core/kinds/kind.ts';
import { addTo, latest } from '../../core/lifecycle/decision.ts';
import type { LedgerEntry, Stage } from '../../core/lifecycle/ledger.ts';
import { judgeLiveStatus } from '../../core/lifecycle/reasons.ts';
import type { CredentialState, LiveStatus } from '../../core/lifecycle/state.ts';
import type { LastUse } from '../../core/model.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { account } from './report-builder.ts';

/** A Wednesday: changes are allowed by the default calendar. */
export const now = new Date('2026-11-18T04:30:00.000Z');

export const sweep = 'sweep-1';

/** `age` milliseconds before {@link now}. */
export function past(age: number): Date {
  return addTo(now, -age);
}

export function enforcing(fields: Partial<Policy> = {}, accessKeys: Partial<CredentialThresholds> = {}): Policy {
  return { ...defaultPolicy, mode: 'enforce', ...fields, accessKeys: { ...defaultPolicy.accessKeys, ...accessKeys } };
}

export const usedLongAgo: LastUse = { kind: 'used', at: past(120 * DAY) };
export const inUse: LastUse = { kind: 'used', at: past(DAY) };

export type Seen = Extract<LiveStatus, { readonly kind: 'seen' }>;

/** An active key, 200 days old, idle for 120 days. */
export function seen(fields: Partial<Seen> = {}): Seen {
  return { kind: 'seen', status: 'Active', createdAt: past(200 * DAY), lastUse: usedLongAgo, ...fields };
}

const blank: CredentialState = {
  account,
  principal: { kind: 'user', name: 'alice', arn: `arn:aws:iam::${account}:user/alice` },
  credential: { kind: 'access-key', id: 'AKIAALICE' },
  tags: { known: true, value: {} },
  liveStatus: seen(),
  findings: [],
};

export interface StateOptions {
  readonly liveStatus?: LiveStatus;
  readonly entry?: LedgerEntry;
  readonly tags?: CredentialState['tags'];
  readonly id?: string;
  readonly user?: string;
  readonly exposed?: boolean;
  readonly privileged?: boolean;
  readonly at?: Date;
}

/** A state with the findings that the rules have on what was seen. */
export function stateOf(options: StateOptions = {}, policy: Policy = enforcing()): CredentialState {
  const { liveStatus = seen(), id = 'AKIAALICE', user = 'alice', at = now, ...rest } = options;
  const principal = { kind: 'user' as const, name: user, arn: `arn:aws:iam::${account}:user/${user}` };
  const state = { ...blank, ...rest, principal, credential: { kind: 'access-key' as const, id } };
  const { entry } = state;
  const isShown = entry !== undefined && liveStatus.kind === 'seen';
  const known = isShown ? { ...state, entry: { ...entry, createdAt: liveStatus.createdAt } } : state;
  return judgeLiveStatus(known, liveStatus, policy, at);
}

export function entryOf(stage: Stage, fields: Partial<LedgerEntry> = {}): LedgerEntry {
  const { account: owner, credential, principal } = blank;
  return {
    account: owner,
    credential,
    principal,
    createdAt: past(200 * DAY),
    version: 20,
    stage,
    since: fields.updatedAt ?? past(10 * DAY),
    updatedAt: lastWriteOf(fields),
    rules: ['access-key-unused'],
    ...fields,
  };
}

/** Ten days ago, or when the last thing was recorded. */
function lastWriteOf({ warning, deactivation, restoration, deletion, intent }: Partial<LedgerEntry>): Date {
  const moments = [
    warning?.lastNoticeAt,
    warning?.deferral?.at,
    deactivation?.at,
    deactivation?.finalNoticeAt,
    deactivation?.deferral?.at,
    restoration?.at,
    deletion?.at,
    intent?.at,
  ];
  return latest(past(10 * DAY), ...moments.filter((time) => time !== undefined));
}

/** Warned `age` ago by the default policy: 14 days of warning. */
export function warned(age: number, fields: Partial<NonNullable<LedgerEntry['warning']>> = {}): LedgerEntry {
  const firstNoticeAt = past(age);
  const warning = {
    firstNoticeAt,
    lastNoticeAt: firstNoticeAt,
    deactivateAt: addTo(firstNoticeAt, 14 * DAY),
    ...fields,
  };
  const rules = ['access-key-unused', 'access-key-never-used', 'access-key-too-old'] as const;
  return entryOf('warned', { since: warning.firstNoticeAt, rules, warning });
}

/** Deactivated `age` ago by keysweep, to be deleted 30 days after it. */
export function deactivated(age: number, fields: Partial<NonNullable<LedgerEntry['deactivation']>> = {}): LedgerEntry {
  const at = past(age);
  const deactivation = { at, by: 'keysweep' as const, deleteAt: addTo(at, 30 * DAY), ...fields };
  return entryOf('deactivated', { since: deactivation.at, deactivation });
}
