import type { WarningSubject } from '../../core/lifecycle/decision.ts';
import type { Actor, NoticeKind, RetirableRef } from '../../core/lifecycle/ledger.ts';
import type { Principal, SeenRef } from '../../core/model.ts';

/** One thing that people are notified about one credential. */
export interface NoticeItem {
  readonly kind: NoticeKind;
  readonly credential: RetirableRef;
  readonly principal: Principal;
  /** From the owner tag of the user, where it has one. */
  readonly owner?: string;
  /** For notices of what is coming; see `warn` in core/lifecycle/decision.ts. */
  readonly about?: WarningSubject;
  /** For notices of what happened: who did it. */
  readonly by?: Actor;
  readonly why?: string;
  /** When the next change is due: the deactivation or the deletion. Absent where none is. */
  readonly dueAt?: Date;
}

/** A change that is due and waits, or a credential that could not be judged. */
export interface WaitingItem {
  readonly credential: SeenRef;
  readonly principal: Principal;
  readonly why: string;
}
