/** Messages to people about notices that are recorded in the ledger. */
import { channelProblems } from '../../core/channels/reach.ts';
import { messageOf } from '../../core/error.ts';
import { given } from '../../core/given.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import { fullDigest } from '../../reports/digest.ts';
import { digestMessages } from '../../reports/digest-messages.ts';
import type { DigestInput } from '../../reports/notices/digest-input.ts';
import { counted } from '../../reports/words.ts';
import { type Audience, deliver, reachOf } from '../delivery.ts';
import type { Delivery } from './night.ts';
import { noticeItem } from './notice-item.ts';
import { type Run, writeRecord } from './run.ts';

/** What one message reports, or as few messages as possible. */
export interface Announcement {
  /** Id under which the ledger records whether this digest was delivered. */
  readonly id: string;
  /** Those whose write has a notice with this id are named. */
  readonly items: readonly Item[];
  readonly waiting: Pick<DigestInput, 'deferred' | 'overdue' | 'unjudged' | 'notes'>;
  readonly isCorrection: boolean;
}

/** The result. */
export interface Announced extends Delivery {
  /** Why no one is known to have received it. */
  readonly undelivered?: string;
  /** What else went wrong, for people. */
  readonly problems: readonly string[];
}

/** How many problems of other channels one message lists. */
const maxNotes = 10;

/**
 * Notifies people, and records in the ledger which credentials were named. If there is nothing to report, nothing is
 * written. One message is enough if the full text is stored and linked. If not (a problem, but no reason to notify no one),
 * there are as many messages as it takes to name every key, within a limit; each one counts on its own. An undelivered
 * message does not count.
 *
 * @param audience absent if people are notified in another way, on purpose: the notices then count as delivered
 * @throws KeysweepError if not even one message could be published, or the ledger could not be written
 */
export async function announce(
  run: Run,
  audience: Audience | undefined,
  { id, items, waiting, isCorrection }: Announcement,
): Promise<Announced> {
  const { ports, policy, account, startedAt, sweep, commandOptions } = run;
  const named = items.flatMap((item) => (item.write?.entry.notice?.sweep === id ? [[item, item.write] as const] : []));
  if (named.length === 0) return { unnamed: [], problems: [] };
  const record = async (unnamed: readonly string[]) => {
    const at = ports.clock.now();
    await writeRecord(run, id, { deliveredAt: at, ...(unnamed.length > 0 && { undelivered: unnamed }) });
    return at;
  };
  if (ports.notifier === undefined || audience === undefined)
    return { at: await record([]), unnamed: [], problems: [] };
  const { subscribers } = audience;
  const kind = isCorrection ? 'correction' : 'digest';
  const attributes = { kind, account: account.id, severity: undefined };
  const channelNotes = channelProblems(reachOf(subscribers, attributes)).map((problem) => `${problem}.`);
  const input = {
    account,
    now: startedAt,
    sweep,
    mode: policy.mode,
    timezone: policy.calendar.timezone,
    ownerTag: policy.notices.ownerTag,
    items: named.map(([item, write]) => noticeItem(item, write, policy)),
    ...waiting,
    notes: [...(waiting.notes ?? []), ...channelNotes.slice(0, maxNotes)],
    isCorrection,
    ...given({ commandOptions }),
  };
  const kept = await keepInFull(run, input);
  const problems = kept.problem === undefined ? [] : [kept.problem];
  const unnamed = new Set(named.map(([{ state }]) => state.credential.id));
  let at: Date | undefined;
  for (const message of digestMessages({ ...input, ...given({ fullReport: kept.link }) })) {
    try {
      const delivery = await deliver(ports.notifier, subscribers, message.notice);
      if (delivery.kind === 'undelivered') {
        if (at === undefined) return { undelivered: delivery.why, unnamed: [...unnamed], problems };
        problems.push(`not every message is known to have been received: ${delivery.why}`);
        break;
      }
    } catch (error) {
      if (at === undefined) throw error;
      problems.push(`not every message could be published: ${messageOf(error)}`);
      break;
    }
    for (const { credential } of message.named) unnamed.delete(credential.id);
    at = await record([...unnamed]);
  }
  if (unnamed.size > 0) problems.push(`${counted(unnamed.size, 'notice')} did not fit; the next sweep sends them`);
  return { ...given({ at }), unnamed: [...unnamed], problems };
}

async function keepInFull({ ports, startedAt }: Run, input: DigestInput): Promise<{ link?: string; problem?: string }> {
  if (ports.reports === undefined) return {};
  const { account, isCorrection } = input;
  const name = isCorrection ? 'correction.txt' : 'digest.txt';
  const report = { account, at: startedAt, name, text: fullDigest(input), contentType: 'text/plain; charset=utf-8' };
  try {
    return { link: await ports.reports.write(report) };
  } catch (error) {
    return { problem: `the full ${isCorrection ? 'correction' : 'digest'} could not be stored: ${messageOf(error)}` };
  }
}
