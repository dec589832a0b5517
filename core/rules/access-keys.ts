/** What the rules on access keys share: which keys they see, and how an unknown becomes an error. */
import { DAY, describeDuration, describeLimit, inDays } from '../duration.ts';
import type { Duration, Evidence, LastUse, ObservedCredential, ObservedPrincipal, Severity } from '../model.ts';
import type { Verdict } from './rule.ts';

/** What a rule says of one key: a failure with its reason, a thing that it would have to know, or nothing. */
export type KeyJudgement =
  /** `restsOnLastUse`: would be no failure, had the key been used lately. */
  | { readonly fail: string; readonly severity?: Severity; readonly restsOnLastUse?: true }
  | { readonly unknown: string }
  | undefined;

/**
 * Judges each access key of a principal.
 *
 * A failure that rests on a report which live reads could not confirm is an error instead, and so is a list of keys
 * that may be incomplete.
 */
export function judgeAccessKeys(
  principal: ObservedPrincipal,
  asOf: Date,
  judge: (key: ObservedCredential) => KeyJudgement,
): readonly Verdict[] {
  const verdicts = principal.credentials.flatMap((key): Verdict[] => {
    const judgement = judge(key);
    if (judgement === undefined) return [];
    const about = { credential: key.ref, evidence: accessKeyEvidence(key, asOf) };
    if ('unknown' in judgement)
      return [{ status: 'error', reason: `cannot be judged: ${judgement.unknown}`, ...about }];
    const { fail, restsOnLastUse, ...severity } = judgement;
    const doubt = key.unverified ?? (restsOnLastUse ? key.lastUseUnverified : undefined);
    if (doubt === undefined) return [{ status: 'fail', reason: fail, ...severity, ...about }];
    const reason = `${fail}, says the report; not confirmed: ${doubt}`;
    return [{ status: 'error', reason, ...severity, ...about }];
  });
  if (principal.credentialsIncomplete === undefined) return verdicts;
  return [
    ...verdicts,
    {
      status: 'error',
      reason: `cannot be judged for all keys: ${principal.credentialsIncomplete}`,
      evidence: {},
      key: 'incomplete',
    },
  ];
}

/** Judges each key that is active, or may be. */
export function judgeActiveKeys(
  principal: ObservedPrincipal,
  asOf: Date,
  judge: (key: ObservedCredential) => KeyJudgement,
): readonly Verdict[] {
  return judgeAccessKeys(principal, asOf, (key) => {
    if (key.status.known && key.status.value !== 'Active') return undefined;
    const judgement = judge(key);
    return judgement === undefined || key.status.known ? judgement : { unknown: key.status.why };
  });
}

/** `created 120 days ago (limit 90)`, for what is over a limit. */
export function describeOver(what: string, age: Duration, limit: Duration): string {
  const more = Math.floor(age / DAY) === limit / DAY ? 'more than ' : '';
  return `${what} ${more}${describeDuration(age)} ago (limit ${describeLimit(limit)})`;
}

/** Time since an observed moment in ms; undefined where the moment is not known. */
export function ageOf(createdAt: ObservedCredential['createdAt'], asOf: Date): Duration | undefined {
  return createdAt.known ? asOf.getTime() - createdAt.value.getTime() : undefined;
}

/** `unused for 120 days (limit 45)`. */
export function describeIdle(what: string, idle: Duration, limit: Duration): string {
  return `${what} for ${describeDuration(idle)} (limit ${describeLimit(limit)})`;
}

/** The facts of a key, as of a moment. */
export function accessKeyEvidence({ status, createdAt, lastUse, source }: ObservedCredential, asOf: Date): Evidence {
  const age = ageOf(createdAt, asOf);
  return {
    status: status.known ? status.value : null,
    createdAt: createdAt.known ? createdAt.value.toISOString() : null,
    ageDays: age === undefined ? null : inDays(age),
    ...lastUseEvidence(lastUse, asOf),
    source,
  };
}

/** The facts of a last use: `lastUsed` is `used`, `never` or `unknown`. */
export function lastUseEvidence(lastUse: LastUse, asOf: Date): Evidence {
  if (lastUse.kind !== 'used') return { lastUsed: lastUse.kind, lastUsedAt: null };
  const { at, service, region } = lastUse;
  return {
    lastUsed: 'used',
    lastUsedAt: at.toISOString(),
    idleDays: inDays(asOf.getTime() - at.getTime()),
    ...(service === undefined ? {} : { lastUsedService: service }),
    ...(region === undefined ? {} : { lastUsedRegion: region }),
  };
}
