import { KeysweepError } from '../core/error.ts';
import { refuseOtherAccount } from '../core/expected-account.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import { decodeSnapshot, encodeSnapshot } from '../core/lifecycle/snapshot-codec.ts';
import type { SnapshotStore } from '../core/ports.ts';
import { openBucket, timeInKey } from './s3-objects.ts';
import type { AwsSession } from './session.ts';

/** The prefix of the snapshots of every account: `snapshots/123456789012/2026-11-22T043000.000Z-ID.json`. */
const prefix = 'snapshots/';

const keyPattern = /^snapshots\/(\d{12})\/[\w.-]+\.json$/;

/**
 * Snapshots as objects of a bucket, each under a key that names its account, time and id. A snapshot under the key of
 * another one is refused: a copy is not a new snapshot.
 *
 * Throws KeysweepError SnapshotMissing or SnapshotInvalid, AccountMismatch for a key of another account than the caller's,
 * before anything is read, or the error of S3.
 */
export function createS3SnapshotStore(session: AwsSession, bucket: string): SnapshotStore {
  const objects = openBucket(session, bucket);
  return {
    write: async (snapshot) => {
      const key = keyOf(snapshot);
      await objects.put(key, encodeSnapshot(snapshot), 'application/json');
      return key;
    },
    read: async (key) => {
      const [, account] = keyPattern.exec(key) ?? [];
      if (account === undefined) {
        throw new KeysweepError('SnapshotMissing', `not a snapshot key: ${JSON.stringify(key)}`);
      }
      const { id, arn } = await session.caller();
      refuseOtherAccount({ id, by: `the caller ${arn}` }, account, `the snapshot ${key}`);
      const where = `s3://${bucket}/${key}`;
      const found = await objects.get(key);
      if (found === 'missing') throw missing(where, 'does not exist');
      if (found === 'hidden') throw missing(where, 'does not exist, or may not be read');
      const snapshot = decodeSnapshot(found.text, where);
      if (keyOf(snapshot) === key) return snapshot;
      throw new KeysweepError(
        'SnapshotInvalid',
        `${where} contains another snapshot than its key says: ${keyOf(snapshot)}`,
        {
          hint: 'Someone copied or changed it. Check who can write to the bucket. The next audit writes a new snapshot.',
        },
      );
    },
  };
}

function keyOf({ id, audit: { account, asOf } }: Snapshot): string {
  return `${prefix}${account.id}/${timeInKey(asOf)}-${id}.json`;
}

function missing(where: string, how: string): KeysweepError {
  return new KeysweepError('SnapshotMissing', `the snapshot ${where} ${how}`, {
    hint: 'Run the audit again. It writes a new snapshot.',
  });
}
