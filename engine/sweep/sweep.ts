import { KeysweepError } from '../../core/error.ts';
import type { Moment } from '../../core/lifecycle/ledger-write.ts';
import { onlyShown, type Proposal, proposalOf } from '../../core/lifecycle/proposal.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { act } from './act.ts';
import { inspect } from './inspect.ts';
import { correct, findAudience, notify } from './notify.ts';
import { closeSweep, openSweep } from './open-sweep.ts';
import { planNight } from './plan.ts';
import type { SweepOptions, SweepPorts } from './ports.ts';
import { record } from './record.ts';
import { report } from './report.ts';
import { openRun, type Run } from './run.ts';

/**
 * Sweeps the credentials of one account, based on an audit: inspect, plan, record, notify, act, report. Each phase takes a
 * {@link Night} and returns it with what it has learned, so that phases can be run separately.
 *
 * Every step leaves the ledger in a state from which the next run continues if this one is killed: undelivered notices are
 * decided again or repeated, and announced changes are made, or recorded if IAM shows them.
 *
 * @throws KeysweepError if the ledger cannot be read or the sweep cannot be opened in it: then nothing has happened.
 *   ActionsMissing if the policy's mode is enforce and there is no write access
 */
export async function sweepAccount(
  ports: SweepPorts,
  policy: Policy,
  snapshot: Snapshot,
  options: SweepOptions,
): Promise<SweepResult> {
  const isDryRun = !options.enforce || policy.mode === 'audit';
  if (!isDryRun && policy.mode === 'enforce' && ports.actions === undefined) {
    throw new KeysweepError(
      'ActionsMissing',
      'the policy’s mode is enforce, but there is no permission to write to IAM',
      {
        hint: 'Deploy the stack again with this policy, so that the role gets the permission.',
      },
    );
  }
  const count = countRequests(ports.source);
  const run = openRun(ports, policy, snapshot, options);
  const finish = (facts: ReturnType<typeof report>, about: Pick<SweepResult, 'alreadySwept'> = {}): SweepResult => {
    return { ...aboutRun(run), dryRun: isDryRun, ...facts, ...about, stats: { requests: count() } };
  };
  const opening = isDryRun ? undefined : await openSweep(run, snapshot);
  if (opening?.kind === 'replayed') {
    const nothing = { outcome: 'complete', problems: [], actions: [], skipped: [] } as const;
    return finish(nothing, { alreadySwept: opening.why });
  }
  const due = await planNight(run, await inspect(run, snapshot));
  const { shown } = options;
  const planned = shown === undefined ? due : { ...due, items: onlyShown(due.items, shown, policy, momentOf(run)) };
  if (opening === undefined) return finish(report(planned));
  const audience = await findAudience(run, planned);
  const recorded = await record(run, audience);
  const notified = await notify(run, recorded);
  const acted = await act(run, notified);
  const corrected = await correct(run, acted);
  const closed = await closeSweep(run, corrected, opening);
  return finish(report(closed));
}

/** A dry run, and all that the sweep would write: what a person is asked about. */
export interface ProposedSweep extends Proposal {
  readonly result: SweepResult;
}

/**
 * What a sweep of this snapshot would do now. Writes nothing.
 *
 * @throws KeysweepError if the ledger cannot be read
 */
export async function proposeSweep(ports: SweepPorts, policy: Policy, snapshot: Snapshot): Promise<ProposedSweep> {
  const count = countRequests(ports.source);
  const run = openRun(ports, policy, snapshot, { sweep: 'plan', enforce: false });
  const planned = await planNight(run, await inspect(run, snapshot));
  const result = { ...aboutRun(run), dryRun: true, ...report(planned), stats: { requests: count() } };
  return { result, ...proposalOf(planned.items, policy, momentOf(run)) };
}

function aboutRun({ sweep, account, startedAt, policy: { mode, calendar } }: Run) {
  return { sweep, account, mode, timezone: calendar.timezone, startedAt };
}

function momentOf({ startedAt, sweep }: Run): Moment {
  return { now: startedAt, sweep };
}

/** Counts the requests of the source from now on, by action. */
function countRequests(source: SweepPorts['source']): () => Readonly<Record<string, number>> {
  const before = source.requests();
  return () => difference(source.requests(), before);
}

function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const counts = Object.entries(after).map(([action, count]) => [action, count - (before[action] ?? 0)] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
