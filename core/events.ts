/** What keysweep puts on the event bus: a public interface with a versioned `detail`. Pure data. */

import type { OpenFindings, PublishedChange, RecordedFinding, Resolution } from './findings/open-findings.ts';
import { given } from './given.ts';
import { isRequest } from './lifecycle/decision.ts';
import type { RetirableRef } from './lifecycle/ledger.ts';
import type { SweepAction, SweepResult } from './lifecycle/sweep-result.ts';
import type { AppliedExemption, Audit, Principal, Severity } from './model.ts';
import { pending } from './outbox.ts';

/** `source` of every event of keysweep. */
export const eventSource = 'keysweep';

/** `detail-type` of the event that ends an audit and starts a sweep. */
export const auditCompletedType = 'Audit Completed';

/** Says that a snapshot is ready; the rotator waits for it. */
export interface AuditCompleted {
  readonly type: typeof auditCompletedType;
  readonly detail: {
    readonly version: '1';
    readonly account: string;
    /** Key of the snapshot in the snapshot store. */
    readonly snapshot: string;
    /** ISO 8601, UTC. */
    readonly asOf: string;
    readonly summary: Audit['summary'];
  };
}

/** `detail-type` of the event that `keysweep restore` sends as well, with the credentials of the person who runs it. */
export const restoredType = 'Credential Restored';

/** `detail-type` of the events about single credentials. */
export const credentialTypes = [
  'Credential Warned',
  'Credential Deactivated',
  'Credential Deleted',
  restoredType,
] as const;

/** Something happened to one credential. */
export interface CredentialChanged {
  readonly type: (typeof credentialTypes)[number];
  readonly detail: {
    readonly version: '1';
    readonly account: string;
    readonly sweep: string;
    readonly credential: RetirableRef;
    readonly principal: Principal;
    /** `true`: it was found done, by a person or by an interrupted sweep. `false`: this sweep or command did it. */
    readonly observed: boolean;
    readonly why: string;
    /** For `Credential Warned`: which notice it is. `late-use`: the credential was in use when it was deactivated. */
    readonly notice?: SweepAction['notice'];
    /** For `Credential Warned`: what is coming. `rotate`, `remove`: nothing; the owner is asked to do it. */
    readonly about?: SweepAction['about'];
    /** For `Credential Warned`, if a change is coming: the earliest time. ISO 8601, UTC. */
    readonly dueAt?: string;
  };
}

/** `detail-type` of the events about single findings. */
export const findingTypes = ['Finding Opened', 'Finding Exempted', 'Finding Resolved'] as const;

const typeOfFinding = {
  opened: 'Finding Opened',
  exempted: 'Finding Exempted',
  resolved: 'Finding Resolved',
} as const satisfies Record<PublishedChange['type'], (typeof findingTypes)[number]>;

/**
 * Since the previous audit, a finding is new, is more severe, is excused by an exemption that did not excuse its credential
 * before, or is no longer found. A repeated event is identical to the first. Of two events about one finding, the one with
 * the later `asOf` counts.
 */
export interface FindingChanged {
  readonly type: (typeof findingTypes)[number];
  readonly detail: {
    readonly version: '1';
    readonly account: string;
    /** `asOf` of the audit that found the change. ISO 8601, UTC. */
    readonly asOf: string;
    /** As in `keysweep/audit/v1`. A resolved finding is given as it was last found. */
    readonly finding: RecordedFinding;
    /** When it was first found. ISO 8601, UTC. */
    readonly since: string;
    /** For `Finding Opened` of a finding that was already open: its severity before. */
    readonly raisedFrom?: Severity;
    /** For `Finding Resolved`. */
    readonly resolution?: Resolution;
    /** For `Finding Exempted`, and for `Finding Resolved` by an exemption. */
    readonly exemption?: AppliedExemption;
  };
}

export type KeysweepEvent = AuditCompleted | CredentialChanged | FindingChanged;

export function auditCompleted({ account, asOf, summary }: Audit, snapshot: string): AuditCompleted {
  const detail = { version: '1', account: account.id, snapshot, asOf: asOf.toISOString(), summary } as const;
  return { type: auditCompletedType, detail };
}

/** The changes that audits found and that the event bus is not known to have received. */
export function findingEvents({ account, outbox }: OpenFindings): readonly FindingChanged[] {
  return pending(outbox, 'bus').map((change): FindingChanged => {
    const { type, asOf, since, finding, ...about } = change;
    return {
      type: typeOfFinding[type],
      detail: { version: '1', account, asOf: asOf.toISOString(), finding, since: since.toISOString(), ...about },
    };
  });
}

/** What a sweep did or found done: one event per credential that something happened to. */
export function credentialEvents({ account, sweep, actions }: SweepResult): readonly CredentialChanged[] {
  return actions.flatMap((action): CredentialChanged[] => {
    const type = eventTypeOf(action);
    if (type === undefined || action.outcome !== 'applied') return [];
    const { credential, principal, why } = action;
    const observed = action.type === 'observe';
    const warned = type === 'Credential Warned' ? warningOf(action) : {};
    return [
      { type, detail: { version: '1', account: account.id, sweep, credential, principal, observed, why, ...warned } },
    ];
  });
}

/** Of how many credentials a sweep publishes an event, if everything in its plan is done. */
export function countEvents({ actions }: Pick<SweepResult, 'actions'>): number {
  return actions.filter((action) => eventTypeOf(action) !== undefined).length;
}

function warningOf({
  notice,
  about,
  dueAt,
  change,
}: SweepAction): Pick<CredentialChanged['detail'], 'notice' | 'about' | 'dueAt'> {
  if (change === 'late-use') return { notice: 'late-use', about: 'delete' };
  return {
    ...given({ notice, about }),
    ...(isRequest(about) || dueAt === undefined ? {} : { dueAt: dueAt.toISOString() }),
  };
}

/** A person restored a key with `keysweep restore`. `observed`: someone had reactivated it before. */
export function restoredEvent(
  detail: Omit<CredentialChanged['detail'], 'version' | 'notice' | 'about' | 'dueAt'>,
): CredentialChanged {
  return { type: 'Credential Restored', detail: { version: '1', ...detail } };
}

const typeOfChange = {
  deactivated: 'Credential Deactivated',
  restored: 'Credential Restored',
  deleted: 'Credential Deleted',
  'late-use': 'Credential Warned',
} as const;

function eventTypeOf({ type, change }: SweepAction): CredentialChanged['type'] | undefined {
  switch (type) {
    case 'warn':
      return 'Credential Warned';
    case 'deactivate':
      return 'Credential Deactivated';
    case 'delete':
      return 'Credential Deleted';
    case 'observe':
      return change === undefined ? 'Credential Deactivated' : typeOfChange[change];
    case 'resolve':
      return undefined;
  }
}
