/** What the messages of an audit notify of. Pure. */
import { given } from '../given.ts';
import type { Severity } from '../model.ts';
import { pending } from '../outbox.ts';
import type { Mode } from '../policy/policy.ts';
import { isOfSweeps } from './findings-outbox.ts';
import type { ChangeOf, ExemptCredential, FindingChange, OpenFindings, RecordedFinding } from './open-findings.ts';

/** A finding of which people were not notified, or not as being so severe. */
export interface OpenedFinding {
  /** As it is now. */
  readonly finding: RecordedFinding;
  /** When an audit found it first. */
  readonly since: Date;
  /** What they think it is, where that is less. */
  readonly raisedFrom?: Severity;
}

export type ResolvedFinding = ChangeOf<'resolved'>;

/** What one message notifies of. Critical findings have an alert of their own: they are counted. */
export interface FindingsNews {
  /** As in {@link OpenFindings}. */
  readonly notifiedUpTo?: Date;
  /** Worst first. */
  readonly opened: readonly OpenedFinding[];
  /** Oldest first. */
  readonly resolved: readonly ResolvedFinding[];
  /** Checks that are not possible, and were before or were not known not to be. */
  readonly unjudged: readonly RecordedFinding[];
  /** Credentials that an exemption excuses, of which people have not been notified. Worst first. */
  readonly newlyExempt: readonly ExemptCredential[];
  /** Critical findings that no alert is known to have notified of. */
  readonly newCritical: number;
  /** `asOf` of the audit that found the latest of it. */
  readonly changedAt: Date;
}

/** What a message notifies of after an audit; undefined where nothing but critical findings is new: those are the alert's. */
export function findingsNews({ outbox, notifiedUpTo }: OpenFindings, mode: Mode): FindingsNews | undefined {
  const changes = pending(outbox, 'digests');
  if (changes.length === 0) return undefined;
  return {
    ...given({ notifiedUpTo }),
    opened: changesOf('opened', changes),
    resolved: changesOf('resolved', changes),
    unjudged: changesOf('unjudged', changes).map(({ finding }) => finding),
    newlyExempt: changesOf('exempted', changes),
    newCritical: changesOf('opened', pending(outbox, 'alerts')).filter((change) => !isOfSweeps(change, mode)).length,
    changedAt: new Date(changes.reduce((latest, { asOf }) => Math.max(latest, asOf.getTime()), 0)),
  };
}

/** What an alert says of a finding that earlier audits found as well. */
export interface FindingHistory {
  /** When an audit found it first. */
  readonly since: Date;
  /** An alert is known to have notified people of it as critical. */
  readonly alerted: boolean;
}

/** By the id of what is open. */
export function findingHistories({ findings, outbox }: OpenFindings): ReadonlyMap<string, FindingHistory> {
  const unalerted = new Set(changesOf('opened', pending(outbox, 'alerts')).map(({ finding }) => finding.id));
  return new Map(
    findings.map(({ finding: { id, severity }, since }) => {
      return [id, { since, alerted: severity === 'critical' && !unalerted.has(id) }];
    }),
  );
}

function changesOf<Type extends FindingChange['type']>(
  type: Type,
  changes: readonly FindingChange[],
): readonly ChangeOf<Type>[] {
  return changes.filter((change): change is ChangeOf<Type> => change.type === type);
}
