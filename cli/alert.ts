/** The alert about critical findings that `sweep --enforce` sends, as the deployed auditor does. */
import { createHash } from 'node:crypto';
import { addTo, sameNight } from '../core/lifecycle/decision.ts';
import type { Ledger, SweepRecord } from '../core/lifecycle/ledger.ts';
import { sweepRetention } from '../core/lifecycle/pending.ts';
import type { Audit } from '../core/model.ts';
import type { Notice } from '../core/notice.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Notifier } from '../core/ports.ts';
import type { Note } from './notes.ts';

/** What alerts were sent is recorded here, by topic: what one topic got, another did not. */
interface AlertRecords {
  readonly ledger: Pick<Ledger, 'sweep'>;
  readonly topicArn: string;
  readonly now: Date;
}

/** The alert of an audit, and when it was delivered tonight, if it was. */
export interface Alert {
  /** Under which the ledger records it. */
  readonly id: string;
  readonly notice: Notice;
  readonly deliveredAt?: Date;
}

/** The alert about an audit's critical findings; undefined if there are none. */
export async function alertOf(audit: Audit, { ledger, topicArn, now }: AlertRecords): Promise<Alert | undefined> {
  const { alertedFindings, criticalAlert } = await import('../reports/alert.ts');
  const notice = criticalAlert(audit);
  if (notice === undefined) return undefined;
  const id = idOf(alertedFindings(audit), topicArn);
  const deliveredAt = (await recordOf(ledger, audit.account.id, id))?.deliveredAt;
  const isOfTonight = deliveredAt !== undefined && Math.abs(now.getTime() - deliveredAt.getTime()) < sameNight;
  return { id, notice, ...(isOfTonight && { deliveredAt }) };
}

interface AlertPorts extends AlertRecords {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  /** Says what counts as a channel that reaches people. */
  readonly policy: Policy;
  readonly note: Note;
}

/**
 * Sends the alert and records it in the ledger: the same alert is sent once a night. It is recorded after delivery, so that
 * an undelivered alert is sent again by the next run. Returns what is wrong with it, for people: it is undelivered, or it
 * does not name everything.
 *
 * @throws KeysweepError if it could not be published, or the ledger could not be written
 */
export async function alertOnce(audit: Audit, ports: AlertPorts): Promise<string | undefined> {
  const alert = await alertOf(audit, ports);
  if (alert === undefined) return undefined;
  const { ledger, notifier, policy, now, note } = ports;
  const [{ unnamedInAlert }, { counted, timeInWords }, { deliver, readSubscribers }] = await Promise.all([
    import('../reports/alert.ts'),
    import('../reports/words.ts'),
    import('../engine/delivery.ts'),
  ]);
  const { id, notice, deliveredAt } = alert;
  if (deliveredAt !== undefined) {
    await note(`${notice.data.summary}: already delivered at ${timeInWords(deliveredAt)}, not sent again tonight`);
    return undefined;
  }
  const delivery = await deliver(notifier, await readSubscribers(notifier, policy), notice);
  if (delivery.kind === 'undelivered') return `the alert is undelivered: ${delivery.why}`;
  const account = audit.account.id;
  await ledger.writeSweep({ account, id, startedAt: now, deliveredAt: now, expiresAt: addTo(now, sweepRetention) });
  const unnamed = unnamedInAlert(audit, notice).length;
  if (unnamed === 0) return undefined;
  return `the alert has no room for ${counted(unnamed, 'critical finding')} in every format; run keysweep audit to list them`;
}

/** A ledger that cannot be read must not suppress the alert; the sweep itself will report the ledger. */
async function recordOf(ledger: Pick<Ledger, 'sweep'>, account: string, id: string): Promise<SweepRecord | undefined> {
  try {
    return await ledger.sweep(account, id);
  } catch {
    return undefined;
  }
}

/** The same id for the same findings in the same state and the same topic. */
function idOf(findings: Audit['findings'], topicArn: string): string {
  const states = findings.map(({ id, status }) => `${id} ${status}`).toSorted();
  const hash = createHash('sha256')
    .update(JSON.stringify([topicArn, ...states]))
    .digest('hex');
  return `alert/${hash.slice(0, 32)}`;
}
