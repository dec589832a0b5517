/** Which credentials are exempt from one audit to the next. People and machines are notified of newly exempt ones. Pure. */
import type { AppliedExemption, Audit, CredentialRef, Finding } from '../model.ts';
import type { ExemptCredential, RecordedFinding } from './open-findings.ts';

/**
 * What is exempt after an audit, and by which match, given what was exempt before. What could not be judged tonight stays
 * as it was, so that it does not count as new tomorrow.
 */
export function nextExempt(
  before: readonly ExemptCredential[],
  { asOf, findings }: Audit,
): readonly ExemptCredential[] {
  const known = new Map(before.map((one) => [identityOf(one.finding), one]));
  const exempt = new Map<string, ExemptCredential>();
  for (const finding of findings) {
    const identity = identityOf(finding);
    if (finding.status !== 'exempt' || exempt.has(identity)) continue;
    exempt.set(identity, { finding, since: known.get(identity)?.since ?? asOf });
  }
  const unjudged = findings.filter(({ status }) => status === 'error');
  const kept = [...known].filter(([identity, { finding }]) => {
    return !exempt.has(identity) && unjudged.some((error) => mayBeAbout(error, finding));
  });
  return [...exempt.values(), ...kept.map(([, one]) => one)];
}

/** The same for the same credential under the same match: a key keeps its id when its user is renamed. */
export function identityOf({ principal, credential, exemption }: RecordedFinding): string {
  const name = `${principal.kind} ${principal.name.toLowerCase()} ${credential?.slot ?? ''}`;
  return JSON.stringify([exemption?.match ?? '', credential?.kind ?? '', credential?.id ?? name]);
}

/** If keys could not be listed, it is unknown which of them an error is about. */
export function mayBeSame(a: CredentialRef | undefined, b: CredentialRef | undefined): boolean {
  return a?.id === undefined || b?.id === undefined || a.id === b.id;
}

/** Which exemption it is, in words: `exemption 3 (user=break-glass-*)`. */
export function describeExemption({ number, match }: AppliedExemption): string {
  return `exemption ${number} (${match})`;
}

function mayBeAbout(error: Finding, { rule, principal, credential }: RecordedFinding): boolean {
  // A rule that could not be judged for the account may hold for each of its users.
  if (error.principal.kind === 'account' && error.rule === rule) return true;
  const isSame = error.principal.kind === principal.kind && error.principal.name === principal.name;
  return isSame && mayBeSame(error.credential, credential);
}
