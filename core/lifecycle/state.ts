import type { CredentialStatus, Finding, Known, LastUse, Principal, Tags } from '../model.ts';
import type { LedgerEntry, RetirableRef } from './ledger.ts';

/** What is known of one retirable credential at a moment: from the audit, or from a fresh read just before a change. */
export type LiveStatus =
  | {
      readonly kind: 'seen';
      readonly status: CredentialStatus;
      readonly createdAt: Date;
      readonly lastUse: LastUse;
    }
  /** The principal or the credential no longer exists. `denied`: AWS said no more than that, as it does to whoever may not ask. */
  | { readonly kind: 'not-found'; readonly denied?: string }
  /** `refresh`: a fresh read can tell; the report alone cannot. */
  | { readonly kind: 'unknown'; readonly why: string; readonly refresh?: boolean };

/** One retirable credential as the lifecycle looks at it. */
export interface CredentialState {
  readonly account: string;
  readonly principal: Principal;
  readonly credential: RetirableRef;
  readonly tags: Known<Tags>;
  /** IAM's id of the user, where it was read just now. */
  readonly userId?: string;
  readonly liveStatus: LiveStatus;
  /** The findings on this credential by the rules that retire credentials, of every status. */
  readonly findings: readonly Finding[];
  /** Absent: the credential has always been compliant. */
  readonly entry?: LedgerEntry;
  /** AWS has quarantined its user: goes first where caps bite. Absent: not read; see risk.ts. */
  readonly exposed?: boolean;
  /** Its user may change IAM or do nearly everything: goes before others where caps bite. Absent: not read. */
  readonly privileged?: boolean;
}
