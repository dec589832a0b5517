/** The first phase of a sweep: what audit and ledger know about each credential, and what must be read live to decide. */
import { type Item, openItem } from '../../core/lifecycle/item.ts';
import { type AuditFacts, joinLedger } from '../../core/lifecycle/join.ts';
import { isLateAudit } from '../../core/lifecycle/late-audit.ts';
import { needsRecheck, needsTags } from '../../core/lifecycle/open-questions.ts';
import { judgeLiveStatus } from '../../core/lifecycle/reasons.ts';
import { countDone, nothingRemembered } from '../../core/lifecycle/remembered.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { stillUnjudged } from '../../core/lifecycle/unjudged.ts';
import type { Known, Tags } from '../../core/model.ts';
import { remember } from '../remember.ts';
import type { Night } from './night.ts';
import type { Run } from './run.ts';

/**
 * Joins snapshot and ledger, and reads what is needed before anything can be decided: tags that a match depends on, and
 * credentials that the report cannot distinguish. A credential whose entry is damaged is skipped, whatever else is known
 * about it. Writes nothing.
 *
 * @throws KeysweepError if the ledger cannot be read
 */
export async function inspect(run: Run, snapshot: Snapshot): Promise<Night> {
  const { ports, policy, account, startedAt: now } = run;
  // In mode audit there is no lifecycle, so the ledger is not needed.
  const remembered = policy.mode === 'audit' ? nothingRemembered : await remember(ports.ledger, account.id, now);
  const { audit, unjudged, damaged, ...joined } = joinLedger(snapshot, remembered);
  const tagged = await readTags(run, audit, joined.states);
  const open = new Set(policy.mode === 'audit' ? [] : tagged.filter(needsRecheck));
  const items = await Promise.all(
    tagged.map(async (state): Promise<Item> => {
      if (!open.has(state)) return openItem(state, remembered.sweeps, now);
      return { ...openItem(await recheckOpen(run, state), remembered.sweeps, now), isRechecked: true };
    }),
  );
  const states = items.map(({ state }) => state);
  return {
    items: [...items, ...damaged],
    unjudged: stillUnjudged(unjudged, states),
    problems: remembered.problems ?? [],
    audit,
    notes: [],
    done: countDone(remembered, now, policy),
    undelivered: 0,
  };
}

async function readTags(
  { inspector, policy, startedAt: now }: Run,
  { asOf, users }: AuditFacts,
  states: readonly CredentialState[],
): Promise<readonly CredentialState[]> {
  if (policy.mode === 'audit') return states;
  const open = states.map((state): CredentialState => {
    const outdated: CredentialState = { ...state, tags: { known: false, why: 'the tags are out of date' } };
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
    return judgeLiveStatus({ ...state, tags }, state.liveStatus, policy, now);
  });
}

async function recheckOpen(
  { inspector, policy, startedAt: now }: Run,
  state: CredentialState,
): Promise<CredentialState> {
  const seen = await inspector.recheck(state, 'read');
  return seen === undefined ? state : judgeLiveStatus(seen, seen.liveStatus, policy, now);
}
