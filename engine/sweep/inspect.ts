/** The first phase of a sweep: what audit and ledger know of each credential, and what must be read live to decide. */
import { buildStates } from '../../core/lifecycle/build-states.ts';
import { leaveDamaged } from '../../core/lifecycle/damaged.ts';
import { openItem } from '../../core/lifecycle/item.ts';
import { isLateAudit } from '../../core/lifecycle/late-audit.ts';
import { needsFreshLook, needsTags } from '../../core/lifecycle/open-questions.ts';
import { judgeSighting } from '../../core/lifecycle/reasons.ts';
import { countDone, nothingRemembered } from '../../core/lifecycle/remembered.ts';
import { countInScope, type Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { findUnjudged } from '../../core/lifecycle/unjudged.ts';
import type { Known, Tags } from '../../core/model.ts';
import { digestNotes } from '../../reports/notices/digest-notes.ts';
import { remember } from '../remember.ts';
import type { AuditFacts, Night } from './night.ts';
import type { Run } from './run.ts';

/**
 * Joins snapshot and ledger, and reads what is open before anything can be decided: tags that a match hangs on, and
 * credentials that the report cannot tell apart. One whose entry is damaged is left alone, whatever else is known of it.
 * Writes nothing.
 *
 * @throws KeysweepError where the ledger cannot be read
 */
export async function inspect(run: Run, snapshot: Snapshot): Promise<Night> {
  const { ports, policy, account, startedAt: now } = run;
  // In mode audit there is no lifecycle, and so no need of its ledger.
  const remembered = policy.mode === 'audit' ? nothingRemembered : await remember(ports.ledger, account.id, now);
  const audit = auditFacts(snapshot);
  const joined = buildStates(snapshot, remembered.entries, remembered.damaged);
  const tagged = await readTags(run, audit, joined);
  const open = new Set(policy.mode === 'audit' ? [] : tagged.filter(needsFreshLook));
  const states = await Promise.all(tagged.map((state) => (open.has(state) ? recheckOpen(run, state) : state)));
  const items = states.map((state, index) => {
    const item = openItem(state, remembered.sweeps, now);
    return open.has(tagged[index] ?? state) ? { ...item, isRechecked: true as const } : item;
  });
  return {
    items: [...items, ...leaveDamaged(snapshot, remembered.damaged)],
    unjudged: findUnjudged(snapshot, states),
    problems: remembered.problems ?? [],
    audit,
    notes: digestNotes(snapshot.audit),
    done: countDone(remembered, now, policy),
    undelivered: 0,
  };
}

function auditFacts(snapshot: Snapshot): AuditFacts {
  const { asOf, report, goneUsers } = snapshot.audit;
  const users = snapshot.userNames.length;
  const inScope = countInScope(snapshot);
  return { asOf, report, users, inScope, ...(goneUsers !== undefined && { goneUsers }) };
}

async function readTags(
  { inspector, policy, startedAt: now }: Run,
  { asOf, users }: AuditFacts,
  states: readonly CredentialState[],
): Promise<readonly CredentialState[]> {
  if (policy.mode === 'audit') return states;
  const open = states.map((state): CredentialState => {
    const outdated: CredentialState = { ...state, tags: { known: false, why: 'the tags were read long ago' } };
    return isLateAudit(asOf, now) && needsTags(outdated, policy, now) ? outdated : state;
  });
  const names = open.filter((state) => needsTags(state, policy, now)).map(({ principal }) => principal.name);
  if (names.length === 0) return open;
  const answers = await inspector.reads.userTags([...new Set(names)], users);
  return open.map((state) => {
    const answer = answers.get(state.principal.name);
    if (answer === undefined || state.tags.known) return state;
    const tags: Known<Tags> = answer.ok
      ? { known: true, value: answer.value }
      : { known: false, why: answer.problem.message };
    return judgeSighting({ ...state, tags }, state.sighting, policy, now);
  });
}

async function recheckOpen(
  { inspector, policy, startedAt: now }: Run,
  state: CredentialState,
): Promise<CredentialState> {
  const seen = await inspector.recheckOrKeep(state, 'read');
  return seen === undefined ? state : judgeSighting(seen, seen.sighting, policy, now);
}
