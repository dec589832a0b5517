import { createHash } from 'node:crypto';
import { addTo, sameNight } from '../core/lifecycle/decision.ts';
import type { Ledger, SweepRecord } from '../core/lifecycle/ledger.ts';
import { sweepRetention } from '../core/lifecycle/pending.ts';
import type { Audit } from '../core/model.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Notifier } from '../core/ports.ts';
import type { Note } from './notes.ts';

export interface AlertPorts {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  /** Of the topic behind the notifier: what one has got, another one has not. */
  readonly topicArn: string;
  /** Says what counts as a channel that reaches people. */
  readonly policy: Policy;
  readonly now: Date;
  readonly note: Note;
}

/**
 * Tells people what is critical, as the deployed auditor does, and lets the ledger know: the same alert goes out once a
 * night. It is recorded after it was sent, so that one which did not go out, or that no one is known to have got, is sent
 * by the next run. Returns what is wrong with it, for people: no one is known to have got it, or it does not name everything.
 *
 * @throws KeysweepError where it could not be handed over, or the ledger could not be written
 */
export async function alertOnce(
  audit: Audit,
  { ledger, notifier, topicArn, policy, now, note }: AlertPorts,
): Promise<string | undefined> {
  const { alertedFindings, criticalAlert, unnamedInAlert } = await import('../reports/alert.ts');
  const { counted, timeInWords } = await import('../reports/words.ts');
  const alert = criticalAlert(audit);
  if (alert === undefined) return undefined;
  const account = audit.account.id;
  const id = idOf(alertedFindings(audit), topicArn);
  const deliveredAt = (await recordOf(ledger, account, id))?.deliveredAt;
  if (deliveredAt !== undefined && Math.abs(now.getTime() - deliveredAt.getTime()) < sameNight) {
    await note(`${alert.data.summary}: told already at ${timeInWords(deliveredAt)}, and not again tonight`);
    return undefined;
  }
  const { deliver, readListeners } = await import('../engine/delivery.ts');
  const delivery = await deliver(notifier, await readListeners(notifier, policy), alert);
  if (delivery.kind === 'undelivered') return `no one is known to have got the alert: ${delivery.why}`;
  await ledger.writeSweep({ account, id, startedAt: now, deliveredAt: now, expiresAt: addTo(now, sweepRetention) });
  const unnamed = unnamedInAlert(audit, alert).length;
  if (unnamed === 0) return undefined;
  return `the alert had no room to name ${counted(unnamed, 'critical finding')} in every form of it: keysweep audit lists them`;
}

/** A ledger that cannot be read keeps nobody from hearing of what is critical; the sweep itself will say that it cannot. */
async function recordOf(ledger: Ledger, account: string, id: string): Promise<SweepRecord | undefined> {
  try {
    return await ledger.sweep(account, id);
  } catch {
    return undefined;
  }
}

/** The same for the same findings in the same state, for the same topic. */
function idOf(findings: Audit['findings'], topicArn: string): string {
  const states = findings.map(({ id, status }) => `${id} ${status}`).toSorted();
  const hash = createHash('sha256')
    .update(JSON.stringify([topicArn, ...states]))
    .digest('hex');
  return `alert/${hash.slice(0, 32)}`;
}
