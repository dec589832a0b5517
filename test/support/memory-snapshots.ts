import { decodeSnapshot, encodeSnapshot } from '../../core/lifecycle/snapshot-codec.ts';
import type { SnapshotStore } from '../../core/ports.ts';

/** Snapshots in memory. It holds their text, as the real store does. */
export function createMemorySnapshots(): SnapshotStore {
  const texts: string[] = [];
  return {
    write: async (snapshot) => String(texts.push(encodeSnapshot(snapshot)) - 1),
    read: async (key) => decodeSnapshot(texts[Number(key)] ?? '', key),
  };
}
