/** A message to people, in every form that a subscriber may want it in. Plain readonly data. */

import type { Resolution } from './findings/open-findings.ts';
import type { WarningSubject } from './lifecycle/decision.ts';
import type { Actor, NoticeKind } from './lifecycle/ledger.ts';
import type {
  Account,
  AppliedExemption,
  AuditSummary,
  CredentialRef,
  Evidence,
  FindingStatus,
  FindingSubject,
  Severity,
} from './model.ts';
import type { Mode } from './policy/policy.ts';
import type { RuleId } from './rules/ids.ts';

/**
 * What a message is: `alert` of an audit about what is critical, `findings` of an audit about what else has changed,
 * `digest` of a sweep, `correction` of a digest that went out earlier in the same sweep, `restored` by a person.
 */
export const messageKinds = ['alert', 'findings', 'digest', 'correction', 'restored'] as const;
export type MessageKind = (typeof messageKinds)[number];

/** A message to people. */
export interface Notice {
  readonly kind: MessageKind;
  readonly severity: Severity;
  /** Id of the account that it is about. */
  readonly account: string;
  /** One line of printable ASCII, under 100 characters: an SNS subject. */
  readonly subject: string;
  /** Plain text for e-mail. */
  readonly body: string;
  readonly chat: ChatMessage;
  readonly data: NoticeData;
}

/** A message in a chat. Lengths are in UTF-16 units. */
export interface ChatMessage {
  /** At most 250. */
  readonly title: string;
  /** Markdown as Slack has it, at most 8,000. */
  readonly description: string;
  /** Markdown, each at most 350. */
  readonly nextSteps: readonly string[];
  /** Each at most 75. */
  readonly keywords: readonly string[];
  /** Messages with the same one belong together. */
  readonly threadId: string;
  /** One plain sentence. */
  readonly summary: string;
}

/**
 * A message for programs: schema `keysweep/notice/v1`, docs/schemas/notice-v1.schema.json. It is what its JSON is: times
 * are ISO 8601 in UTC. Texts may hold anything; a reader that shows them escapes them.
 */
export interface NoticeData {
  readonly schema: 'keysweep/notice/v1';
  /** The same for the same message, however often it comes: messages arrive at least once. */
  readonly id: string;
  /** The same for a digest and what corrects it. */
  readonly thread: string;
  readonly kind: MessageKind;
  readonly severity: Severity;
  readonly account: Account;
  readonly subject: string;
  /** What happened, in one sentence without the account. */
  readonly summary: string;
  /** The time that everything is judged by. */
  readonly at: string;
  /** Mode of the policy; of findings, a digest and its corrections. */
  readonly mode?: Mode;
  /** Id of the sweep; of a digest and its corrections. */
  readonly sweep?: string;
  /** The sums of the whole audit; of an alert and of findings. */
  readonly audit?: AuditSummary;
  /** Critical findings that no delivered alert has named, and all checks that were not possible; of an alert. */
  readonly newFindings?: number;
  /** What to know before one reads on: plain sentences. */
  readonly notes?: readonly string[];
  /** Time zone of the policy's calendar, by whose clock texts give dates; of a digest and its corrections. Absent: UTC. */
  readonly timezone?: string;
  /** Who has to do something, the most urgent first; of a digest and its corrections. */
  readonly owners?: readonly OwnerSummary[];
  /** How many owners are left out. */
  readonly ownersOmitted?: number;
  /** What there is, the most urgent first, counted in full. */
  readonly groups: readonly NoticeGroup[];
  /** In the order of the groups; the first ones of each group where there is no room for all. */
  readonly items: readonly NoticeDataItem[];
  /** How many items are left out. */
  readonly omitted: number;
  readonly nextSteps: readonly NextStep[];
  /** Where the unabridged text is kept. */
  readonly fullReport?: string;
}

/** What to do about it. The command is safe to paste. */
export interface NextStep {
  readonly text: string;
  readonly command?: string;
}

/** What a message says about the credentials of one owner. */
export interface OwnerSummary {
  /** From the owner tag of the users. Absent: of those without one, or whose tags could not be read. */
  readonly owner?: string;
  readonly count: number;
  /** `2 keys deactivated, 1 on final notice before deletion`. */
  readonly summary: string;
}

/** Items that mean the same to their readers, with what to do about them. */
export interface NoticeGroup {
  readonly id: string;
  readonly title: string;
  /** What all its items have in common, where that is so. */
  readonly severity?: Severity;
  readonly rule?: RuleId;
  readonly count: number;
  /** How many of each kind of credential; of a digest and its corrections. */
  readonly kinds?: Readonly<Record<string, number>>;
  /** What it means and what to do, for all its items. */
  readonly advice: readonly string[];
}

/** One credential or principal, and what people are notified of about it. */
export interface NoticeDataItem {
  /** Id of its group. */
  readonly group: string;
  readonly principal: FindingSubject;
  readonly credential?: CredentialRef;
  /** From the owner tag of the user, where it has one. */
  readonly owner?: string;
  readonly why?: string;
  /** Who did it, of what happened. */
  readonly by?: Actor;
  /** The name behind {@link by}, where a person gave one. */
  readonly who?: string;
  /** Which notice it is; of a digest. */
  readonly notice?: NoticeKind;
  /** For notices of what is coming; see `warn` in lifecycle/decision.ts. */
  readonly about?: WarningSubject;
  /** When the next change is due. Absent where none is. */
  readonly dueAt?: string;
  /** The same in words, with what it depends on. */
  readonly when?: string;
  /** Id of the finding, as in audits and events; of findings. */
  readonly finding?: string;
  /** Of a finding. `error`: it could not be judged, which is no pass. */
  readonly rule?: RuleId;
  readonly title?: string;
  readonly severity?: Severity;
  readonly status?: FindingStatus;
  /** What it was when people were notified of it, where it is more severe now. */
  readonly raisedFrom?: Severity;
  /** What excuses it, with status `exempt`. */
  readonly exemption?: AppliedExemption;
  /** Why it is no longer open, where it is not. */
  readonly resolution?: Resolution;
  readonly evidence?: Evidence;
  /** When an audit found it first, where that is known; `at` where it is new. ISO 8601, UTC. */
  readonly foundAt?: string;
  readonly remedy?: string;
  /** Commands that are safe to paste: undoes it; shows what was done with the credential. */
  readonly undo?: string;
  /** The same with the AWS CLI alone. */
  readonly undoWithAwsCli?: string;
  readonly activity?: string;
  /** The page of the AWS console to look at. */
  readonly console?: string;
}
