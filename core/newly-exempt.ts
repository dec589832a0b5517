/** Which credentials are exempt from one audit to the next: one that newly is, is announced. Pure. */
import type { AppliedExemption, Audit, Finding } from './model.ts';
import type { FindingChange, RecordedFinding } from './open-findings.ts';

/** A credential, or a principal as a whole, with a finding that an exemption excuses. */
export interface ExemptCredential {
  /** The first of its excused findings, as last found, with the exemption. */
  readonly finding: RecordedFinding;
  /** `asOf` of the first audit in a row that found it exempt by this match. */
  readonly since: Date;
  /** People have been notified of it. */
  readonly told: boolean;
}

/**
 * What is exempt after an audit, and by which match, given what was before it. What could not be judged tonight stays as it
 * was: it is not announced again tomorrow.
 */
export function nextExempt(
  before: readonly ExemptCredential[] | undefined,
  { asOf, findings }: Audit,
): readonly ExemptCredential[] {
  const known = new Map(before?.map((one) => [identityOf(one.finding), one]));
  const exempt = new Map<string, ExemptCredential>();
  for (const finding of findings) {
    const identity = identityOf(finding);
    if (finding.status !== 'exempt' || exempt.has(identity)) continue;
    const { since = asOf, told = false } = known.get(identity) ?? {};
    exempt.set(identity, { finding, since, told });
  }
  const unjudged = findings.filter(({ status }) => status === 'error');
  const kept = [...known].filter(([identity, { finding }]) => {
    return !exempt.has(identity) && unjudged.some((error) => mayBeAbout(error, finding));
  });
  return [...exempt.values(), ...kept.map(([, one]) => one)];
}

/** Where keys cannot be listed, no one knows which of them an error is about. */
function mayBeAbout(error: Finding, { principal, credential }: RecordedFinding): boolean {
  const isSame = error.principal.kind === principal.kind && error.principal.name === principal.name;
  const [a, b] = [error.credential?.id, credential?.id];
  return isSame && (a === undefined || b === undefined || a === b);
}

/** For machines: what an audit found newly exempt. Of one that was open before they hear that it is resolved. */
export function exemptions(
  after: readonly ExemptCredential[],
  resolved: readonly FindingChange[],
  asOf: Date,
): readonly FindingChange[] {
  const told = new Set(resolved.map(({ finding }) => finding.id));
  return after.flatMap(({ finding, since }): FindingChange[] => {
    const { exemption } = finding;
    if (since.getTime() !== asOf.getTime() || exemption === undefined || told.has(finding.id)) return [];
    return [{ type: 'exempted', asOf, finding, since, exemption }];
  });
}

/** Which exemption it is, in words: `exemption 3 (user=break-glass-*)`. */
export function describeExemption({ number, match }: AppliedExemption): string {
  return `exemption ${number} (${match})`;
}

/** The same for the same credential under the same match: a key keeps its id when its user is renamed. */
function identityOf({ principal, credential, exemption }: RecordedFinding | Finding): string {
  const name = `${principal.kind} ${principal.name.toLowerCase()} ${credential?.slot ?? ''}`;
  return JSON.stringify([exemption?.match ?? '', credential?.kind ?? '', credential?.id ?? name]);
}
