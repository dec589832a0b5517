/** What keysweep puts on the event bus: a public interface, whose details carry a version. Pure data. */
import type { RetirableRef } from './lifecycle/ledger.ts';
import type { Rotation, RotationAction } from './lifecycle/rotation.ts';
import type { Audit, Principal } from './model.ts';

/** `source` of every event of keysweep. */
export const eventSource = 'keysweep';

/** `detail-type` of the event with which an audit ends, and a rotation begins. */
export const auditCompletedType = 'Audit Completed';

/** Says that a snapshot is ready; the rotator waits for it. */
export interface AuditCompleted {
  readonly type: typeof auditCompletedType;
  readonly detail: {
    readonly version: '1';
    readonly account: string;
    /** Key under which the snapshot store holds what was seen. */
    readonly snapshot: string;
    /** ISO 8601, UTC. */
    readonly asOf: string;
    readonly summary: Audit['summary'];
  };
}

/** Something happened to one credential. */
export interface CredentialChanged {
  readonly type: 'Credential Warned' | 'Credential Deactivated' | 'Credential Deleted' | 'Credential Restored';
  readonly detail: {
    readonly version: '1';
    readonly account: string;
    readonly sweep: string;
    readonly credential: RetirableRef;
    readonly principal: Principal;
    /** `true`: found done, by a person or by a sweep that was interrupted. `false`: this sweep did it. */
    readonly observed: boolean;
    readonly why: string;
    /** For `Credential Warned`: when the deed is due. ISO 8601, UTC. */
    readonly dueAt?: string;
  };
}

export type KeysweepEvent = AuditCompleted | CredentialChanged;

export function auditCompleted({ account, asOf, summary }: Audit, snapshot: string): AuditCompleted {
  const detail = { version: '1', account: account.id, snapshot, asOf: asOf.toISOString(), summary } as const;
  return { type: auditCompletedType, detail };
}

/** What a rotation did and found done: one event for each credential that something happened to. */
export function credentialEvents({ account, sweep, actions }: Rotation): readonly CredentialChanged[] {
  return actions.flatMap((action): CredentialChanged[] => {
    const type = eventTypeOf(action);
    if (type === undefined || action.outcome !== 'applied') return [];
    const { credential, principal, why, dueAt } = action;
    const observed = action.type === 'observe';
    const due = type === 'Credential Warned' && dueAt !== undefined ? { dueAt: dueAt.toISOString() } : {};
    return [
      { type, detail: { version: '1', account: account.id, sweep, credential, principal, observed, why, ...due } },
    ];
  });
}

function eventTypeOf({ type, change }: RotationAction): CredentialChanged['type'] | undefined {
  switch (type) {
    case 'warn':
      return 'Credential Warned';
    case 'deactivate':
      return 'Credential Deactivated';
    case 'delete':
      return 'Credential Deleted';
    case 'observe':
      return change === 'restored'
        ? 'Credential Restored'
        : change === 'deleted'
          ? 'Credential Deleted'
          : 'Credential Deactivated';
    case 'resolve':
      return undefined;
  }
}
