/** The outbox of the audits: what of an audit is pending for whom, and what is delivered. Pure. */
import { isLifecycleRule } from '../kinds/rules.ts';
import { type Audit, type Finding, type Severity, severities } from '../model.ts';
import { type DeliveryRecord, delivered, isPending, pending, put } from '../outbox.ts';
import type { Mode } from '../policy/policy.ts';
import { identityOf } from './exempt.ts';
import type {
  ChangeOf,
  ExemptCredential,
  FindingChange,
  FindingsOutbox,
  OpenFinding,
  OpenFindings,
} from './open-findings.ts';

/** How things are after an audit. */
export interface Found {
  readonly asOf: Date;
  readonly findings: readonly OpenFinding[];
  readonly exempt: readonly ExemptCredential[];
  /** What could not be judged. */
  readonly unjudged: readonly Finding[];
}

/** A finding turned up, or went away. */
type Transition = ChangeOf<'opened' | 'resolved'>;

/** What is to be notified of after an audit; `transitions` are those that it found. */
export function nextOutbox(
  before: OpenFindings | undefined,
  found: Found,
  transitions: readonly Transition[],
  mode: Mode,
): FindingsOutbox {
  const { alerts, digests, bus } = before?.outbox ?? { alerts: [], digests: [], bus: [] };
  const earlier = [...alerts, ...digests];
  const known = identitiesOf(before?.exempt ?? []);
  const newlyExempt = exemptedIn(found, (identity) => !known.has(identity));
  const exempted = identitiesOf([...earlier.filter(({ type }) => type === 'exempted'), ...newlyExempt]);
  const people: readonly FindingChange[] = [
    ...currentTransitions([...earlier.filter(isTransition), ...transitions], found),
    ...exemptedIn(found, (identity) => exempted.has(identity)),
    ...unjudgedNow(earlier, before?.unjudged ?? [], found),
  ];
  const outbox = {
    alerts: people.filter(isForAlerts),
    digests: people.filter((change) => !isForAlerts(change) && !isOfSweeps(change, mode)),
    bus,
  };
  // Of one that was open before, machines get that it is resolved, and by which exemption.
  const resolved = new Set(transitions.map(({ finding }) => finding.id));
  return put(outbox, 'bus', [...transitions, ...newlyExempt.filter(({ finding }) => !resolved.has(finding.id))]);
}

/** What is known of the deliveries of an audit. Absent: nothing was delivered to that audience. Ids are those of findings. */
export type FindingsDeliveries = Partial<Record<keyof FindingsOutbox, DeliveryRecord>>;

/** What to keep once people and machines were notified of an audit; the same object where that changes nothing. */
export function afterDelivery(open: OpenFindings, audit: Audit, deliveries: FindingsDeliveries): OpenFindings {
  const { alerts, digests, bus } = deliveries;
  const failing = new Set(audit.findings.flatMap(({ id, status }) => (status === 'fail' ? id : [])));
  // One that could not be judged tonight stands in the alert as that, not as being there.
  const isInAlert = ({ type, finding }: FindingChange) => type === 'unjudged' || failing.has(finding.id);
  let { outbox } = open;
  outbox = delivered(outbox, 'alerts', (change) => isInAlert(change) && !isPending(change.finding.id, alerts));
  outbox = delivered(outbox, 'digests', ({ finding }) => !isPending(finding.id, digests));
  outbox = delivered(outbox, 'bus', ({ finding }) => !isPending(finding.id, bus));
  return outbox === open.outbox ? open : { ...open, outbox };
}

/** Whether people are known to have everything that they are notified of. */
export function isNotified({ outbox }: OpenFindings, mode: Mode): boolean {
  const left = pending(outbox, 'alerts').filter((change) => !isOfSweeps(change, mode));
  return left.length === 0 && pending(outbox, 'digests').length === 0;
}

/** Where there is a lifecycle, the digest of the sweep notifies of what becomes of such a key, and when. */
export function isOfSweeps(change: FindingChange, mode: Mode): boolean {
  return mode !== 'audit' && isTransition(change) && isLifecycleRule(change.finding.rule);
}

/** Critical findings have an alert of their own. That one is resolved, no alert says. */
function isForAlerts({ type, finding }: FindingChange): boolean {
  return finding.severity === 'critical' && (type === 'opened' || type === 'unjudged');
}

function isTransition(change: FindingChange): change is Transition {
  return change.type === 'opened' || change.type === 'resolved';
}

/** The latest transition of each finding: what is open as it is now, worst first, then what is resolved, oldest first. */
function currentTransitions(transitions: readonly Transition[], { findings }: Found): readonly Transition[] {
  const latest = latestOf(transitions);
  const opened = findings.flatMap(({ finding }) => {
    const transition = latest.get(finding.id);
    return transition?.type === 'opened' && !isTakenBack(transition, finding.severity)
      ? [{ ...transition, finding }]
      : [];
  });
  return [...opened, ...[...latest.values()].filter(({ type }) => type === 'resolved')];
}

/** By the id of the finding, the latest one last. */
function latestOf(transitions: readonly Transition[]): ReadonlyMap<string, Transition> {
  const latest = new Map<string, Transition>();
  for (const transition of transitions) {
    const { id } = transition.finding;
    const earlier = latest.get(id);
    latest.delete(id);
    latest.set(
      id,
      earlier?.type === 'opened' && transition.type === 'opened' ? raisedAgain(earlier, transition) : transition,
    );
  }
  return latest;
}

/** What was pending as new is still new; what was pending as raised is raised from where people think that it is. */
function raisedAgain(
  { raisedFrom }: ChangeOf<'opened'>,
  { raisedFrom: _, ...later }: ChangeOf<'opened'>,
): ChangeOf<'opened'> {
  return raisedFrom === undefined ? later : { ...later, raisedFrom };
}

/** It was pending that a finding is more severe, and it is so no longer. */
function isTakenBack({ raisedFrom }: ChangeOf<'opened'>, severity: Severity): boolean {
  return raisedFrom !== undefined && severities.indexOf(severity) >= severities.indexOf(raisedFrom);
}

/** What is exempt, as it is now, of the credentials that are to be notified of. */
function exemptedIn({ exempt }: Found, isIncluded: (identity: string) => boolean): readonly ChangeOf<'exempted'>[] {
  return exempt.flatMap(({ finding, since }) => {
    const { exemption } = finding;
    if (exemption === undefined || !isIncluded(identityOf(finding))) return [];
    return [{ type: 'exempted', asOf: since, finding, since, exemption }];
  });
}

function identitiesOf(exempt: readonly Pick<ExemptCredential, 'finding'>[]): ReadonlySet<string> {
  return new Set(exempt.map(({ finding }) => identityOf(finding)));
}

/** The checks that are not possible and people are not known to know of, as they are now. */
function unjudgedNow(
  earlier: readonly FindingChange[],
  before: readonly string[],
  { asOf, unjudged }: Found,
): readonly ChangeOf<'unjudged'>[] {
  const pendingSince = new Map(
    earlier.flatMap(({ type, finding, since }) => (type === 'unjudged' ? [[finding.id, since]] : [])),
  );
  const known = new Set(before);
  return unjudged.flatMap((finding) => {
    const since = pendingSince.get(finding.id) ?? (known.has(finding.id) ? undefined : asOf);
    return since === undefined ? [] : [{ type: 'unjudged', asOf: since, finding, since }];
  });
}
