/** Combines several answers about the last use of a credential. */
import { HOUR } from './duration.ts';
import type { Duration, LastUse } from './model.ts';

/** AWS gives the last use of a key to the minute, its creation to the second. */
const tolerance: Duration = HOUR;

/** Both the report and a live read may lag: the later use counts. */
export function laterUse(known: LastUse, read: LastUse): LastUse {
  if (known.kind !== 'used' || read.kind === 'unknown') return read;
  return read.kind === 'used' && read.at >= known.at ? read : known;
}

/** A use before the creation is a contradiction: the last use is then unknown. */
export function plausibleUse(lastUse: LastUse, createdAt: Date): LastUse {
  if (lastUse.kind !== 'used' || lastUse.at.getTime() >= createdAt.getTime() - tolerance) return lastUse;
  const [use, creation] = [lastUse.at, createdAt].map((time) => time.toISOString().slice(0, 10));
  return { kind: 'unknown', why: `its last use (${use}) is before its creation (${creation}), which is impossible` };
}
