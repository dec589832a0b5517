/** What the rules for all kinds of credentials share: how an unknown becomes an error, and the texts and facts of a verdict. */

import { DAY, describeDuration, describeLimit, inDays } from '../duration.ts';
import { given } from '../given.ts';
import { kindOf, type RetirableKind } from '../kinds/kinds.ts';
import { idleFrom, isBeforeCreation } from '../last-use.ts';
import type { Duration, Evidence, Known, LastUse, ObservedCredential, ObservedPrincipal } from '../model.ts';
import type { Judgement, Verdict } from './rule.ts';

/** The verdict on one credential. A failure that rests on the report, and that live reads could not confirm, is an error. */
export function verdictOn(credential: ObservedCredential, judgement: Judgement, asOf: Date): Verdict | undefined {
  if (judgement === undefined) return undefined;
  const about = { credential: credential.ref, evidence: credentialEvidence(credential, asOf) };
  if ('unknown' in judgement) return { status: 'error', reason: `cannot be judged: ${judgement.unknown}`, ...about };
  const { fail, restsOnLastUse, ...severity } = judgement;
  const doubt = credential.unverified ?? (restsOnLastUse ? credential.lastUseUnverified : undefined);
  if (doubt === undefined) return { status: 'fail', reason: fail, ...severity, ...about };
  return { status: 'error', reason: `${fail} according to the report; not confirmed: ${doubt}`, ...severity, ...about };
}

/** Judges each credential of one kind that a principal has. If there may be more of them, that is an error as well. */
export function judgeEach(
  { credentials, incomplete }: Pick<ObservedPrincipal, 'credentials' | 'incomplete'>,
  kind: RetirableKind,
  judge: (credential: ObservedCredential) => Verdict | undefined,
): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const credential of credentials) {
    const verdict = credential.ref.kind === kind ? judge(credential) : undefined;
    if (verdict !== undefined) verdicts.push(verdict);
  }
  const why = incomplete?.[kind];
  if (why === undefined) return verdicts;
  const reason = `cannot be judged for all ${kindOf(kind).noun.shortMany}: ${why}`;
  return [...verdicts, { status: 'error', reason, evidence: {}, key: 'incomplete' }];
}

/** `created 120 days ago (limit 90)`, for what is over a limit. */
export function describeOver(what: string, age: Duration, limit: Duration): string {
  const more = Math.floor(age / DAY) === limit / DAY ? 'more than ' : '';
  return `${what} ${more}${describeDuration(age)} ago (limit ${describeLimit(limit)})`;
}

/**
 * Why something that was used before is idle for too long; undefined if it is not.
 * @param createdAt of the credential, or of the user whose password it is
 */
export function judgeIdle(usedAt: Date, createdAt: Known<Date>, limit: Duration, asOf: Date): string | undefined {
  const idle = asOf.getTime() - idleFrom(usedAt, createdAt).getTime();
  if (idle < limit) return undefined;
  if (!createdAt.known || !isBeforeCreation(usedAt, createdAt.value)) return describeIdle('unused', idle, limit);
  const day = usedAt.toISOString().slice(0, 10);
  return `${describeIdle('unused since its creation,', idle, limit)}; the last use on record (${day}) is before that`;
}

/** `unused for 120 days (limit 45)`. */
export function describeIdle(what: string, idle: Duration, limit: Duration): string {
  return `${what} for ${describeDuration(idle)} (limit ${describeLimit(limit)})`;
}

/** Time since an observed moment in ms; undefined if the moment is unknown. */
export function ageOf(createdAt: ObservedCredential['createdAt'], asOf: Date): Duration | undefined {
  return createdAt.known ? asOf.getTime() - createdAt.value.getTime() : undefined;
}

/** The facts of a credential at a moment. */
function credentialEvidence({ status, createdAt, lastUse, source }: ObservedCredential, asOf: Date): Evidence {
  const age = ageOf(createdAt, asOf);
  return {
    status: status.known ? status.value : null,
    createdAt: createdAt.known ? createdAt.value.toISOString() : null,
    ageDays: age === undefined ? null : inDays(age),
    ...lastUseEvidence(lastUse, createdAt, asOf),
    source,
  };
}

/** The facts of a last use: `lastUsed` is `used`, `never`, `untracked` or `unknown`. */
export function lastUseEvidence(lastUse: LastUse, createdAt: Known<Date>, asOf: Date): Evidence {
  if (lastUse.kind !== 'used') return { lastUsed: lastUse.kind, lastUsedAt: null };
  const { at, service, region } = lastUse;
  return {
    lastUsed: 'used',
    lastUsedAt: at.toISOString(),
    idleDays: inDays(asOf.getTime() - idleFrom(at, createdAt).getTime()),
    ...given({ lastUsedService: service, lastUsedRegion: region }),
  };
}
