/**
 * Finds the audience of a sweep, notifies it (the fourth phase), and sends corrections after the fifth. Messages report what
 * is recorded in the ledger, and the ledger records which credentials were named.
 */
import { messageOf } from '../../core/error.ts';
import type { Decision } from '../../core/lifecycle/decision.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import { doubtAbout } from '../../core/lifecycle/unjudged.ts';
import { digestNotes } from '../../reports/notices/digest-notes.ts';
import type { WaitingItem } from '../../reports/notices/notice-item.ts';
import { readAudience } from '../delivery.ts';
import { type Announced, announce } from './announce.ts';
import { type Night, withProblems } from './night.ts';
import { failed } from './record.ts';
import { correctionsId, type Run } from './run.ts';

/**
 * Adds the audience of the digest. If no one can be reached, what people did is still recorded, and warnings that no longer
 * apply are withdrawn. But no notice is given, so that no clock starts, and nothing is changed. Such a sweep is never
 * complete.
 */
export async function findAudience({ ports, policy, account }: Run, night: Night): Promise<Night> {
  // People are notified in another way, on purpose.
  if (ports.notifier === undefined) return night;
  // The severity of the digest depends on what is decided.
  const attributes = { kind: 'digest', account: account.id, severity: undefined };
  const audience = await readAudience(ports.notifier, policy, attributes);
  const { unreachable } = audience;
  if (unreachable === undefined) return { ...night, audience };
  const items = night.items.map((item) => withoutNotice(item, unreachable));
  return { ...night, audience, items, problems: [unreachable, ...night.problems] };
}

/**
 * Notifies people in the sweep's digest. An undelivered digest does not count, and nothing in it is done; the same applies to
 * items that no message named. If not even one message could be published, the night has failed.
 */
export async function notify(run: Run, night: Night): Promise<Night> {
  if (night.isFailed) return night;
  const { audience, items } = night;
  const waiting = {
    deferred: skippedBy('cap', items),
    overdue: skippedBy('mode', items),
    unjudged: [...night.unjudged, ...unjudgedOf(items)],
    notes: [...digestNotes(night.audit), ...night.notes],
  };
  let sent: Announced;
  try {
    sent = await announce(run, audience, { id: run.sweep, items, waiting, isCorrection: false });
  } catch (error) {
    return failed(night, `people could not be notified, so nothing was done: ${messageOf(error)}`);
  }
  const { undelivered, problems, ...delivery } = sent;
  if (undelivered === undefined) {
    const unnamed = new Set(delivery.unnamed);
    const named = items.map((item) => (isUnnamed(item, unnamed) ? deferUnnamed(item) : item));
    return withProblems({ ...night, items: named, delivery }, problems);
  }
  // The message was published, but no one is known to have received it: it does not count, and nothing in it is done.
  const why = `no one is known to have been notified, so nothing was done: ${undelivered}`;
  const isUnreachable = audience?.unreachable !== undefined;
  return {
    ...night,
    items: items.map(deferUndelivered),
    undelivered: 1,
    problems: [...(isUnreachable ? [] : [why]), ...night.problems, ...problems],
  };
}

/** Notifies people of what was announced but did not happen. */
export async function correct(run: Run, night: Night): Promise<Night> {
  const items = night.items.flatMap((item): Item[] => (item.correction ? [{ ...item, ...item.correction }] : []));
  if (items.length === 0) return night;
  const waiting = { deferred: [], overdue: [], notes: night.denied?.map((problem) => `${problem}.`) ?? [] };
  const about = { id: correctionsId(run.sweep), items, waiting, isCorrection: true };
  const failure = 'people could not yet be notified that an announced change was not made';
  try {
    const { undelivered, problems } = await announce(run, night.audience, about);
    if (undelivered === undefined) return withProblems(night, problems);
    return { ...withProblems(night, [...problems, `${failure}: ${undelivered}`]), undelivered: 1 };
  } catch (error) {
    return withProblems(night, [`${failure}: ${messageOf(error)}`]);
  }
}

function isUnnamed({ state, write }: Item, unnamed: ReadonlySet<string>): boolean {
  return write !== undefined && unnamed.has(state.credential.id);
}

/** Its notice is in the ledger and counts as undelivered: the next sweep decides again. */
function deferUnnamed(item: Item): Item {
  return { ...item, outcome: 'deferred', detail: 'no message named it; the next sweep notifies people' };
}

function deferUndelivered(item: Item): Item {
  const { type } = item.decision;
  const isNoticeOrChange = type === 'warn' || type === 'deactivate' || type === 'delete';
  if (item.write === undefined || !isNoticeOrChange) return item;
  return { ...item, outcome: 'deferred', detail: 'no one is known to have received the notice' };
}

function skippedBy(skipReason: 'cap' | 'mode', items: readonly Item[]): readonly WaitingItem[] {
  return items.flatMap(({ state: { credential, principal }, decision }) => {
    // For those waiting for a final notice, people are notified once a week.
    const isDue = decision.type === 'skip' && decision.skipReason === skipReason && decision.deferredBy === undefined;
    return isDue ? [{ credential, principal, why: decision.why }] : [];
  });
}

function unjudgedOf(items: readonly Item[]): readonly WaitingItem[] {
  return items.flatMap(({ state, decision }) => {
    const { credential, principal, entry, findings } = state;
    // Damaged entries are reported to operators by the log and the exit code, not to owners.
    if (entry === undefined && findings.length === 0) return [];
    const why = decision.type === 'skip' && decision.skipReason === 'unknown' ? decision.why : doubtAbout(state);
    return why === undefined ? [] : [{ credential, principal, why }];
  });
}

function withoutNotice(item: Item, unreachable: string): Item {
  const { type, why } = item.decision;
  if (type !== 'warn' && type !== 'deactivate' && type !== 'delete') return item;
  const decision: Decision = { type: 'skip', skipReason: 'not-notified', why: `${unreachable}: ${why}` };
  return { ...item, decision };
}
