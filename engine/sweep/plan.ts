/** The second phase of a sweep: what to do about each credential, and in which order. */
import { type Decision, isChange } from '../../core/lifecycle/decision.ts';
import { stillWaiting } from '../../core/lifecycle/final-notices.ts';
import { deliveredState, type Item, pastNoticeFirst } from '../../core/lifecycle/item.ts';
import type { AuditFacts } from '../../core/lifecycle/join.ts';
import { isLateAudit } from '../../core/lifecycle/late-audit.ts';
import { decideByReport, type Plan, type PlanInput, plan } from '../../core/lifecycle/plan.ts';
import { judgeLiveStatus } from '../../core/lifecycle/reasons.ts';
import { withRisk } from '../../core/lifecycle/risk.ts';
import type { Night } from './night.ts';
import type { Run } from './run.ts';

/**
 * Plans, and rechecks what someone else seems to have done before it is recorded: the report may be hours old. Writes
 * nothing.
 */
export async function planNight(run: Run, night: Night): Promise<Night> {
  const { policy, startedAt: now } = run;
  const { audit, done } = night;
  const planned = await planByRisk(run, { items: night.items, report: audit.report, inScope: audit.inScope, done });
  const items = [...planned.actions, ...planned.skipped].map(async (item: Item) => {
    const isOpen = item.isRechecked === undefined && needsConfirmation(item, audit, now);
    return pastNoticeFirst(isOpen ? await confirm(run, item, audit) : item, now, policy);
  });
  return { ...night, items: await Promise.all(items) };
}

/**
 * Plans. If a cap makes the rank decide, first reads which users are exposed or privileged. If that cannot be read, the rank
 * ignores it: it affects only the order, not what is due.
 */
async function planByRisk({ inspector, policy, startedAt: now }: Run, input: PlanInput): Promise<Plan> {
  const planned = plan(input, policy, now);
  if (planned.contested.length === 0) return planned;
  const names = new Set(planned.contested.map(({ principal }) => principal.name));
  const policies = await inspector.reads.attachedPolicies([...names]);
  if (!policies.ok) return plan({ ...input, riskUnread: policies.problem.message }, policy, now);
  const items = input.items.map((item) => ({ ...item, state: withRisk(item.state, policies.value) }));
  return plan({ ...input, items }, policy, now);
}

/**
 * Whether a decision needs a recheck before it is recorded. What someone else did is recorded only if IAM shows it now. People
 * are not notified by an audit that arrived late or is older than the ledger entry. Changes have their own guard.
 */
function needsConfirmation({ state: { entry }, decision }: Item, { asOf }: AuditFacts, now: Date): boolean {
  if (decision.type === 'observe') return true;
  if (decision.type !== 'warn' && decision.type !== 'resolve') return false;
  return isLateAudit(asOf, now) || (entry !== undefined && entry.updatedAt > asOf);
}

/** Replaces the decision by what the live status leads to, but a change waits for a sweep that plans it. */
async function confirm({ inspector, policy, startedAt: now }: Run, item: Item, audit: AuditFacts): Promise<Item> {
  const { decision } = item;
  const isSeenByStatus = decision.type === 'observe' && ['restored', 'deleted'].includes(decision.change);
  const seen = await inspector.recheck(item.state, isSeenByStatus ? 'known' : 'read');
  if (seen === undefined) return item;
  const state = judgeLiveStatus(seen, seen.liveStatus, policy, now);
  const fresh = decideByReport(deliveredState({ ...item, state }), audit.report, policy, now);
  // What the caps allow was decided when this was planned.
  if (fresh.type === 'warn' && fresh.notice === 'final-notice' && decision.type === 'warn') {
    if (decision.deferredBy !== undefined)
      return { ...item, state, decision: stillWaiting(fresh, decision.deferredBy) };
    if (decision.notice !== 'final-notice') return { ...item, state, decision: waiting(fresh.why) };
  }
  return { ...item, state, decision: isChange(fresh) ? waiting(fresh.why) : fresh };
}

function waiting(why: string): Decision {
  return {
    type: 'skip',
    skipReason: 'waiting',
    why: `the report was out of date; the next sweep decides again: ${why}`,
  };
}
