/** What a decision rests on, and what the decisions about active and inactive credentials share. */
import { describeDuration, MINUTE } from '../duration.ts';
import { given } from '../given.ts';
import type { CredentialThresholds, RuleName } from '../kinds/kind.ts';
import { type LifecycleRule, ruleOf } from '../kinds/rules.ts';
import type { MatchFacts } from '../policy/match.ts';
import type { Policy } from '../policy/policy.ts';
import { closedBecause } from './calendar.ts';
import type { Change, Decision, SkipReason } from './decision.ts';
import { localDate } from './local-time.ts';
import type { CredentialState, LiveStatus } from './state.ts';

type Skip = Extract<Decision, { readonly type: 'skip' }>;
type Seen = Extract<LiveStatus, { readonly kind: 'seen' }>;

/** Everything a decision rests on, once the credential was seen and its thresholds are certain. */
export interface Case {
  readonly state: CredentialState;
  readonly seen: Seen;
  readonly limits: CredentialThresholds;
  readonly policy: Policy;
  readonly now: Date;
}

/** Every change needs the right mode, an open calendar and a final notice. A change that has to wait keeps its place. */
export function skipChange(
  { mode, calendar }: Policy,
  now: Date,
  dueAt: Date,
  finalNoticeAt: Date | undefined,
): Skip | undefined {
  if (mode !== 'enforce')
    return skip('mode', `overdue since ${localDate(calendar.timezone, dueAt)}; mode ${mode} changes nothing`, dueAt);
  const closed = closedBecause(calendar, now);
  if (closed !== undefined) return skip('calendar', closed);
  return finalNoticeAt === undefined ? skip('waiting', 'a final notice must be sent first') : undefined;
}

/** The rule with this name for the kind of the credential. */
export function ruleFor({ credential }: Pick<CredentialState, 'credential'>, name: RuleName): LifecycleRule {
  return ruleOf(credential.kind, name);
}

export function describeReasons({ findings }: CredentialState): string {
  return findings
    .filter(({ status }) => status === 'fail')
    .map(({ reason }) => reason)
    .join('; ');
}

export function factsOf({ account, principal, tags, credential }: CredentialState) {
  return { account, principal, tags, credential } satisfies MatchFacts;
}

/** Adds to a change that has to wait that a final notice has promised it for that night. */
export function withPromise(skipped: Skip, change: Change['type'], night: Date): Skip {
  return { ...skipped, promised: { change, night } };
}

export function skip(skipReason: SkipReason, why: string, until?: Date): Skip {
  return { type: 'skip', skipReason, why, ...given({ until }) };
}

export function ago(time: Date, now: Date): string {
  const passed = now.getTime() - time.getTime();
  return passed < MINUTE ? 'just now' : `${describeDuration(passed)} ago`;
}
