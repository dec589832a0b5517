/** Combines several answers about the last use of a credential. */
import { HOUR } from './duration.ts';
import type { Duration, Known, LastUse } from './model.ts';

/** AWS gives the last use of a key to the minute, its creation to the second. */
const tolerance: Duration = HOUR;

/** Both the report and a live read may lag: the later use counts. */
export function laterUse(known: LastUse, read: LastUse): LastUse {
  if (known.kind !== 'used' || read.kind === 'unknown') return read;
  return read.kind === 'used' && read.at >= known.at ? read : known;
}

/**
 * Since when a credential or password has not been used: its last use, or its creation where that is later. A use before the
 * creation is a contradiction, but there was none after it.
 */
export function idleFrom(usedAt: Date, createdAt: Known<Date>): Date {
  return createdAt.known && createdAt.value > usedAt ? createdAt.value : usedAt;
}

/** Whether a last use is before the creation, by more than AWS rounds. */
export function isBeforeCreation(usedAt: Date, createdAt: Date): boolean {
  return usedAt.getTime() < createdAt.getTime() - tolerance;
}

/** For decisions on changes: a use before the creation is a contradiction, so the last use is unknown. */
export function plausibleUse(lastUse: LastUse, createdAt: Date): LastUse {
  if (lastUse.kind !== 'used' || !isBeforeCreation(lastUse.at, createdAt)) return lastUse;
  const [use, creation] = [lastUse.at, createdAt].map((time) => time.toISOString().slice(0, 10));
  return { kind: 'unknown', why: `its last use (${use}) is before its creation (${creation}), which is impossible` };
}
