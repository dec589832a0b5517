import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeysweepError, messageOf } from '../core/error.ts';
import { decodeSnapshot, encodeSnapshot } from '../core/lifecycle/snapshot-codec.ts';
import type { SnapshotStore } from '../core/ports.ts';
import { replaceFile } from './durable-file.ts';

/** What a key may look like, so that none leads out of the folder. */
const keyPattern = /^[\w.-]+\.json$/;

/**
 * Snapshots as files of one folder, one for each account and moment, readable by their owner only. The folder is made
 * if need be. Throws KeysweepError SnapshotNotWritten, SnapshotMissing or SnapshotInvalid.
 */
export function createFileSnapshotStore(folder: string): SnapshotStore {
  return {
    write: async (snapshot) => {
      const { account, asOf } = snapshot.audit;
      const key = `${account.id}-${asOf.toISOString().replaceAll(':', '')}-${snapshot.id}.json`;
      const path = join(folder, key);
      const text = encodeSnapshot(snapshot);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await replaceFile(path, `${path}.${randomUUID()}.tmp`, [new TextEncoder().encode(text)], 0o600);
        await file.close();
      } catch (cause) {
        throw new KeysweepError('SnapshotNotWritten', `cannot write the snapshot ${path}: ${messageOf(cause)}`, {
          cause,
        });
      }
      return key;
    },
    read: async (key) => {
      const path = join(folder, key);
      if (!keyPattern.test(key)) {
        throw new KeysweepError('SnapshotMissing', `not the key of a snapshot: ${JSON.stringify(key)}`);
      }
      return decodeSnapshot(await readText(path), path);
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new KeysweepError('SnapshotMissing', `cannot read the snapshot ${path}: ${messageOf(cause)}`, {
      cause,
      hint: 'audit again',
    });
  }
}
