/** What the rules on console passwords share. */
import { inDays } from '../duration.ts';
import { dateAsOf } from '../future-dates.ts';
import type { CredentialRef, Evidence, Known, ObservedPrincipal } from '../model.ts';
import { lastUseEvidence } from './credentials.ts';
import type { Verdict } from './rule.ts';

const credential: CredentialRef = { kind: 'console-password' };

/** What a rule says about a password: a failure with its reason, what it would have to know, or nothing. */
export type PasswordJudgement = { readonly fail: string } | { readonly unknown: string } | undefined;

/** Judges the console password of a principal that has one, or may have one. */
export function judgePassword(
  principal: ObservedPrincipal,
  asOf: Date,
  judge: () => PasswordJudgement,
): readonly Verdict[] {
  const { enabled } = principal.password;
  if (enabled.known && !enabled.value) return [];
  const judgement = judge();
  if (judgement === undefined) return [];
  const about = { credential, evidence: passwordEvidence(principal, asOf) };
  if ('fail' in judgement && enabled.known) return [{ status: 'fail', reason: judgement.fail, ...about }];
  const why = 'unknown' in judgement ? judgement.unknown : enabled.known ? '' : enabled.why;
  return [{ status: 'error', reason: `cannot be judged: ${why}`, ...about }];
}

/**
 * When the password was set: its last change, or the creation of the user if AWS does not say, or if that is later. A change
 * before it is one of an earlier user of the same name.
 */
export function passwordSetAt({ password, createdAt }: ObservedPrincipal, asOf: Date): Known<Date> {
  const { lastChanged } = password;
  if (lastChanged !== undefined) {
    const setAt = createdAt.known && createdAt.value > lastChanged ? createdAt.value : lastChanged;
    return dateAsOf({ known: true, value: setAt }, 'its last change', asOf);
  }
  if (createdAt.known) return createdAt;
  return { known: false, why: `neither the password nor the user has a known date: ${createdAt.why}` };
}

function passwordEvidence(principal: ObservedPrincipal, asOf: Date): Evidence {
  const { password, mfaActive, createdAt } = principal;
  const setAt = passwordSetAt(principal, asOf);
  return {
    passwordEnabled: password.enabled.known ? password.enabled.value : null,
    setAt: setAt.known ? setAt.value.toISOString() : null,
    ageDays: setAt.known ? inDays(asOf.getTime() - setAt.value.getTime()) : null,
    ...lastUseEvidence(password.lastUse, createdAt, asOf),
    userCreatedAt: createdAt.known ? createdAt.value.toISOString() : null,
    mfaActive: mfaActive.known ? mfaActive.value : null,
  };
}
