/** The entry point of the deployed rotator: snapshots and digests are in the bucket that KEYSWEEP_BUCKET names. */
import { createS3ReportStore } from '../../aws/s3-report-store.ts';
import { createS3SnapshotStore } from '../../aws/s3-snapshot-store.ts';
import { requireVariable } from '../environment.ts';
import { openForwarder } from '../open-forwarder.ts';
import { createRotatorHandler } from './handler.ts';

export const handler = createRotatorHandler((session) => {
  const bucket = requireVariable('KEYSWEEP_BUCKET');
  return {
    snapshots: createS3SnapshotStore(session, bucket),
    reports: createS3ReportStore(session, bucket),
    forwarder: openForwarder(session, bucket),
  };
});
