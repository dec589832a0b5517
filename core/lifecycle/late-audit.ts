import { HOUR } from '../duration.ts';

/** A sweep follows its audit within minutes, but an event may come twice, or be sent again from a dead-letter queue. */
const promptly = HOUR;

/** Whether an audit is too old for people to be notified by it: what it saw is read again first. */
export function isLateAudit(asOf: Date, now: Date): boolean {
  return now.getTime() - asOf.getTime() > promptly;
}
