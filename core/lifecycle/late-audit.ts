import { HOUR } from '../duration.ts';

/** A sweep follows its audit within minutes, but an event may arrive twice, or be redriven from a dead-letter queue. */
const promptly = HOUR;

/** Whether an audit is too old to notify people by: what it saw is read again first. */
export function isLateAudit(asOf: Date, now: Date): boolean {
  return now.getTime() - asOf.getTime() > promptly;
}
