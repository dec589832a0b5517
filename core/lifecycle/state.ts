import type { CredentialStatus, Finding, Known, LastUse, Principal, Tags } from '../model.ts';
import type { LedgerEntry, RetirableRef } from './ledger.ts';

/** What is known about one retirable credential at a moment: from the audit, or from a recheck. */
export type LiveStatus =
  | {
      readonly kind: 'seen';
      readonly status: CredentialStatus;
      readonly createdAt: Date;
      readonly lastUse: LastUse;
    }
  /** The principal or the credential no longer exists. `denied`: AWS only denied the read, as it also does without permission. */
  | { readonly kind: 'not-found'; readonly denied?: string }
  /** `refresh`: a recheck can determine it; the report alone cannot. */
  | { readonly kind: 'unknown'; readonly why: string; readonly refresh?: boolean };

/** One retirable credential as the lifecycle sees it. */
export interface CredentialState {
  readonly account: string;
  readonly principal: Principal;
  readonly credential: RetirableRef;
  readonly tags: Known<Tags>;
  /** IAM's unique id of the user, if it was just read. */
  readonly userId?: string;
  readonly liveStatus: LiveStatus;
  /** The findings on this credential by the lifecycle rules, of every status. */
  readonly findings: readonly Finding[];
  /** Absent: the credential has always been compliant. */
  readonly entry?: LedgerEntry;
  /** AWS has quarantined its user: comes first under a cap. Absent: not read; see risk.ts. */
  readonly exposed?: boolean;
  /** Its user may change IAM or do nearly everything: comes next under a cap. Absent: not read. */
  readonly privileged?: boolean;
}
