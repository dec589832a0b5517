/**
 * Whether a ledger entry can be true. Changes to credentials rest on it, and anyone who can write to the table can write
 * anything: a restoration in the year 2999 would exempt a key forever, and a made-up warning would get a key deactivated. An entry
 * that fails here is damaged, and treated as docs/decisions/0025 says.
 *
 * No history of sweeps violates these rules, whatever was killed or failed in it (test/histories). Clocks may be slightly
 * off.
 */
import { DAY, HOUR, longestDuration } from '../duration.ts';
import { describeFutureDate, isInFuture, lastUseAsOf } from '../future-dates.ts';
import { kindRule } from '../kinds/rules.ts';
import { isSameSecond } from '../match-slot.ts';
import type { Duration } from '../model.ts';
import type { LedgerEntry, RetirableRef } from './ledger.ts';
import type { CredentialState, LiveStatus } from './state.ts';

/** A write may be dated this much earlier than the one before it: their clocks may differ. */
const orderTolerance: Duration = HOUR;

/** Creation dates come from the clock of AWS. */
const creationTolerance: Duration = DAY;

/** What is wrong with an entry, for people. */
export interface EntryDoubt {
  /** `ahead`: it can be true later; a clock ran ahead, or someone wrote it. `impossible`: it can never be true. */
  readonly kind: 'ahead' | 'impossible';
  readonly why: string;
}

const advice = 'docs/operations.md, “A damaged entry”, says what to do';

/** What is wrong with an entry; undefined if it may be true. */
export function doubtEntry(
  entry: LedgerEntry,
  { credential, liveStatus }: Pick<CredentialState, 'credential' | 'liveStatus'>,
  now: Date,
): EntryDoubt | undefined {
  const { impossible, last } = examined.get(entry) ?? examine(entry);
  const why = impossible ?? otherKind(entry, credential) ?? otherCredential(entry, liveStatus);
  if (why !== undefined) return { kind: 'impossible', why: `the ledger entry cannot be true: ${why}; ${advice}` };
  if (!isInFuture(last.time, now)) return undefined;
  const when = `${last.what} at ${last.time.toISOString()}, which is in the future`;
  return {
    kind: 'ahead',
    why: `the ledger entry has ${when}: a clock is wrong, or the entry is damaged; ${advice}`,
  };
}

/** Why the creation date that IAM shows cannot be true. For that in the entry see {@link doubtEntry}. */
export function doubtCreation(liveStatus: LiveStatus, now: Date): string | undefined {
  if (liveStatus.kind !== 'seen' || !isInFuture(liveStatus.createdAt, now)) return undefined;
  return describeFutureDate('its creation', liveStatus.createdAt);
}

/** The live status with its last use, which is unknown if it cannot be true at `now`. */
export function withUseAsOf(liveStatus: LiveStatus, now: Date): LiveStatus {
  if (liveStatus.kind !== 'seen') return liveStatus;
  const lastUse = lastUseAsOf(liveStatus.lastUse, now);
  return lastUse === liveStatus.lastUse ? liveStatus : { ...liveStatus, lastUse };
}

/** What follows from the entry alone, at any time. */
interface Examined {
  readonly impossible: string | undefined;
  /** The latest date in it. */
  readonly last: { readonly what: string; readonly time: Date };
}

/** Cached, because a forecast needs it every night. */
const examined = new WeakMap<LedgerEntry, Examined>();

function examine(entry: LedgerEntry): Examined {
  let last = { what: 'its last write', time: entry.updatedAt };
  for (const [what, time] of momentsOf(entry)) if (time > last.time) last = { what, time };
  const result = { impossible: findImpossible(entry), last };
  examined.set(entry, result);
  return result;
}

/** Exemptions and rules depend on the kind: with the wrong kind no exemption would protect the credential. */
function otherKind({ credential }: LedgerEntry, { kind }: RetirableRef): string | undefined {
  return credential.kind === kind ? undefined : `it is for a credential of kind ${credential.kind}, not ${kind}`;
}

/** It is about another credential than the one that IAM shows under its id: AWS never reuses an id. */
function otherCredential({ createdAt }: LedgerEntry, liveStatus: LiveStatus): string | undefined {
  if (liveStatus.kind !== 'seen' || isSameSecond(createdAt, liveStatus.createdAt)) return undefined;
  return `it says created at ${createdAt.toISOString()}, but IAM shows ${liveStatus.createdAt.toISOString()}`;
}

/** Each date that a write recorded as its own time. */
function writesOf(entry: LedgerEntry): readonly (readonly [what: string, time: Date])[] {
  const { since, updatedAt, warning, deactivation, restoration, lastDeactivationAt, deletion, intent, blocked } = entry;
  const moments: readonly (readonly [string, Date | undefined])[] = [
    ['its stage', since],
    ['its last write', updatedAt],
    ['its first notice', warning?.firstNoticeAt],
    ['its last notice', warning?.lastNoticeAt],
    ['its final notice', warning?.finalNoticeAt],
    ['its deferral', warning?.deferral?.at],
    ['its deactivation', deactivation?.at],
    ['the final notice of its deletion', deactivation?.finalNoticeAt],
    ['the deferral of its deletion', deactivation?.deferral?.at],
    ['the last notice of its deletion', deactivation?.lastNoticeAt],
    ['its restoration', restoration?.at],
    ['its last deactivation', lastDeactivationAt],
    ['its deletion', deletion?.at],
    ['its intent', intent?.at],
    ['its first denial', blocked?.since],
    ['its last attempt', blocked?.lastAttemptAt],
  ];
  return moments.flatMap(([what, time]) => (time === undefined ? [] : [[what, time] as const]));
}

function momentsOf(entry: LedgerEntry): readonly (readonly [what: string, time: Date])[] {
  const uses = [entry.deactivation?.lastUseAt, entry.intent?.lastUseAt].flatMap((time) =>
    time === undefined ? [] : [['a last use', time] as const],
  );
  return [...writesOf(entry), ['its creation', entry.createdAt], ...uses];
}

function findImpossible(entry: LedgerEntry): string | undefined {
  return foreignRule(entry) ?? missingRecord(entry) ?? tooFewWrites(entry) ?? outOfOrder(entry) ?? beyondMeasure(entry);
}

/** A rule of another kind cannot have led to anything. */
function foreignRule({ credential, rules }: LedgerEntry): string | undefined {
  const foreign = rules.find((rule) => kindRule(rule).kind.kind !== credential.kind);
  return foreign && `the rule ${foreign} is not for the kind ${credential.kind}`;
}

/** A stage without what led to it. A warning whose notice is pending is removed before anything is decided. */
function missingRecord(entry: LedgerEntry): string | undefined {
  const { stage, rules, warning, deactivation, restoration, deletion, intent, notice } = entry;
  const record = { warned: warning, deactivated: deactivation, restored: restoration, deleted: deletion };
  const isTakenAway = stage === 'warned' && notice?.kind === 'first-notice';
  if (stage !== 'compliant' && record[stage] === undefined && !isTakenAway)
    return `it is ${stage}, but has no record of when that happened`;
  if ((stage === 'warned' || stage === 'deactivated') && rules.length === 0)
    return `it is ${stage}, but has no rule that led to it`;
  if (intent?.action === 'deactivate' && stage !== 'warned') return `a deactivation was begun in stage ${stage}`;
  if (intent?.action === 'delete' && stage !== 'deactivated') return `a deletion was begun in stage ${stage}`;
  return undefined;
}

/** Every date was recorded by a write of its own: there cannot be more of them than versions. */
function tooFewWrites(entry: LedgerEntry): string | undefined {
  const { version, deactivation, lastDeactivationAt, intent, deletion } = entry;
  const moments = new Set(writesOf(entry).map(([, time]) => time.getTime())).size;
  if (moments > version) return `it has ${moments} different write times, but only version ${version}`;
  // A notice, an intent and an outcome.
  const isOurs = deactivation?.by === 'keysweep' || deletion?.by === 'keysweep' || lastDeactivationAt !== undefined;
  const least = isOurs ? 3 : intent?.action === 'deactivate' || intent?.action === 'delete' ? 2 : 1;
  return version < least ? `version ${version} is too early for what it says was done` : undefined;
}

function outOfOrder(entry: LedgerEntry): string | undefined {
  const { createdAt, since, updatedAt, warning, deactivation, restoration, deletion, intent, blocked, stage } = entry;
  const isWarned = stage === 'warned';
  const startOf = { deactivate: warning?.firstNoticeAt, delete: deactivation?.at, restore: undefined };
  type Order = readonly [earlier: string, Date | undefined, later: string, Date | undefined, tolerance?: Duration];
  const orders: readonly Order[] = [
    ['the stage', since, 'the last write', updatedAt],
    ['the creation', createdAt, 'the first notice', warning?.firstNoticeAt, creationTolerance],
    ['the first notice', warning?.firstNoticeAt, 'the last notice', warning?.lastNoticeAt],
    ['the first notice', warning?.firstNoticeAt, 'the final notice', warning?.finalNoticeAt],
    ['the final notice', warning?.finalNoticeAt, 'the last notice', warning?.lastNoticeAt],
    ['the first notice', warning?.firstNoticeAt, 'the promised date', warning?.deactivateAt],
    ['the final notice', warning?.finalNoticeAt, 'the night that it named', warning?.promisedNight],
    ['the last notice', warning?.lastNoticeAt, 'the last write', isWarned ? updatedAt : undefined],
    ['the creation', createdAt, 'the deactivation', deactivation?.at, creationTolerance],
    ['the deactivation', deactivation?.at, 'the last write', updatedAt],
    ['the deactivation', deactivation?.at, 'the promised deletion', deactivation?.deleteAt],
    ['the deactivation', deactivation?.at, 'the final notice of the deletion', deactivation?.finalNoticeAt],
    [
      'the final notice of the deletion',
      deactivation?.finalNoticeAt,
      'the night that it named',
      deactivation?.promisedNight,
    ],
    ['the final notice of the deletion', deactivation?.finalNoticeAt, 'the last write', updatedAt],
    ['the last notice of the deletion', deactivation?.lastNoticeAt, 'the last write', updatedAt],
    ['the use that was known', deactivation?.lastUseAt, 'the deactivation', deactivation?.at],
    ['the creation', createdAt, 'the restoration', restoration?.at, creationTolerance],
    ['the restoration', restoration?.at, 'the last write', updatedAt],
    ['the creation', createdAt, 'the deletion', deletion?.at, creationTolerance],
    ['the deletion', deletion?.at, 'the last write', updatedAt],
    ['what led to it', intent && startOf[intent.action], 'the intent', intent?.at],
    ['the intent', intent?.at, 'the last write', updatedAt],
    ['the first denial', blocked?.since, 'the last attempt', blocked?.lastAttemptAt],
    ['the last attempt', blocked?.lastAttemptAt, 'the last write', updatedAt],
  ];
  for (const [earlier, from, later, to, tolerance = orderTolerance] of orders) {
    if (from !== undefined && to !== undefined && from.getTime() - to.getTime() > tolerance)
      return `${earlier} (${from.toISOString()}) comes after ${later} (${to.toISOString()})`;
  }
  return undefined;
}

/** A promised date that no policy allows. */
function beyondMeasure({ updatedAt, warning, deactivation }: LedgerEntry): string | undefined {
  const promises = [warning?.deactivateAt, deactivation?.deleteAt].concat(
    [warning, deactivation].flatMap((clock) => [clock?.deferral?.to, clock?.promisedNight]),
  );
  const far = promises.find(
    (time) => time !== undefined && time.getTime() - updatedAt.getTime() > longestDuration + DAY,
  );
  return far && `it promises a change at ${far.toISOString()}`;
}
