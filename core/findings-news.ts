/** What changed in an account since people were told last: the outbox of the findings message. Pure. */
import { isLifecycleRule } from './kinds/rules.ts';
import { type Audit, type Finding, type Severity, severities } from './model.ts';
import type { ExemptCredential } from './newly-exempt.ts';
import type { FindingChange, OpenFindings, RecordedFinding } from './open-findings.ts';
import type { Mode } from './policy/policy.ts';
import { ruleIds } from './rules/ids.ts';

/** A check that was not possible in the last audit. */
export interface UnjudgedCheck {
  /** Of its finding. */
  readonly id: string;
  /** `asOf` of the first audit in a row that could not judge it. */
  readonly since: Date;
  /** People have been told of it. */
  readonly told: boolean;
}

/** What people do not know yet of an account. Plain data. */
export interface FindingsNews {
  /** `asOf` of the latest audit of which people know everything; absent where there is none. */
  readonly toldUpTo?: Date;
  /** The latest of each finding, oldest first. Somebody may have heard of an earlier one: a message is noted after it went out. */
  readonly changes: readonly FindingChange[];
  readonly unjudged: readonly UnjudgedCheck[];
}

/** A finding that people have not heard of, or not as being so severe. */
export interface OpenedFinding {
  /** As it is now. */
  readonly finding: RecordedFinding;
  /** When an audit found it first. */
  readonly since: Date;
  /** What they think it is, where that is less. */
  readonly raisedFrom?: Severity;
}

type OpenedChange = Extract<FindingChange, { readonly type: 'opened' }>;
export type ResolvedFinding = Extract<FindingChange, { readonly type: 'resolved' }>;

/** What one message tells. Critical findings have an alert of their own: they are counted. */
export interface FindingsToTell {
  /** As in {@link FindingsNews}. */
  readonly toldUpTo?: Date;
  /** Worst first. */
  readonly opened: readonly OpenedFinding[];
  /** Oldest first. */
  readonly resolved: readonly ResolvedFinding[];
  /** Checks that are not possible, and were before or were not known not to be. */
  readonly unjudged: readonly Finding[];
  /** Credentials that an exemption excuses, of which people have not been notified. Worst first. */
  readonly newlyExempt: readonly ExemptCredential[];
  /** Critical findings that no alert is known to have told. */
  readonly newCritical: number;
  /** `asOf` of the audit that found the latest of it. */
  readonly changedAt: Date;
}

/**
 * What people do not know after an audit. `changes` are those that it found. A record from before people were told
 * (`before.news` is undefined) counts as told: an upgrade is no news.
 */
export function nextNews(
  before: OpenFindings | undefined,
  changes: readonly FindingChange[],
  { asOf, findings }: Audit,
  mode: Mode,
): FindingsNews {
  const { news } = before ?? {};
  const isExemptTold = before?.exempt?.every(({ told }) => told) !== false;
  const toldUpTo = news === undefined || (isAllTold(news) && isExemptTold) ? before?.asOf : news.toldUpTo;
  const isUpgrade = before !== undefined && news === undefined;
  const known = new Map(news?.unjudged.map((check) => [check.id, check]));
  const severityOf = new Map(findings.map(({ id, severity }) => [id, severity]));
  const isNews = (change: FindingChange) => {
    const { finding } = change;
    return !isToldBySweeps(finding, mode) && !isTakenBack(change, severityOf.get(finding.id) ?? finding.severity);
  };
  return {
    ...(toldUpTo === undefined ? {} : { toldUpTo }),
    changes: latestOf([...(news?.changes ?? []), ...changes]).filter(isNews),
    unjudged: findings.flatMap(({ id, status }) => {
      return status === 'error' ? [known.get(id) ?? { id, since: asOf, told: isUpgrade }] : [];
    }),
  };
}

/** What a message tells after an audit; undefined where nothing but critical findings is new: those are the alert's. */
export function findingsToTell(
  { news, findings, exempt = [] }: OpenFindings,
  audit: Audit,
): FindingsToTell | undefined {
  if (news === undefined) return undefined;
  const changes = new Map(news.changes.map((change) => [change.finding.id, change]));
  const open = findings.flatMap(({ finding }) => openedOf(finding, changes.get(finding.id)) ?? []);
  const opened = open.filter(({ finding }) => finding.severity !== 'critical');
  const resolved = news.changes.filter((change) => change.type === 'resolved');
  const checks = new Map(news.unjudged.map((check) => [check.id, check]));
  const unjudged = audit.findings.filter(({ id, severity }) => {
    return severity !== 'critical' && checks.get(id)?.told === false;
  });
  const newlyExempt = exempt.filter(({ told }) => !told);
  const times = [
    ...newlyExempt.map(({ since }) => since),
    ...opened.map(({ finding }) => changes.get(finding.id)?.asOf),
    ...resolved.map(({ asOf }) => asOf),
    ...unjudged.map(({ id }) => checks.get(id)?.since),
  ].map((time) => time?.getTime() ?? 0);
  if (times.length === 0) return undefined;
  return {
    ...(news.toldUpTo === undefined ? {} : { toldUpTo: news.toldUpTo }),
    opened,
    resolved,
    unjudged,
    newlyExempt,
    newCritical: open.length - opened.length,
    changedAt: new Date(times.reduce((latest, time) => Math.max(latest, time), 0)),
  };
}

/** What an audit told people. */
export interface ToldPeople {
  /** Of tonight's critical findings, and the critical checks that were not possible. */
  readonly ofCritical: boolean;
  /** Of everything in {@link FindingsToTell}. */
  readonly ofNews: boolean;
  /**
   * Ids of findings that neither a message named nor a report that it links to, for lack of room or of that report: people
   * know nothing of those. Absent: there are none.
   */
  readonly unnamed?: ReadonlySet<string>;
}

/** What is left to tell; the same object where nothing changes. */
export function newsAfterTelling(
  { news, findings }: OpenFindings,
  audit: Audit,
  { ofCritical, ofNews, unnamed = new Set() }: ToldPeople,
): FindingsNews | undefined {
  if (news === undefined) return undefined;
  const criticalOpen = idsOfCritical(findings.map(({ finding }) => finding));
  const inAlert = { failing: idsOfCritical(audit.findings, 'fail'), unjudged: idsOfCritical(audit.findings, 'error') };
  const isTold = ({ type, finding: { id } }: FindingChange) => {
    if (unnamed.has(id)) return false;
    // One that could not be judged tonight stands in the alert as that, not as being there.
    return type === 'opened' && criticalOpen.has(id) ? ofCritical && inAlert.failing.has(id) : ofNews;
  };
  const changes = news.changes.filter((change) => !isTold(change));
  const isTelling = ({ told, id }: UnjudgedCheck) => {
    return !told && !unnamed.has(id) && (inAlert.unjudged.has(id) ? ofCritical : ofNews);
  };
  if (changes.length === news.changes.length && !news.unjudged.some(isTelling)) return news;
  const unjudged = news.unjudged.map((check) => (isTelling(check) ? { ...check, told: true } : check));
  return { ...news, changes, unjudged };
}

function idsOfCritical(
  findings: readonly Pick<Finding, 'id' | 'severity' | 'status'>[],
  only?: Finding['status'],
): ReadonlySet<string> {
  return new Set(
    findings.flatMap(({ id, severity, status }) => {
      return severity === 'critical' && (only ?? status) === status ? id : [];
    }),
  );
}

function isAllTold({ changes, unjudged }: FindingsNews): boolean {
  return changes.length === 0 && unjudged.every(({ told }) => told);
}

function openedOf(finding: RecordedFinding, change: FindingChange | undefined): OpenedFinding | undefined {
  if (change?.type !== 'opened') return undefined;
  const { since, raisedFrom } = change;
  return { finding, since, ...(raisedFrom === undefined ? {} : { raisedFrom }) };
}

/** It was to be told that a finding is more severe, and it is so no longer. */
function isTakenBack(change: FindingChange, severity: Severity): boolean {
  return change.type === 'opened' && change.raisedFrom !== undefined && !isWorse(severity, change.raisedFrom);
}

function latestOf(changes: readonly FindingChange[]): readonly FindingChange[] {
  const latest = new Map<string, FindingChange>();
  for (const change of changes) {
    const { id } = change.finding;
    const earlier = latest.get(id);
    // The latest one comes last.
    latest.delete(id);
    latest.set(id, earlier?.type === 'opened' && change.type === 'opened' ? raisedAgain(earlier, change) : change);
  }
  return [...latest.values()];
}

/** What was to be told as new is still new; what was to be told as raised is raised from where people think that it is. */
function raisedAgain({ raisedFrom }: OpenedChange, { raisedFrom: _, ...later }: OpenedChange): OpenedChange {
  return raisedFrom === undefined ? later : { ...later, raisedFrom };
}

/** Where there is a lifecycle, the digest of the sweep tells what becomes of such a key, and when. */
function isToldBySweeps({ rule }: RecordedFinding, mode: Mode): boolean {
  return mode !== 'audit' && ruleIds.some((id) => id === rule && isLifecycleRule(id));
}

function isWorse(severity: Severity, than: Severity): boolean {
  return severities.indexOf(severity) < severities.indexOf(than);
}
