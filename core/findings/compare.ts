/** Compares an audit with what was open before it. Pure. */
import { given } from '../given.ts';
import type { AppliedExemption, Audit, Finding } from '../model.ts';
import { severities } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { ruleIds } from '../rules/ids.ts';
import { isChecked } from '../rules/index.ts';
import { mayBeSame, nextExempt } from './exempt.ts';
import { isNotified, nextOutbox } from './findings-outbox.ts';
import type { ChangeOf, OpenFinding, OpenFindings, RecordedFinding } from './open-findings.ts';

/**
 * What is open after an audit, and what to notify about, given the record of the previous audit. Without one (`undefined`),
 * every finding is new.
 *
 * An unknown is never a pass: a finding that could not be judged again stays open as it was last found. An error opens
 * nothing either.
 */
export function compareFindings(before: OpenFindings | undefined, audit: Audit, policy: Policy): OpenFindings {
  const { asOf } = audit;
  const known = new Map(before?.findings.map((open) => [open.finding.id, open]));
  const failing = audit.findings.filter(({ status }) => status === 'fail');
  const failingIds = new Set(failing.map(({ id }) => id));
  const missing = [...known.values()].filter(({ finding }) => !failingIds.has(finding.id));
  const excused = exemptionsOf(audit);
  const isUnjudged = unjudgedIn(audit);
  const isKept = ({ finding }: OpenFinding) => {
    return isLookedFor(finding.rule, policy) && !excused.has(finding.id) && isUnjudged(finding);
  };
  const after = {
    asOf,
    findings: [
      ...failing.map((finding) => ({ finding, since: known.get(finding.id)?.since ?? asOf })),
      ...missing.filter(isKept),
    ],
    exempt: nextExempt(before?.exempt ?? [], audit),
    unjudged: audit.findings.filter(({ status }) => status === 'error'),
  };
  const changes = [
    ...failing.flatMap((finding) => opening(finding, known.get(finding.id), asOf) ?? []),
    ...missing.filter((open) => !isKept(open)).map((open) => resolving(open, excused, policy, asOf)),
  ];
  const notifiedUpTo = before === undefined || isNotified(before, policy.mode) ? before?.asOf : before.notifiedUpTo;
  return {
    schema: 'keysweep/open-findings/v1',
    account: audit.account.id,
    ...after,
    unjudged: after.unjudged.map(({ id }) => id),
    ...given({ notifiedUpTo }),
    outbox: nextOutbox(before, after, changes, policy.mode),
  };
}

function opening(finding: Finding, before: OpenFinding | undefined, asOf: Date): ChangeOf<'opened'> | undefined {
  if (before === undefined) return { type: 'opened', asOf, finding, since: asOf };
  const { severity } = before.finding;
  if (severities.indexOf(finding.severity) >= severities.indexOf(severity)) return undefined;
  return { type: 'opened', asOf, finding, since: before.since, raisedFrom: severity };
}

function resolving(
  { finding, since }: OpenFinding,
  exemptions: ReadonlyMap<string, AppliedExemption>,
  policy: Policy,
  asOf: Date,
): ChangeOf<'resolved'> {
  const exemption = exemptions.get(finding.id);
  const about = { type: 'resolved', asOf, finding, since } as const;
  if (exemption !== undefined) return { ...about, resolution: 'exempted', exemption };
  return { ...about, resolution: isLookedFor(finding.rule, policy) ? 'no-longer-found' : 'rule-disabled' };
}

function isLookedFor(rule: string, policy: Policy): boolean {
  const id = ruleIds.find((candidate) => candidate === rule);
  return id !== undefined && isChecked(id, policy);
}

/** By the id of the finding that it excuses. */
function exemptionsOf({ findings }: Audit): ReadonlyMap<string, AppliedExemption> {
  return new Map(findings.flatMap(({ id, exemption }) => (exemption === undefined ? [] : [[id, exemption]])));
}

/** Tests whether something that the audit could not judge may be the same finding. */
function unjudgedIn({ findings }: Audit): (finding: RecordedFinding) => boolean {
  const errors = new Map<string, readonly Finding[]>();
  for (const finding of findings) {
    if (finding.status !== 'error') continue;
    const subject = subjectOf(finding);
    errors.set(subject, [...(errors.get(subject) ?? []), finding]);
  }
  const wholly = new Set(findings.filter(isOfAccount).map(({ rule }): string => rule));
  return (finding) => {
    if (wholly.has(finding.rule)) return true;
    return (errors.get(subjectOf(finding)) ?? []).some((error) => mayBeSame(error.credential, finding.credential));
  };
}

/** A rule that could not be judged for the account may hold for each of its users. */
function isOfAccount({ status, principal }: Finding): boolean {
  return status === 'error' && principal.kind === 'account';
}

function subjectOf({ rule, principal }: RecordedFinding): string {
  return `${rule} ${principal.kind} ${principal.name.toLowerCase()}`;
}
