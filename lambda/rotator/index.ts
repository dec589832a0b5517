/** The entry of the deployed rotator: its snapshots lie in the bucket that KEYSWEEP_SNAPSHOT_BUCKET names. */
import { createS3SnapshotStore } from '../../aws/s3-snapshot-store.ts';
import { requireVariable } from '../environment.ts';
import { createRotatorHandler } from './handler.ts';

export const handler = createRotatorHandler((session) =>
  createS3SnapshotStore(session, requireVariable('KEYSWEEP_SNAPSHOT_BUCKET')),
);
