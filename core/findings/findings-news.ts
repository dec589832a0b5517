/** What the messages of an audit report. Pure. */
import { given } from '../given.ts';
import type { Severity } from '../model.ts';
import { pending } from '../outbox.ts';
import type { Mode } from '../policy/policy.ts';
import { isOfSweeps } from './findings-outbox.ts';
import type { ChangeOf, ExemptCredential, FindingChange, OpenFindings, RecordedFinding } from './open-findings.ts';

/** A finding that people were not notified of, or only with a lower severity. */
export interface OpenedFinding {
  /** As it is now. */
  readonly finding: RecordedFinding;
  /** When an audit first found it. */
  readonly since: Date;
  /** The severity that people were last notified of, if lower. */
  readonly raisedFrom?: Severity;
}

export type ResolvedFinding = ChangeOf<'resolved'>;

/** The contents of one message. Critical findings have their own alert, so they are only counted here. */
export interface FindingsNews {
  /** As in {@link OpenFindings}. */
  readonly notifiedUpTo?: Date;
  /** Worst first. */
  readonly opened: readonly OpenedFinding[];
  /** Oldest first. */
  readonly resolved: readonly ResolvedFinding[];
  /** Checks that are not possible, and that people were not yet notified of. */
  readonly unjudged: readonly RecordedFinding[];
  /** Credentials that an exemption excuses, and that people have not been notified of. Worst first. */
  readonly newlyExempt: readonly ExemptCredential[];
  /** Critical findings that no delivered alert has reported. */
  readonly newCritical: number;
  /** `asOf` of the audit that found the latest change. */
  readonly changedAt: Date;
}

/** The contents of the message after an audit; undefined if nothing is new, or only critical findings, which are in the alert. */
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

/** What an alert says about a finding that earlier audits found as well. */
export interface FindingHistory {
  /** When an audit first found it. */
  readonly since: Date;
  /** An alert that reported it as critical was delivered. */
  readonly alerted: boolean;
}

/** By the id of the open finding. */
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
