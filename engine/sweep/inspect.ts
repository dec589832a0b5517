import { HOUR } from '../../core/duration.ts';
import { buildStates } from '../../core/lifecycle/build-states.ts';
import { leaveDamaged } from '../../core/lifecycle/damaged.ts';
import { type Decision, isDeed } from '../../core/lifecycle/decision.ts';
import { stillWaiting } from '../../core/lifecycle/final-notices.ts';
import { nothingRemembered, settleTonight, startNight, withDelivered } from '../../core/lifecycle/night-start.ts';
import { needsFreshLook, needsTags } from '../../core/lifecycle/open-questions.ts';
import { decideByReport, type Plan, type PlanInput, type PlannedItem, plan } from '../../core/lifecycle/plan.ts';
import type { Prepared } from '../../core/lifecycle/prepare.ts';
import { judgeSighting } from '../../core/lifecycle/reasons.ts';
import { countInScope, type Snapshot } from '../../core/lifecycle/snapshot.ts';
import { withStanding } from '../../core/lifecycle/standing.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { findUnjudged, type UnjudgedCredential } from '../../core/lifecycle/unjudged.ts';
import type { Known, Tags } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { isActiveAgain, type Looker, openLooker } from '../inspector.ts';
import { remember } from '../remember.ts';
import type { RotatorPorts } from './ports.ts';

export interface Survey {
  /** Every credential that the sweep has anything to say about, in the order in which things are to be done. */
  readonly prepared: readonly Prepared[];
  /** Credentials that could not be judged and have no state, because no one knows their ids. */
  readonly unjudged: readonly UnjudgedCredential[];
  /** What is wrong with the ledger beside the entries of single credentials, for people. */
  readonly problems: readonly string[];
}

/**
 * Joins snapshot and ledger, reads what is still open (tags that a match hangs on, keys that the report cannot tell
 * apart, who is exposed or privileged where a cap bites), plans, and confirms with IAM what somebody else seems to have
 * done. A credential whose entry is damaged is left alone as unknown, whatever else is known of it. Writes nothing.
 *
 * @throws KeysweepError where the ledger cannot be read
 */
export async function survey(ports: RotatorPorts, policy: Policy, snapshot: Snapshot, now: Date): Promise<Survey> {
  const account = snapshot.audit.account.id;
  // In mode audit there is no lifecycle, and so no need of its ledger.
  const remembered = policy.mode === 'audit' ? nothingRemembered : await remember(ports.ledger, account, now);
  const { entries, done } = startNight(remembered, now, policy);

  const looker = openLooker(ports.source, snapshot);
  const tagged = await readTags(
    ports,
    buildStates(snapshot, remembered.entries, remembered.damaged),
    policy,
    snapshot,
    now,
  );
  const states = await Promise.all(
    tagged.map(async (state) => {
      if (policy.mode === 'audit' || !needsFreshLook(state)) return state;
      const seen = await looker.look(state, 'read');
      return seen.sighting.kind === 'unknown' && isActiveAgain(state)
        ? state
        : judgeSighting(seen, seen.sighting, policy, now);
    }),
  );
  const night = {
    account,
    states: states.map((state) => withDelivered(state, entries.get(state.credential.id))),
    report: snapshot.audit.report,
    inScope: countInScope(snapshot),
    done,
  };
  const planned = await planNight(night, ports, policy, now);
  const all: readonly PlannedItem[] = [...planned.actions, ...planned.left];
  const looked = new Set(tagged.filter(needsFreshLook).map(({ credential }) => credential.id));
  const prepared = await Promise.all(
    all.map(async (item): Promise<Prepared> => {
      const { id } = item.state.credential;
      const isOpen = !looked.has(id) && needsConfirmation(item, snapshot, now);
      const confirmed = isOpen ? await confirm(item, looker, policy, snapshot, now) : item;
      return settleTonight(confirmed, entries.get(id), now, policy);
    }),
  );
  return {
    prepared: [...prepared, ...leaveDamaged(snapshot, remembered.damaged)],
    unjudged: findUnjudged(snapshot, night.states),
    problems: remembered.problems ?? [],
  };
}

async function readTags(
  { source }: RotatorPorts,
  states: readonly CredentialState[],
  policy: Policy,
  snapshot: Snapshot,
  now: Date,
): Promise<readonly CredentialState[]> {
  if (policy.mode === 'audit') return states;
  const open = states.map((state): CredentialState => {
    const outdated: CredentialState = { ...state, tags: { known: false, why: 'the tags were read long ago' } };
    return isLate(snapshot, now) && needsTags(outdated, policy, now) ? outdated : state;
  });
  const names = open.filter((state) => needsTags(state, policy, now)).map(({ principal }) => principal.name);
  if (names.length === 0) return open;
  const answers = await source.userTags([...new Set(names)], snapshot.userNames.length);
  return open.map((state) => {
    const answer = answers.get(state.principal.name);
    if (answer === undefined || state.tags.known) return state;
    const tags: Known<Tags> = answer.ok
      ? { known: true, value: answer.value }
      : { known: false, why: answer.problem.message };
    return judgeSighting({ ...state, tags }, state.sighting, policy, now);
  });
}

/**
 * Plans, and where a cap makes the rank decide, reads first who is exposed and who privileged. Where that cannot be
 * read the rank does without it: nothing that is due hangs on it, but which comes first.
 */
async function planNight(input: PlanInput, { source }: RotatorPorts, policy: Policy, now: Date): Promise<Plan> {
  const planned = plan(input, policy, now);
  if (planned.contested.length === 0) return planned;
  const names = new Set(planned.contested.map(({ principal }) => principal.name));
  const policies = await source.attachedPolicies([...names]);
  if (!policies.ok) return plan({ ...input, standingUnread: policies.problem.message }, policy, now);
  const states = input.states.map((state) => withStanding(state, policies.value));
  return plan({ ...input, states }, policy, now);
}

/** A rotation follows its audit within minutes, but an event may come twice, or be sent again from a dead-letter queue. */
const promptly = HOUR;

function isLate({ audit }: Snapshot, now: Date): boolean {
  return now.getTime() - audit.asOf.getTime() > promptly;
}

/**
 * Whether IAM must be asked before a decision is recorded. What somebody else did is taken note of only where IAM shows
 * it now: the report may be hours old. People are told nothing by an audit that came late, or that knows less of the
 * credential than the ledger. Deeds have a guard of their own.
 */
function needsConfirmation({ state: { entry }, decision }: PlannedItem, snapshot: Snapshot, now: Date): boolean {
  if (decision.type === 'observe') return true;
  if (decision.type !== 'warn' && decision.type !== 'resolve') return false;
  return isLate(snapshot, now) || (entry !== undefined && entry.updatedAt > snapshot.audit.asOf);
}

/** Whatever the fresh look leads to is taken instead, but a deed waits for a sweep that plans it. */
async function confirm(
  item: PlannedItem,
  looker: Looker,
  policy: Policy,
  snapshot: Snapshot,
  now: Date,
): Promise<PlannedItem> {
  const { state, decision } = item;
  const isSeenByStatus = decision.type === 'observe' && ['restored', 'deleted'].includes(decision.change);
  const seen = await looker.look(state, isSeenByStatus ? 'known' : 'read');
  if (seen.sighting.kind === 'unknown' && isActiveAgain(state)) return item;
  const judged = judgeSighting(seen, seen.sighting, policy, now);
  const fresh = decideByReport(judged, snapshot.audit.report, policy, now);
  // What the caps let pass was settled when this was planned.
  if (fresh.type === 'warn' && fresh.notice === 'final-notice' && decision.type === 'warn') {
    if (decision.putOff !== undefined) return { state: judged, decision: stillWaiting(fresh, decision.putOff) };
    if (decision.notice !== 'final-notice') return { state: judged, decision: waiting(fresh.why) };
  }
  return { state: judged, decision: isDeed(fresh) ? waiting(fresh.why) : fresh };
}

function waiting(why: string): Decision {
  return { type: 'leave', hold: 'waiting', why: `the report was not up to date; the next sweep looks again: ${why}` };
}
