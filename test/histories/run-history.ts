import { HOUR, MINUTE } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import { doubtEntry } from '../../core/lifecycle/doubts.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Notifier, Timing } from '../../core/ports.ts';
import { auditAccount } from '../../engine/audit/audit.ts';
import { findRestoreCandidate, restore } from '../../engine/restore/restore.ts';
import { type SweepPorts, sweepId } from '../../engine/sweep/ports.ts';
import { sweepAccount } from '../../engine/sweep/sweep.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { reaches } from './audience.ts';
import { checkEnd, checkNight, checkNotifiedOnce } from './checker.ts';
import type { History, Night, NightFaults, PersonAct } from './history.ts';
import { isBySchedule, nextStart } from './rhythm.ts';
import { checkMissingSaid, checkRefusedSaid } from './unknown-checks.ts';
import { checkNothingChanged, checkRestored, checkSilenceSaid } from './unreached-checks.ts';
import {
  createWorld,
  directActions,
  directNotifier,
  directSource,
  Killed,
  keysweepNow,
  type Lifeline,
  lifeline,
  noteInactiveKeys,
  noteRestoration,
  personsActions,
  type World,
} from './world.ts';

/** Runs a history night by night and checks the invariants after each. @throws Violation */
export async function runHistory({ rhythm, account, policies, nights }: History): Promise<World> {
  const world = createWorld(account, rhythm.start);
  let policy = policies[0];
  let spell = { nights: 0, users: [] as readonly string[] };
  for (const night of nights) {
    const { gap, jitter, behind, policy: change, acts, faults: ofNight, again, denied, replay } = night;
    if (denied !== undefined) spell = denied;
    const faults = spell.nights > 0 ? withDenied(ofNight, spell.users) : ofNight;
    spell = { ...spell, nights: spell.nights - 1 };
    world.night++;
    world.audience = night.audience;
    world.clock.set(nextStart(rhythm, world.clock.now(), gap, jitter));
    world.skew = -behind * HOUR;
    const before = policy;
    if (change !== undefined) policy = policies[change % policies.length] ?? policy;
    const isRegular = isBySchedule(rhythm.by, gap) && gap === 24 && policy === before;
    noteStretch(world, isRegular && acts.length === 0 && isQuiet({ ...night, faults }), behind);
    for (const act of acts) await doAct(world, act);
    const result = await sweepNight(world, policy, faults, night);
    checkNight(world, policy, policies);
    await checkSense(world);
    if (replay !== undefined) await replayEvent(world, policy, policies, replay);
    // Last, because a deleted key is forgotten, and the writes of this night are checked again after a replay.
    noteInactiveKeys(world, isEnded(result, policy, faults));
    checkNothingChanged(world);
    if (again && isUndisturbed(faults) && night.meanwhile.length === 0 && result?.outcome === 'complete')
      await checkSecondRun(world, policy);
  }
  world.skew = 0;
  world.audience = undefined;
  // In mode audit no one gets what a killed restoration left undelivered.
  const last: Policy = policy.mode === 'audit' ? { ...policy, mode: 'warn' } : policy;
  await checkEnd(world, last, async () => {
    world.night++;
    world.clock.set(nextStart(rhythm, world.clock.now(), 24, 50));
    noteStretch(world, rhythm.by === 'schedule' && last === policy, 0);
    const result = await sweepNight(world, last, { users: [] });
    checkNight(world, last, policies);
    noteInactiveKeys(world, isEnded(result, last, { users: [] }));
  });
  if (nights.every(isQuiet)) await checkNotifiedOnce(world);
  return world;
}

/** @param behind by how much the clock is wrong in this night, in hours: a sweep waits until records of the future are past */
function noteStretch(world: World, isQuietNight: boolean, behind: number): void {
  if (behind !== 0) world.wrongClockUntil = world.clock.now().getTime() + 4 * 24 * HOUR;
  const isOk = isQuietNight && world.clock.now().getTime() > world.wrongClockUntil;
  if (!isOk) world.stretch = undefined;
  else world.stretch ??= world.night;
}

/** Lists are denied, whatever else goes wrong. */
function withDenied(faults: NightFaults, users: readonly string[]): NightFaults {
  return { ...faults, list: faults.list ?? 'denied', users: [...new Set([...faults.users, ...users])] };
}

/** No sweep and no restoration leaves what counts as damage, whatever went wrong in it. */
async function checkSense({ account, ledger, clock }: World): Promise<void> {
  for (const entry of (await ledger.entries(account.id)).entries) {
    const doubt = doubtEntry(entry, { credential: entry.credential, liveStatus: { kind: 'not-found' } }, clock.now());
    if (doubt?.kind === 'impossible') throw new Error(`${doubt.why}: ${JSON.stringify(entry)}`);
  }
}

/** What a sweep saw and could not record, because it was killed or its ledger failed, no one remembers; nor in mode audit. */
function isEnded(result: SweepResult | undefined, { mode }: Policy, { ledger }: NightFaults): boolean {
  return result !== undefined && ledger === undefined && mode !== 'audit';
}

/** Nothing went wrong, neither in the sweep nor at the command line. */
function isQuiet({ faults, behind, acts, meanwhile, denied, audience }: Night): boolean {
  const isClean = acts.every(({ killAt, failure }) => killAt === undefined && failure === undefined);
  return (
    isClean &&
    meanwhile.length === 0 &&
    behind === 0 &&
    denied === undefined &&
    reaches(audience) &&
    isUndisturbed(faults)
  );
}

function isUndisturbed({ users, ...faults }: NightFaults): boolean {
  return Object.keys(faults).length === 0;
}

/** What people do in the middle of a night. */
type Midst = Pick<Night, 'meanwhile' | 'amid'>;

/** One sweep with these faults; undefined where it ended in an error, or was killed. */
export async function sweepNight(
  world: World,
  policy: Policy,
  faults: NightFaults,
  { meanwhile, amid }: Midst = { meanwhile: [], amid: [] },
): Promise<SweepResult | undefined> {
  const life = lifeline(faults.killAt);
  world.shownActive.clear();
  world.refused.clear();
  world.missing.clear();
  const messagesBefore = world.notices.length;
  const now = keysweepNow(world);
  const undisturbed = portsOf(world, faults, life, now);
  const ports = {
    ...undisturbed,
    notifier: onceOut(undisturbed.notifier, world, meanwhile),
    timing: whileWaiting(world, amid),
  };
  world.ledger.setHooks({ before: () => life.step(), after: () => life.step() });
  if (faults.ledger !== undefined) world.ledger.failWrite(faults.ledger.nth, faults.ledger.when);
  try {
    const snapshot = await auditAccount({ source: ports.source }, policy, now);
    checkMissingSaid(world, snapshot);
    const taken = { snapshot, isSwept: false };
    world.snapshots.push(taken);
    const result = await rotateBy(world, ports, policy, snapshot, now);
    // Where the ledger failed, or the process died as it closed the sweep, it may be open still.
    taken.isSwept = isSwept(result) && faults.ledger === undefined && !life.isKilled;
    checkRefusedSaid(world, snapshot, result);
    checkSilenceSaid(world, result, messagesBefore);
    return result;
  } catch (error) {
    if (error instanceof KeysweepError || error instanceof Killed || isLedgerLost(error)) return undefined;
    throw error;
  } finally {
    world.ledger.setHooks({});
  }
}

function portsOf(world: World, faults: NightFaults, life: Lifeline, now: Date) {
  return {
    source: directSource(world, faults, life),
    actions: directActions(world, faults, life),
    notifier: directNotifier(world, faults, life),
    ledger: world.ledger,
    clock: { now: () => now },
    timing: manualTiming(),
  };
}

function rotateBy(
  world: World,
  ports: SweepPorts,
  policy: Policy,
  snapshot: Snapshot,
  now: Date,
): Promise<SweepResult> {
  const sweep = sweepId(now, `${world.night}-${world.snapshots.length}-${world.notices.length}`);
  return sweepAccount(ports, policy, snapshot, { sweep, enforce: true, concurrency: 2 });
}

/** In mode audit a sweep is a dry run, which opens nothing. */
function isSwept({ outcome, mode }: SweepResult): boolean {
  return outcome !== 'failed' && mode !== 'audit';
}

/**
 * The event of a snapshot comes again. Where a sweep by it, or by a later one, has come to its end, nothing changes. Where
 * tonight's sweep has not, this one resumes it, and the invariants hold for what both have done.
 */
async function replayEvent(world: World, policy: Policy, policies: readonly Policy[], back: number): Promise<void> {
  const now = keysweepNow(world);
  const place = world.snapshots.length - 1 - back;
  const taken = world.snapshots[place];
  if (taken === undefined) return;
  const { snapshot } = taken;
  // A clock that was fast at the later one shows nothing.
  const isLater = (other: Snapshot) => other.audit.asOf > snapshot.audit.asOf && other.audit.asOf <= now;
  const isOver = taken.isSwept || world.snapshots.some((other) => other.isSwept && isLater(other.snapshot));
  if (!isOver && back > 0) return;
  const before = await traceOf(world);
  const ports = portsOf(world, { users: [] }, lifeline(undefined), now);
  const result = await rotateBy(world, ports, policy, snapshot, now).catch((error: unknown) => {
    if (error instanceof KeysweepError) return undefined;
    throw error;
  });
  if (isOver) {
    const after = await traceOf(world);
    if (before !== after)
      throw new Error(`invariant 17: a replay in night ${world.night} changed something: ${before} -> ${after}`);
    return;
  }
  checkNight(world, policy, policies);
  noteInactiveKeys(world, isEnded(result, policy, { users: [] }));
  if (result !== undefined && isSwept(result)) taken.isSwept = true;
}

async function traceOf(world: World): Promise<string> {
  const entries = await world.ledger.entries(world.account.id);
  return JSON.stringify({ writes: world.writes.length, notices: world.notices.length, entries });
}

/** People read the digest at once. */
function onceOut(notifier: Notifier, world: World, acts: readonly PersonAct[]): Notifier {
  let isOut = false;
  return {
    ...notifier,
    async publish(notice) {
      const published = await notifier.publish(notice);
      if (isOut) return published;
      isOut = true;
      for (const act of acts) await doAct(world, act, true);
      return published;
    },
  };
}

/** People come in between where a change needs a second attempt. */
function whileWaiting(world: World, acts: readonly PersonAct[]): Timing {
  const timing = manualTiming();
  return {
    ...timing,
    sleep: async (ms) => {
      await timing.sleep(ms);
      if (timing.sleeps.length === 1) for (const act of acts) await doAct(world, act, true);
    },
  };
}

function isLedgerLost(error: unknown): boolean {
  return error instanceof Error && error.message === 'the ledger cannot be reached';
}

/** Running a sweep again changes nothing. */
async function checkSecondRun(world: World, policy: Policy): Promise<void> {
  const before = await traceOf(world);
  world.night += 0.5;
  await sweepNight(world, policy, { users: [] });
  world.night -= 0.5;
  const after = await traceOf(world);
  if (before !== after) {
    throw new Error(`invariant 8: a second run of night ${world.night} changed something: ${before} -> ${after}`);
  }
}

/** @param isAmid in the middle of a sweep, whose hooks are in the ledger */
export async function doAct(world: World, act: PersonAct, isAmid = false): Promise<void> {
  const { type, user, key } = act;
  const { account, clock } = world;
  const users = account.users();
  const who = users[user % Math.max(1, users.length)];
  if (who === undefined) return;
  const target = who.accessKeys[key % Math.max(1, who.accessKeys.length)];
  switch (type) {
    case 'use':
      if (target !== undefined) {
        account.useAccessKey(target.id, new Date(clock.now().getTime() - act.minutesAgo * MINUTE), 's3', 'N/A');
      }
      return;
    case 'reactivate':
    case 'deactivate':
      if (target !== undefined) account.setAccessKeyStatus(target.id, type === 'reactivate' ? 'Active' : 'Inactive');
      return;
    case 'delete':
      if (target !== undefined) account.deleteAccessKey(target.id);
      return;
    case 'create':
      if (who.accessKeys.length < 2) account.createAccessKey(who.name);
      return;
    case 'keep':
      account.tagUser(who.name, { keep: 'true' });
      return;
    case 'unkeep':
      account.untagUser(who.name, ['keep']);
      return;
    case 'machine':
      account.tagUser(who.name, { kind: 'machine' });
      return;
    case 'move':
      account.updateUser(who.name, { path: who.path === '/' ? '/sealed/' : '/' });
      return;
    case 'rename':
      account.updateUser(who.name, { name: `${who.name.startsWith('u') ? 'r' : 'u'}${who.name.slice(1)}` });
      return;
    case 'delete-user':
      account.deleteUser(who.name);
      return;
    case 'restore':
      if (target !== undefined) await restoreByCommand(world, who.name, target.id, act, isAmid);
      return;
  }
}

/** `keysweep restore`, as a person types it. */
async function restoreByCommand(
  world: World,
  userName: string,
  keyId: string,
  { killAt, failure }: PersonAct,
  isAmid: boolean,
): Promise<void> {
  const life = lifeline(killAt);
  const now = keysweepNow(world);
  const ports = {
    source: directSource(world, { users: [] }, life),
    actions: personsActions(world, failure, life),
    notifier: directNotifier(world, { users: [], publish: failure === 'publish' }, life),
    ledger: world.ledger,
    clock: { now: () => now },
    timing: manualTiming(),
  };
  if (!isAmid) world.ledger.setHooks({ before: () => life.step(), after: () => life.step() });
  try {
    const account = await ports.source.account();
    const candidate = await findRestoreCandidate(ports, account, keyId, userName);
    const { outcome, entry } = await restore(ports, {
      candidate,
      who: 'someone',
      why: 'production needs it',
      id: sweepId(now, `restore-${world.night}-${world.restorations.length}`),
    });
    if (outcome !== 'nothing' && entry !== undefined) noteRestoration(world, keyId);
  } catch (error) {
    if (!(error instanceof KeysweepError || error instanceof Killed || isLedgerLost(error))) throw error;
  } finally {
    if (!isAmid) world.ledger.setHooks({});
  }
  if (!isAmid && killAt === undefined && failure === undefined) checkRestored(world, keyId);
}
