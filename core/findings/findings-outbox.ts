/** The outbox of audits: which changes are pending for which audience, and which are delivered. Pure. */
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

/** The state after an audit. */
export interface Found {
  readonly asOf: Date;
  readonly findings: readonly OpenFinding[];
  readonly exempt: readonly ExemptCredential[];
  /** What could not be judged. */
  readonly unjudged: readonly Finding[];
}

/** A finding was opened or resolved. */
type Transition = ChangeOf<'opened' | 'resolved'>;

/** What to notify about after an audit; `transitions` are those that it found. */
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
  // For a finding that was open before, the event is that it is resolved, and by which exemption.
  const resolved = new Set(transitions.map(({ finding }) => finding.id));
  return put(outbox, 'bus', [...transitions, ...newlyExempt.filter(({ finding }) => !resolved.has(finding.id))]);
}

/** The deliveries of an audit. Absent: nothing was delivered to that audience. Ids are those of findings. */
export type FindingsDeliveries = Partial<Record<keyof FindingsOutbox, DeliveryRecord>>;

/** What to store once people and machines were notified of an audit; the same object if nothing changes. */
export function afterDelivery(open: OpenFindings, audit: Audit, deliveries: FindingsDeliveries): OpenFindings {
  const { alerts, digests, bus } = deliveries;
  const failing = new Set(audit.findings.flatMap(({ id, status }) => (status === 'fail' ? id : [])));
  // The alert lists a finding that could not be judged tonight as an impossible check, not as a failure.
  const isInAlert = ({ type, finding }: FindingChange) => type === 'unjudged' || failing.has(finding.id);
  let { outbox } = open;
  outbox = delivered(outbox, 'alerts', (change) => isInAlert(change) && !isPending(change.finding.id, alerts));
  outbox = delivered(outbox, 'digests', ({ finding }) => !isPending(finding.id, digests));
  outbox = delivered(outbox, 'bus', ({ finding }) => !isPending(finding.id, bus));
  return outbox === open.outbox ? open : { ...open, outbox };
}

/** Whether everything for people is delivered. */
export function isNotified({ outbox }: OpenFindings, mode: Mode): boolean {
  const left = pending(outbox, 'alerts').filter((change) => !isOfSweeps(change, mode));
  return left.length === 0 && pending(outbox, 'digests').length === 0;
}

/** If there is a lifecycle, the digest of the sweep reports what happens to such a key, and when. */
export function isOfSweeps(change: FindingChange, mode: Mode): boolean {
  return mode !== 'audit' && isTransition(change) && isLifecycleRule(change.finding.rule);
}

/** Critical findings have their own alert. An alert does not report resolved findings. */
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

/** By the id of the finding, the latest last. */
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

/** What was pending as new is still new; what was pending as raised is raised from the severity that people last saw. */
function raisedAgain(
  { raisedFrom }: ChangeOf<'opened'>,
  { raisedFrom: _, ...later }: ChangeOf<'opened'>,
): ChangeOf<'opened'> {
  return raisedFrom === undefined ? later : { ...later, raisedFrom };
}

/** A higher severity was pending, and no longer applies. */
function isTakenBack({ raisedFrom }: ChangeOf<'opened'>, severity: Severity): boolean {
  return raisedFrom !== undefined && severities.indexOf(severity) >= severities.indexOf(raisedFrom);
}

/** The exempt credentials to notify about, as they are now. */
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

/** The checks that are not possible and that people were not yet notified of, as they are now. */
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
