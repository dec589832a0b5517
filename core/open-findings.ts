/** What is open in an account from one audit to the next, and what changed in between. Pure. */
import { type FindingsNews, newsAfterTelling, nextNews, type ToldPeople } from './findings-news.ts';
import type { AppliedExemption, Audit, CredentialRef, Finding, Severity } from './model.ts';
import { severities } from './model.ts';
import { type ExemptCredential, exemptions, nextExempt } from './newly-exempt.ts';
import type { Policy } from './policy/policy.ts';
import { ruleIds } from './rules/ids.ts';

/** A finding as some version of keysweep recorded it: its rule may be none any more, or none yet. */
export interface RecordedFinding extends Omit<Finding, 'rule'> {
  readonly rule: string;
}

/** A finding of status `fail` that some audit reported and none has resolved since. */
export interface OpenFinding {
  readonly finding: RecordedFinding;
  /** When an audit found it first: the audit's `asOf`. */
  readonly since: Date;
  /** An alert has told people of it as critical. */
  readonly alerted: boolean;
}

/**
 * Why a finding is no longer open. `no-longer-found`: an audit looked, and it is not there; the credential was used,
 * retired or deleted, but also its user renamed or the limit raised. `exempted`: an exemption excuses it now.
 * `rule-switched-off`: nobody looks any more.
 */
export const resolutions = ['no-longer-found', 'exempted', 'rule-switched-off'] as const;
export type Resolution = (typeof resolutions)[number];

/** Something that one audit found changed. */
export type FindingChange = {
  /** `asOf` of that audit. */
  readonly asOf: Date;
  /** As that audit found it; of a resolved one as it was when it was last found. */
  readonly finding: RecordedFinding;
  readonly since: Date;
} & (
  | {
      readonly type: 'opened';
      /** Set where it was open before, and is more severe now. */
      readonly raisedFrom?: Severity;
    }
  | {
      /** An exemption excuses a credential that it did not excuse before, and of which nothing was open. */
      readonly type: 'exempted';
      readonly exemption: AppliedExemption;
    }
  | { readonly type: 'resolved'; readonly resolution: Resolution; readonly exemption?: AppliedExemption }
);

/** What one audit leaves to the next. Plain data. */
export interface OpenFindings {
  readonly schema: 'keysweep/open-findings/v1';
  readonly account: string;
  /** `asOf` of the audit that wrote it. */
  readonly asOf: Date;
  /** Everything that is open, worst first. */
  readonly findings: readonly OpenFinding[];
  /** What is exempt, and by which match. Absent in records from before it was kept. */
  readonly exempt?: readonly ExemptCredential[];
  /** Changes of which nobody knows whether machines have heard, oldest first: an outbox. */
  readonly untold: readonly FindingChange[];
  /** What people have not heard yet. Absent in records of versions that told people of critical findings only. */
  readonly news?: FindingsNews;
}

/**
 * Compares an audit with what was open before it. Where nothing was kept (`undefined`), everything it found is new.
 *
 * An unknown is never a pass: what could not be judged again stays open as it was last found. It opens nothing either.
 */
export function compareFindings(before: OpenFindings | undefined, audit: Audit, policy: Policy): OpenFindings {
  const { asOf, findings } = audit;
  const known = new Map(before?.findings.map((open) => [open.finding.id, open]));
  const failing = findings.filter(({ status }) => status === 'fail');
  const failingIds = new Set(failing.map(({ id }) => id));
  const excused = new Map(findings.flatMap(({ id, exemption }) => (exemption === undefined ? [] : [[id, exemption]])));
  const unjudged = groupBySubject(findings.filter(({ status }) => status === 'error'));
  const isUnjudged = ({ finding }: OpenFinding) =>
    isLookedFor(finding.rule, policy) &&
    !excused.has(finding.id) &&
    (unjudged.get(subjectOf(finding)) ?? []).some((error) => mayBeAbout(error.credential, finding.credential));
  const missing = [...known.values()].filter(({ finding }) => !failingIds.has(finding.id));
  const changes = [
    ...failing.flatMap((finding) => opening(finding, known.get(finding.id), asOf) ?? []),
    ...missing.filter((open) => !isUnjudged(open)).map((open) => resolving(open, excused, policy, asOf)),
  ];
  const exempt = nextExempt(before?.exempt, audit);
  return {
    schema: 'keysweep/open-findings/v1',
    account: audit.account.id,
    asOf,
    exempt,
    findings: [
      ...failing.map((finding) => stillOpen(finding, known.get(finding.id), asOf)),
      ...missing.filter(isUnjudged),
    ],
    untold: [...(before?.untold ?? []), ...changes, ...exemptions(exempt, changes, asOf)],
    news: nextNews(before, changes, audit, policy.mode),
  };
}

/** Whom an audit told of what it found. */
export interface Told extends ToldPeople {
  /** Machines were told of all that was untold. */
  readonly machines: boolean;
}

/** What to keep once people and machines have been told; the same object where that changes nothing. */
export function afterTelling(open: OpenFindings, audit: Audit, told: Told): OpenFindings {
  const { ofCritical, machines, unnamed } = told;
  const critical = new Set(
    audit.findings.filter(({ status, severity }) => status === 'fail' && severity === 'critical').map(({ id }) => id),
  );
  const isAlerted = ({ finding: { id }, alerted }: OpenFinding) => {
    return ofCritical && !alerted && critical.has(id) && unnamed?.has(id) !== true;
  };
  const isDelivered = machines && open.untold.length > 0;
  const news = newsAfterTelling(open, audit, told);
  const isNewlyTold = ({ finding: { id }, told: before }: ExemptCredential) => {
    return told.ofNews && !before && unnamed?.has(id) !== true;
  };
  const isAnnounced = open.exempt?.some(isNewlyTold) === true;
  if (!isDelivered && !isAnnounced && news === open.news && !open.findings.some(isAlerted)) return open;
  return {
    ...open,
    findings: open.findings.map((one) => (isAlerted(one) ? { ...one, alerted: true } : one)),
    untold: machines ? [] : open.untold,
    ...(isAnnounced
      ? { exempt: open.exempt?.map((one) => (isNewlyTold(one) ? { ...one, told: true } : one)) ?? [] }
      : {}),
    ...(news === undefined ? {} : { news }),
  };
}

function stillOpen(finding: Finding, before: OpenFinding | undefined, asOf: Date): OpenFinding {
  const alerted = before?.alerted === true && finding.severity === 'critical';
  return { finding, since: before?.since ?? asOf, alerted };
}

function opening(finding: Finding, before: OpenFinding | undefined, asOf: Date): FindingChange | undefined {
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
): FindingChange {
  const exemption = exemptions.get(finding.id);
  const about = { type: 'resolved', asOf, finding, since } as const;
  if (exemption !== undefined) return { ...about, resolution: 'exempted', exemption };
  return { ...about, resolution: isLookedFor(finding.rule, policy) ? 'no-longer-found' : 'rule-switched-off' };
}

function isLookedFor(rule: string, policy: Policy): boolean {
  const id = ruleIds.find((candidate) => candidate === rule);
  return id !== undefined && policy.rules[id]?.enabled !== false;
}

/** Where keys cannot be read, nobody knows which one a verdict is about. */
function mayBeAbout(error: CredentialRef | undefined, open: CredentialRef | undefined): boolean {
  return error?.id === undefined || open?.id === undefined || error.id === open.id;
}

function groupBySubject(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(subjectOf(finding)) ?? [];
    groups.set(subjectOf(finding), [...group, finding]);
  }
  return groups;
}

function subjectOf({ rule, principal }: RecordedFinding): string {
  return `${rule} ${principal.kind} ${principal.name.toLowerCase()}`;
}
