/** Everything that is known about one credential, and what comes next for it. Pure. */

import { summarize } from '../audit.ts';
import { given } from '../given.ts';
import { accessKey } from '../kinds/access-key.ts';
import type {
  Account,
  Finding,
  Observation,
  ObservedCredential,
  ObservedPrincipal,
  Principal,
  Quarantine,
  ReportFacts,
} from '../model.ts';
import { plausibleCredentials } from '../plausible-creation.ts';
import { type ApplicablePolicy, applicablePolicy } from '../policy/applicable.ts';
import type { Policy } from '../policy/policy.ts';
import { createEvaluator } from '../rules/evaluate.ts';
import { ruleById } from '../rules/index.ts';
import { tagValue } from '../tags.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { doubtCreation, doubtEntry, withUseAsOf } from './doubts.ts';
import { type ForecastEvent, forecast } from './forecast.ts';
import { deliveredState, openItem, pastNoticeFirst } from './item.ts';
import { liveStatusOf } from './join.ts';
import type { Deferral, LedgerEntry, LedgerEvent, RetirableRef, Stage } from './ledger.ts';
import type { SweepRecords } from './pending.ts';
import { judgeLiveStatus } from './reasons.ts';
import { nothingRemembered } from './remembered.ts';
import { takeSnapshot } from './snapshot.ts';
import type { CredentialState, LiveStatus } from './state.ts';

/** What the details of a key are made from. */
export interface KeyFacts {
  readonly account: Account;
  readonly report: ReportFacts;
  readonly credential: RetirableRef;
  /** The user with its credentials as just read; absent if the user no longer exists. */
  readonly user?: ObservedPrincipal;
  readonly principal: Principal;
  /** Whom AWS has quarantined; absent if it was not read. */
  readonly quarantine?: Quarantine;
  /** Why it is unknown whether the key still exists, if no user has it. */
  readonly unseen?: string;
  readonly entry?: LedgerEntry;
  /** What is wrong with the entry, if it cannot be read. */
  readonly damage?: string;
  /** The sweep that recorded the entry's notice: whether it was delivered. */
  readonly sweeps: SweepRecords;
  /** The events in the ledger, the oldest first. */
  readonly events: readonly LedgerEvent[];
}

/** The details of one credential: what is known, what was done, and what comes next. */
export interface KeyDetails {
  readonly account: Account;
  readonly asOf: Date;
  readonly report: ReportFacts;
  readonly credential: RetirableRef;
  readonly principal: Principal;
  /** From the tag that the policy names as the owner tag. */
  readonly owner?: string;
  /** Why the owner is unknown, if the tags of the user could not be read. */
  readonly ownerUnknown?: string;
  readonly liveStatus: LiveStatus;
  /** On the credential, and on its user because of credentials of this kind. */
  readonly findings: readonly Finding[];
  readonly policy: ApplicablePolicy & { readonly mode: Policy['mode'] };
  /** Of the policy's calendar: nights are named by its dates. Absent: UTC. */
  readonly timezone?: string;
  readonly stage: Stage;
  readonly entry?: LedgerEntry;
  /** When its deactivation or deletion is due, according to the entry. Absent if none is. */
  readonly dueAt?: Date;
  /** What is wrong with the entry, if it cannot be read or cannot be true: the stage is then unknown. */
  readonly damage?: string;
  /** What could not be read or judged, one sentence each: unknown is never a pass. */
  readonly unknown: readonly string[];
  /** The entry has an undelivered notice: the dates that follow from it do not count. */
  readonly isNoticePending: boolean;
  readonly events: readonly LedgerEvent[];
  /** What a sweep would do about it now, in the policy's mode, without caps. */
  readonly decision: Decision;
  /** What mode `enforce` would do about it in the coming nights, without caps. */
  readonly next: {
    readonly ifUsed: readonly ForecastEvent[];
    readonly ifNotUsed: readonly ForecastEvent[];
  };
}

/** How far the details look ahead, in nights. */
export const nightsAhead = 365;

/** The details of one credential at a moment. Pure: everything it needs is passed in. */
export function describeKey(facts: KeyFacts, policy: Policy, asOf: Date): KeyDetails {
  const { account, report, credential, user, principal, entry, sweeps, events } = facts;
  const tags = user?.tags ?? { known: false, why: 'the user no longer exists' };
  const shown = user && plausibleCredentials(user).find((one) => isOf(credential, one));
  const seen = shown === undefined ? missing(facts) : liveStatusOf(shown);
  const damage = facts.damage ?? (entry && doubtEntry(entry, { credential, liveStatus: seen }, asOf)?.why);
  const liveStatus = plausibleStatus(seen, asOf);
  const blank: CredentialState = { account: account.id, principal, credential, tags, liveStatus: seen, findings: [] };
  const judged = judgeLiveStatus(blank, seen, policy, asOf);
  const item = openItem(entry === undefined ? judged : { ...judged, entry }, sweeps, asOf);
  const { decision, isPending } = pastNoticeFirst(
    { ...item, decision: decide(deliveredState(item), policy, asOf) },
    asOf,
    policy,
  );
  const owner = tags.known ? tagValue(tags.value, policy.notices.ownerTag) : undefined;
  const findings = findingsOf(facts, policy, asOf);
  const dueAt = entry && dueOf(entry);
  return {
    account,
    asOf,
    report,
    credential,
    principal,
    ...given({ owner }),
    ...(user?.tags.known === false ? { ownerUnknown: user.tags.why } : {}),
    liveStatus,
    findings,
    unknown: unknownOf(liveStatus, findings, facts, damage),
    policy: {
      ...applicablePolicy(policy, { account: account.id, principal, tags, credential }, asOf),
      mode: policy.mode,
    },
    timezone: policy.calendar.timezone,
    stage: damage === undefined ? (entry?.stage ?? 'compliant') : 'compliant',
    ...given({ entry, dueAt, damage }),
    isNoticePending: isPending,
    events,
    // If the entry can be read but cannot be true, `decide` covers what a sweep still records.
    decision: facts.damage === undefined ? decision : { type: 'skip', skipReason: 'unknown', why: facts.damage },
    next:
      damage === undefined && facts.unseen === undefined
        ? { ifUsed: lookAhead(facts, 'continue', policy, asOf), ifNotUsed: lookAhead(facts, 'stop', policy, asOf) }
        : { ifUsed: [], ifNotUsed: [] },
  };
}

function dueOf({ stage, warning, deactivation }: LedgerEntry): Date | undefined {
  if (stage === 'deactivated' && deactivation !== undefined)
    return deactivation.promisedNight ?? deferredFrom(deactivation.deleteAt, deactivation.deferral);
  if (stage !== 'warned' || warning === undefined) return undefined;
  return warning.promisedNight ?? deferredFrom(warning.deactivateAt, warning.deferral);
}

function deferredFrom(promised: Date, deferral: Deferral | undefined): Date | undefined {
  return deferral === undefined ? promised : deferral.to;
}

function unknownOf(
  liveStatus: LiveStatus,
  findings: readonly Finding[],
  { user, quarantine }: Pick<KeyFacts, 'user' | 'quarantine'>,
  damage: string | undefined,
): readonly string[] {
  const said: readonly (string | false | undefined)[] = [
    damage,
    liveStatus.kind === 'unknown' && liveStatus.why,
    liveStatus.kind === 'seen' && liveStatus.lastUse.kind === 'unknown' && `its last use: ${liveStatus.lastUse.why}`,
    // The owner, and which exemptions and overrides apply, may depend on them.
    user?.tags.known === false && `the tags of its user: ${user.tags.why}`,
    quarantine?.unread !== undefined && `whether AWS has quarantined its user: ${quarantine.unread}`,
    ...findings.map(({ status, rule, reason }) => status === 'error' && `${rule}: ${reason}`),
  ];
  return said.filter((one) => typeof one === 'string');
}

/** What IAM shows; unknown if it cannot be true. */
function plausibleStatus(seen: LiveStatus, asOf: Date): LiveStatus {
  const why = doubtCreation(seen, asOf);
  return why === undefined ? withUseAsOf(seen, asOf) : { kind: 'unknown', why };
}

function isOf({ kind, id }: RetirableRef, { ref }: ObservedCredential): boolean {
  return ref.kind === kind && ref.id === id;
}

function missing({ credential, user, unseen }: KeyFacts): LiveStatus {
  const why = unseen ?? user?.incomplete?.[credential.kind];
  return why === undefined ? { kind: 'not-found' } : { kind: 'unknown', why };
}

function observationOf({ account, report }: KeyFacts, users: readonly ObservedPrincipal[]): Observation {
  return { account, report, users };
}

function findingsOf(facts: KeyFacts, policy: Policy, asOf: Date): readonly Finding[] {
  const { user, credential: own } = facts;
  if (user === undefined) return [];
  const findings = createEvaluator(facts, policy, asOf).evaluate(observationOf(facts, [user]));
  return findings.filter(({ principal, credential, rule: id }) => {
    if (principal.kind !== 'user') return false;
    if (credential !== undefined) return credential.kind === own.kind && credential.id === own.id;
    // On its user because of credentials of that kind. AWS quarantines users because of exposed access keys.
    const rule = ruleById(id);
    if (id === 'user-quarantined') return own.kind === accessKey.kind;
    return rule.subject === 'user' && rule.confirmedBy?.kind === own.kind;
  });
}

function lookAhead(facts: KeyFacts, use: 'continue' | 'stop', policy: Policy, asOf: Date): readonly ForecastEvent[] {
  const { credential, user, entry, sweeps } = facts;
  const alone = user && { ...user, credentials: user.credentials.filter((one) => isOf(credential, one)) };
  const observation = observationOf(facts, alone === undefined ? [] : [alone]);
  const evaluator = createEvaluator(observation, policy, asOf);
  const snapshot = takeSnapshot(observation, summarize(observation, evaluator, noStats));
  const remembered = { ...nothingRemembered, entries: entry === undefined ? [] : [entry], sweeps };
  const options = { from: asOf, nights: nightsAhead, use };
  return forecast(snapshot, remembered, { ...policy, mode: 'enforce' }, options).events;
}

const noStats = { requests: {}, durationMs: 0 };
