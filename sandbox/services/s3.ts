import { accessDenied, awsError } from '../errors.ts';
import type { Call, RestOperation, RestRequest, Service } from '../http/operation.ts';
import { etagOf } from '../state/buckets.ts';

/** Path style, as the SDK addresses an endpoint that is an IP address: `/bucket/key`. */
function locate({ path }: RestRequest): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(path) ?? [];
  return { bucket, key };
}

/** Source: S3 User Guide, "Verifying bucket ownership with bucket owner condition". */
function checkOwner({ headers }: RestRequest, { world }: Call, bucket: string): void {
  const expected = headers['x-amz-expected-bucket-owner'];
  const owner = world.buckets.owner(bucket) ?? world.account.id;
  if (expected !== undefined && expected !== owner) throw awsError('AccessDenied', 'Access Denied');
}

function objectArn(request: RestRequest, { world }: Call): string {
  const { bucket, key } = locate(request);
  return `arn:${world.account.partition}:s3:::${bucket}/${key}`;
}

/** A bucket that the account has already is an error in every region but us-east-1. Source: the S3 API reference. */
const createBucket: RestOperation = {
  event: 'write',
  resource: (request, { world }) => `arn:${world.account.partition}:s3:::${locate(request).bucket}`,
  run(request, { world }) {
    world.buckets.create(locate(request).bucket);
    return { status: 200, contentType: 'application/xml', body: '' };
  },
};

const putObject: RestOperation = {
  event: 'data',
  resource: objectArn,
  run(request, call) {
    const { world } = call;
    const { bucket, key } = locate(request);
    checkOwner(request, call, bucket);
    const contentType = request.headers['content-type'] ?? 'binary/octet-stream';
    const object = { body: request.body, contentType };
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    if (ifMatch !== undefined) world.buckets.replace(bucket, key, ifMatch, object);
    else if (ifNoneMatch !== undefined) world.buckets.replace(bucket, key, undefined, object);
    else world.buckets.put(bucket, key, object);
    return { status: 200, contentType: 'application/xml', body: '', headers: { ETag: etagOf(object) } };
  },
};

const getObject: RestOperation = {
  event: 'data',
  resource: objectArn,
  run(request, call) {
    const { world, caller } = call;
    const { bucket, key } = locate(request);
    checkOwner(request, call, bucket);
    const found = world.buckets.get(bucket, key);
    if (found !== undefined) return { status: 200, ...found, headers: { ETag: etagOf(found) } };
    // Without permission to list a bucket, a caller does not learn what is not in it. Source: the S3 API reference, GetObject.
    if (!world.permissions.allows(caller.permissionsArn, 's3:ListBucket')) {
      throw accessDenied(caller.arn, 's3:ListBucket', `arn:${world.account.partition}:s3:::${bucket}`);
    }
    throw awsError('NoSuchKey', 'The specified key does not exist.');
  },
};

/** Amazon S3, as far as keysweep goes: whole objects in, whole objects out. */
export const s3: Service = {
  name: 's3',
  protocol: 'rest',
  actionOf: (request) => {
    const isObject = locate(request).key !== '';
    if (request.method === 'PUT') return isObject ? 'PutObject' : 'CreateBucket';
    return isObject && request.method === 'GET' ? 'GetObject' : 'Unknown';
  },
  operations: { CreateBucket: createBucket, PutObject: putObject, GetObject: getObject },
};
