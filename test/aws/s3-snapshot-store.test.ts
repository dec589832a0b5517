import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createS3SnapshotStore } from '../../aws/s3-snapshot-store.ts';
import { connect } from '../../aws/session.ts';
import { summarize } from '../../core/audit.ts';
import { takeSnapshot } from '../../core/lifecycle/snapshot.ts';
import { encodeSnapshot } from '../../core/lifecycle/snapshot-codec.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { createEvaluator } from '../../core/rules/evaluate.ts';
import { accessKey, asOf, observation, user } from '../support/observation-builder.ts';

const mock = mockClient(S3Client);
const sts = mockClient(STSClient);
const seen = observation([user({ credentials: [accessKey()] })]);
const snapshot = takeSnapshot(
  seen,
  summarize(seen, createEvaluator(seen, defaultPolicy, asOf), { requests: {}, durationMs: 0 }),
  'id-1',
);
const key = 'snapshots/123456789012/2026-11-22T023000.000Z-id-1.json';

function openStore() {
  return createS3SnapshotStore(connect({ region: 'eu-central-1' }), 'evidence');
}

/** The body of an object, as the SDK hands it over. */
function objectOf(text: string) {
  return { Body: { transformToString: async () => text } as never };
}

beforeEach(() => {
  mock.reset();
  const arn = 'arn:aws:sts::123456789012:assumed-role/rotator/x';
  sts.on(GetCallerIdentityCommand).resolves({ Account: '123456789012', Arn: arn });
});

describe('createS3SnapshotStore', () => {
  it('writes one object for each account and moment, and reads it back as it was', async () => {
    mock.on(PutObjectCommand).resolves({});
    await expect(openStore().write(snapshot)).resolves.toBe(key);
    const [call] = mock.commandCalls(PutObjectCommand);
    expect(call?.args[0].input).toMatchObject({
      Bucket: 'evidence',
      Key: key,
      ContentType: 'application/json',
      ExpectedBucketOwner: '123456789012',
    });
    mock.on(GetObjectCommand).resolves(objectOf(String(call?.args[0].input.Body)));
    await expect(openStore().read(key)).resolves.toEqual(snapshot);
  });

  it.each(['', '../x.json', 'snapshots/123456789012/../../x.json', 'reports/123456789012/x.json'])(
    'asks for no object called %j',
    async (name) => {
      await expect(openStore().read(name)).rejects.toMatchObject({ code: 'SnapshotMissing' });
      expect(mock.calls()).toHaveLength(0);
    },
  );

  it('asks for no snapshot of another account', async () => {
    const other = key.replace('123456789012', '999988887777');
    await expect(openStore().read(other)).rejects.toMatchObject({ code: 'AccountMismatch' });
    expect(mock.calls()).toHaveLength(0);
  });

  it.each([
    ['another id', 'snapshots/123456789012/2026-11-22T023000.000Z-id-2.json'],
    ['another moment', 'snapshots/123456789012/2026-11-23T023000.000Z-id-1.json'],
  ])('refuses a copy under the key of %s', async (_, copy) => {
    mock.on(GetObjectCommand).resolves(objectOf(encodeSnapshot(snapshot)));
    await expect(openStore().read(copy)).rejects.toMatchObject({ code: 'SnapshotInvalid' });
  });

  it('refuses an object that is no snapshot', async () => {
    mock.on(GetObjectCommand).resolves(objectOf('{"schema": "other"}'));
    await expect(openStore().read(key)).rejects.toMatchObject({ code: 'SnapshotInvalid' });
  });

  it('names the missing permission', async () => {
    mock.on(GetObjectCommand).rejects(
      Object.assign(new Error('User: me is not authorized to perform: s3:GetObject on resource: it'), {
        name: 'AccessDenied',
        $metadata: { httpStatusCode: 403 },
      }),
    );
    await expect(openStore().read(key)).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('s3:GetObject'),
    });
  });
});
