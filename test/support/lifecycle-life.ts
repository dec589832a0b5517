/** One credential, night after night: what is decided, recorded and done, as a sweep of nothing else would. */
import { DAY } from '../../core/duration.ts';
import type { RetirableKind } from '../../core/kinds/kinds.ts';
import { decide } from '../../core/lifecycle/decide.ts';
import { addTo, type Decision, isChange } from '../../core/lifecycle/decision.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import { prepareWrite } from '../../core/lifecycle/prepare.ts';
import { judgeLiveStatus } from '../../core/lifecycle/reasons.ts';
import type { CredentialState, LiveStatus } from '../../core/lifecycle/state.ts';
import { recordOutcome } from '../../core/lifecycle/transitions.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { now, type Seen } from './lifecycle-builder.ts';
import { account } from './report-builder.ts';

export interface Life {
  /** `night: what was done`, for every night in which something was. */
  readonly steps: readonly string[];
  readonly entry: LedgerEntry | undefined;
  readonly last: Decision;
}

export interface LifeOptions {
  readonly kind: RetirableKind;
  readonly liveStatus: Seen;
  readonly policy: Policy;
  readonly nights: number;
  /** Before the sweep of a night: another policy from then on, or something that a person does to the credential. */
  readonly events?: Readonly<
    Record<number, { readonly policy?: Policy; readonly liveStatus?: Partial<Seen> | 'not-found' }>
  >;
}

/** Every notice is delivered, and every change succeeds. */
export function playNights({ kind, liveStatus, policy, nights, events = {} }: LifeOptions): Life {
  let seen: LiveStatus = liveStatus;
  let using = policy;
  let entry: LedgerEntry | undefined;
  let last: Decision = { type: 'skip', skipReason: 'compliant', why: 'not decided yet' };
  const steps: string[] = [];
  for (let night = 0; night < nights; night++) {
    const at = addTo(now, night * DAY);
    const event = events[night];
    using = event?.policy ?? using;
    if (event?.liveStatus === 'not-found') seen = { kind: 'not-found' };
    else if (event?.liveStatus !== undefined && seen.kind === 'seen') seen = { ...seen, ...event.liveStatus };
    const state = judgeLiveStatus(stateWith(kind, seen, entry), seen, using, at);
    last = decide(state, using, at);
    if (last.type !== 'skip') steps.push(`${night}: ${inBrief(last)}`);
    const moment = { now: at, sweep: `sweep-${night}` };
    const write = prepareWrite({ state, decision: last, isPending: false }, using, moment);
    entry = write?.entry ?? entry;
    if (!isChange(last) || entry === undefined) continue;
    entry = recordOutcome({ ...state, entry }, last, using, moment).entry;
    if (last.type === 'delete') seen = { kind: 'not-found' };
    else if (seen.kind === 'seen') seen = { ...seen, status: 'Inactive' };
  }
  return { steps, entry, last };
}

/** A credential of a kind, as alice's only one. */
export function stateWith(kind: RetirableKind, liveStatus: LiveStatus, entry?: LedgerEntry): CredentialState {
  return {
    account,
    principal: { kind: 'user', name: 'alice', arn: `arn:aws:iam::${account}:user/alice` },
    credential: { kind, id: 'THEONLYONEOFALICE' },
    tags: { known: true, value: {} },
    liveStatus,
    findings: [],
    ...(entry === undefined ? {} : { entry }),
  };
}

function inBrief(decision: Decision): string {
  switch (decision.type) {
    case 'warn':
      return `${decision.notice} to ${decision.about}`;
    case 'observe':
      return `${decision.change} by ${decision.by}`;
    default:
      return decision.type;
  }
}
