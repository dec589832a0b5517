import { KeysweepError, messageOf } from '../../core/error.ts';
import { isDeed } from '../../core/lifecycle/decision.ts';
import type { Opening } from '../../core/lifecycle/opening.ts';
import type { Rotation, RotationNotices } from '../../core/lifecycle/rotation.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import { doubtAbout } from '../../core/lifecycle/unjudged.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { digestNotes } from '../../reports/notices/digest-notes.ts';
import type { WaitingItem } from '../../reports/notices/notice-item.ts';
import { actAll } from './act.ts';
import { type Audience, readAudience, withoutNotices } from './audience.ts';
import { foldDenials } from './fold-denials.ts';
import type { AnnouncedDeed } from './guard.ts';
import { type Survey, survey } from './inspect.ts';
import { type Announced, announce, correctionsId, readOwners, sweepRecord, type Telling } from './notify.ts';
import { closeSweep, openSweep } from './open-sweep.ts';
import type { RotationOptions, RotatorPorts } from './ports.ts';
import { type Prepare, prepareAll, type Recorded, recordAll } from './record.ts';
import { type ItemResult, isComplete, sortResults } from './report.ts';
import { openRun, type Run } from './run.ts';
import type { DeedResult } from './settle.ts';

/** What a sweep did, before it is summed up. */
interface Conducted {
  readonly results: readonly ItemResult[];
  readonly problems: readonly string[];
  /** People could not be told, or the ledger could not be kept: no deed was done. */
  readonly isFailed: boolean;
  readonly notices?: RotationNotices;
  readonly digestAt?: Date;
  /** See {@link Announced.unnamed}. */
  readonly unnamed?: readonly string[];
}

/**
 * Rotates the credentials of one account by what an audit saw of it: record, then notify, then act.
 *
 * Every step leaves the ledger such that a run which is killed there is taken up by the next one: notices that did not
 * go out are decided on anew or told then, deeds that were announced are done or taken note of by what IAM shows.
 *
 * @throws KeysweepError where the ledger cannot be read or the sweep not be opened in it: nothing has happened then.
 *   ActionsMissing where the policy says enforce, and there is nothing to enforce with
 */
export async function rotate(
  ports: RotatorPorts,
  policy: Policy,
  snapshot: Snapshot,
  options: RotationOptions,
): Promise<Rotation> {
  const isDryRun = !options.enforce || policy.mode === 'audit';
  if (!isDryRun && policy.mode === 'enforce' && ports.actions === undefined) {
    throw new KeysweepError('ActionsMissing', 'the policy’s mode is enforce, but nothing may write to IAM here', {
      hint: 'Deploy the stack again with this policy, so that the role gets the permission.',
    });
  }
  const before = ports.source.requests();
  const run = openRun(ports, policy, snapshot, options);
  const { account, goneUsers } = snapshot.audit;
  const { sweep, startedAt } = run;
  const { timezone } = policy.calendar;
  const about = { sweep, account, mode: policy.mode, timezone, dryRun: isDryRun, startedAt };
  const opening = isDryRun ? undefined : await openSweep(run);
  if (opening?.kind === 'replayed') {
    const nothing = { outcome: 'complete', problems: [], actions: [], left: [] } as const;
    const stats = { requests: difference(ports.source.requests(), before) };
    return { ...about, ...nothing, alreadySwept: opening.why, stats };
  }
  const surveyed = await survey(ports, policy, snapshot, startedAt);
  const conducted: Conducted =
    opening === undefined
      ? { results: planned(surveyed), problems: surveyed.problems, isFailed: false }
      : await keepRecord(run, surveyed, opening);
  return {
    ...about,
    outcome: outcomeOf(conducted, surveyed),
    problems: conducted.problems,
    ...(conducted.notices === undefined ? {} : { notices: conducted.notices }),
    ...sortResults(conducted.results, surveyed.unjudged),
    ...(goneUsers === undefined ? {} : { goneUsers }),
    stats: { requests: difference(ports.source.requests(), before) },
  };
}

function planned(surveyed: Survey): readonly ItemResult[] {
  return surveyed.prepared.map((prepared) => ({ prepared, outcome: 'planned' }));
}

function outcomeOf({ results, problems, isFailed }: Conducted, { unjudged }: Survey): Rotation['outcome'] {
  if (isFailed) return 'failed';
  return problems.length === 0 && isComplete(results, sortResults(results, unjudged)) ? 'complete' : 'partial';
}

/**
 * Conducts the sweep, lets the ledger know how it ended, and closes it. One that failed stays open: a retry by the same
 * snapshot goes on with it.
 */
async function keepRecord(
  run: Run,
  surveyed: Survey,
  opening: Exclude<Opening, { kind: 'replayed' }>,
): Promise<Conducted> {
  const audience = await readAudience(run);
  const silence = audience?.silence;
  const possible = silence === undefined ? surveyed : silenced(surveyed, silence);
  const { undelivered = 0, ...done } = await conduct(run, possible, audience);
  const told = audience && {
    notices: { reached: silence === undefined && undelivered === 0, undelivered, channels: audience.problems },
  };
  const conducted = await recordEnd(run, possible, { ...done, ...told });
  const ahead = opening.kind === 'opens' ? opening.problem : undefined;
  const open = conducted.isFailed ? undefined : await closeSweep(run, opening.record);
  const more = [ahead, open].filter((problem) => problem !== undefined);
  return { ...conducted, problems: [...conducted.problems, ...more] };
}

/** Whatever becomes of the rest, such a sweep is not complete. */
function silenced(surveyed: Survey, silence: string): Survey {
  const { prepared, problems } = surveyed;
  return { ...surveyed, prepared: withoutNotices(prepared, silence), problems: [silence, ...problems] };
}

async function recordEnd(run: Run, surveyed: Survey, conducted: Conducted): Promise<Conducted> {
  const { digestAt, unnamed = [] } = conducted;
  try {
    await run.ports.ledger.writeSweep({
      ...sweepRecord(run, run.sweep),
      ...(digestAt === undefined ? {} : { deliveredAt: digestAt }),
      ...(unnamed.length > 0 && { undelivered: unnamed }),
      endedAt: run.ports.clock.now(),
      outcome: outcomeOf(conducted, surveyed),
    });
    return conducted;
  } catch (error) {
    const problem = `the end of the sweep could not be recorded: ${messageOf(error)}`;
    return { ...conducted, problems: [...conducted.problems, problem] };
  }
}

async function conduct(
  run: Run,
  surveyed: Survey,
  audience: Audience | undefined,
): Promise<Conducted & { undelivered?: number }> {
  const isSilent = audience?.silence !== undefined;
  const listeners = audience?.listeners;
  const prepared = prepareAll(run, surveyed.prepared, isSilent);
  if (prepared.every(({ write, problem }) => write === undefined && problem === undefined)) {
    return { results: planned(surveyed), problems: surveyed.problems, isFailed: false };
  }
  // Before anything is recorded, so that nothing stands between the last look into the ledger and the message.
  const { owners, notes } = await readOwners(run, tellable(prepared));
  await run.ports.ledger.writeSweep(sweepRecord(run, run.sweep));
  let recorded: readonly Recorded[];
  try {
    recorded = await recordAll(run, prepared);
  } catch (error) {
    return fail(surveyed, `the ledger could not be read back, so nobody was told: ${messageOf(error)}`);
  }
  let announced: Announced;
  try {
    const waiting = {
      deferred: heldBy('cap', surveyed),
      overdue: heldBy('mode', surveyed),
      unjudged: unjudgedIn(surveyed),
      notes: [...digestNotes(run.snapshot.audit), ...notes],
    };
    announced = await announce(run, { id: run.sweep, tellings: tellingsOf(recorded), owners, listeners, waiting });
  } catch (error) {
    return fail(surveyed, `people could not be told, so nothing was done: ${messageOf(error)}`);
  }
  if (announced.undelivered !== undefined) return unheard(surveyed, recorded, announced, isSilent);
  const unnamed = new Set(announced.unnamed);
  const acted = await actAll(
    run,
    deedsOf(recorded).filter(({ state }) => !unnamed.has(state.credential.id)),
  );
  const { results: deeds, problems: denied } = foldDenials(acted);
  const corrections = deeds.flatMap(({ correction }) => correction ?? []);
  const problems = [
    ...denied,
    ...surveyed.problems,
    ...problemsOf(recorded),
    ...announced.problems,
    ...deeds.flatMap(({ problem }) => problem ?? []),
  ];
  let undelivered = 0;
  try {
    const corrected = await announce(run, {
      id: correctionsId(run.sweep),
      tellings: corrections,
      owners,
      listeners,
      waiting: { deferred: [], overdue: [], notes: denied.map((problem) => `${problem}.`) },
      isCorrection: true,
    });
    problems.push(...corrected.problems);
    if (corrected.undelivered !== undefined) {
      undelivered = 1;
      problems.push(`people could not be told yet what did not happen after all: ${corrected.undelivered}`);
    }
  } catch (error) {
    problems.push(`people could not be told yet what did not happen after all: ${messageOf(error)}`);
  }
  const results = recorded.map((one) => (isUnnamed(one, unnamed) ? deferUnnamed(one) : resultOf(one, deeds)));
  const { at: digestAt } = announced;
  return {
    results,
    problems,
    isFailed: false,
    undelivered,
    ...(digestAt === undefined ? {} : { digestAt }),
    unnamed: announced.unnamed,
  };
}

/** The message is out, and no one is known to have got it: nothing of it counts, and nothing that it says is done. */
function unheard(
  surveyed: Survey,
  recorded: readonly Recorded[],
  { undelivered = '', ...announced }: Announced,
  isSilent: boolean,
): Conducted & { undelivered: number } {
  const results = recorded.map((one): ItemResult => {
    const result = resultOf(one, []);
    const { type } = one.prepared.decision;
    const isNoticeOrDeed = type === 'warn' || type === 'deactivate' || type === 'delete';
    if (one.kind !== 'written' || !isNoticeOrDeed) return result;
    return { ...result, outcome: 'deferred', detail: 'no one is known to have got the notice' };
  });
  const why = isSilent ? [] : [`no one is known to have been notified, so nothing was done: ${undelivered}`];
  const problems = [...why, ...surveyed.problems, ...problemsOf(recorded), ...announced.problems];
  return { results, problems, isFailed: false, undelivered: 1 };
}

function isUnnamed({ prepared, kind }: Recorded, unnamed: ReadonlySet<string>): boolean {
  return kind === 'written' && unnamed.has(prepared.state.credential.id);
}

/** Its notice stands in the ledger, and counts as not given: the next sweep decides again. */
function deferUnnamed({ prepared }: Recorded): ItemResult {
  return { prepared, outcome: 'deferred', detail: 'no message named it: the next sweep notifies' };
}

function tellable(prepared: readonly Prepare[]) {
  return prepared.flatMap(({ prepared, write }) => (write?.entry.notice === undefined ? [] : [prepared.state]));
}

function fail({ prepared: all, problems }: Survey, why: string): Conducted {
  const results = all.map((prepared): ItemResult => {
    return { prepared, outcome: 'failed', detail: 'the next sweep takes it up' };
  });
  return { results, problems: [why, ...problems], isFailed: true };
}

function tellingsOf(recorded: readonly Recorded[]): readonly Telling[] {
  return recorded.flatMap((one): Telling[] => {
    if (one.kind !== 'written') return [];
    const { prepared, write } = one;
    const { state, decision } = prepared;
    const isAgain = write.event.type === 'reminded' && decision.type !== 'warn';
    return [isAgain ? { state, write } : { state, decision, write }];
  });
}

function deedsOf(recorded: readonly Recorded[]): readonly AnnouncedDeed[] {
  return recorded.flatMap((one): AnnouncedDeed[] => {
    const { state, decision } = one.prepared;
    if (one.kind !== 'written' || !isDeed(decision)) return [];
    return [{ state: { ...state, entry: one.write.entry }, deed: decision }];
  });
}

function resultOf(one: Recorded, deeds: readonly DeedResult[]): ItemResult {
  const { prepared } = one;
  switch (one.kind) {
    case 'failed':
      return { prepared, outcome: 'failed', detail: one.why };
    case 'overtaken':
      return { prepared, outcome: 'skipped', detail: 'somebody else has written to the ledger: it is theirs now' };
    case 'no-time':
      return { prepared, outcome: 'no-time' };
    case 'nothing-to-write':
      return { prepared, outcome: 'planned' };
    case 'written': {
      const { id } = prepared.state.credential;
      const deed = deeds.find(({ announced }) => announced.state.credential.id === id);
      if (deed === undefined) return { prepared, outcome: 'applied' };
      const { outcome, detail, isUnrecorded } = deed;
      return {
        prepared,
        outcome,
        ...(detail === undefined ? {} : { detail }),
        ...(isUnrecorded === undefined ? {} : { isUnrecorded }),
      };
    }
  }
}

/** Writes about credentials that nothing is done about tonight are in no list of actions. */
function problemsOf(recorded: readonly Recorded[]): string[] {
  return recorded.flatMap((one) => {
    const { state, decision } = one.prepared;
    return one.kind === 'failed' && decision.type === 'leave' ? [`${state.credential.id}: ${one.why}`] : [];
  });
}

function heldBy(hold: 'cap' | 'mode', { prepared }: Survey) {
  return prepared.flatMap(({ state: { credential, principal }, decision }) => {
    // Whoever waits for a final notice hears so once a week.
    const isDue = decision.type === 'leave' && decision.hold === hold && decision.putOff === undefined;
    return isDue ? [{ credential, principal, why: decision.why }] : [];
  });
}

function unjudgedIn({ prepared, unjudged }: Survey): readonly WaitingItem[] {
  const known = prepared.flatMap(({ state, decision }) => {
    const { credential, principal, entry, findings } = state;
    // Of damaged entries operators hear by the log and the exit code; nothing of them is told to owners.
    if (entry === undefined && findings.length === 0) return [];
    const why = decision.type === 'leave' && decision.hold === 'unknown' ? decision.why : doubtAbout(state);
    return why === undefined ? [] : [{ credential, principal, why }];
  });
  return [...unjudged, ...known];
}

function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const counts = Object.entries(after).map(([action, count]) => [action, count - (before[action] ?? 0)] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
