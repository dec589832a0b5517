import { createHash } from 'node:crypto';
import { awsError } from '../errors.ts';

export interface StoredObject {
  readonly body: string;
  readonly contentType: string;
}

/** The S3 buckets that the account may use, without versions. */
export class Buckets {
  readonly #buckets = new Map<string, Map<string, StoredObject>>();
  readonly #owners = new Map<string, string>();

  /** @param owner the account that has it. Default: the sandbox's own */
  create(name: string, owner?: string): void {
    if (!this.#buckets.has(name)) this.#buckets.set(name, new Map());
    if (owner !== undefined) this.#owners.set(name, owner);
  }

  /** The account that has it, where that is not the sandbox's own. */
  owner(bucket: string): string | undefined {
    return this.#owners.get(bucket);
  }

  /** The keys in a bucket, sorted. @throws AwsError NoSuchBucket */
  keys(bucket: string): readonly string[] {
    return [...this.#objects(bucket).keys()].sort();
  }

  /** @throws AwsError NoSuchBucket */
  put(bucket: string, key: string, object: StoredObject): void {
    this.#objects(bucket).set(key, object);
  }

  /**
   * The same where the object that is there now has this ETag, or none is there (`undefined`). Source: S3 User Guide,
   * conditional writes.
   *
   * @throws AwsError NoSuchBucket, PreconditionFailed, or NoSuchKey for an ETag of nothing
   */
  replace(bucket: string, key: string, etag: string | undefined, object: StoredObject): void {
    const found = this.get(bucket, key);
    if (etag !== undefined && found === undefined) throw awsError('NoSuchKey', 'The specified key does not exist.');
    if ((found === undefined ? undefined : etagOf(found)) !== etag) {
      throw awsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    }
    this.put(bucket, key, object);
  }

  /** @throws AwsError NoSuchBucket */
  get(bucket: string, key: string): StoredObject | undefined {
    return this.#objects(bucket).get(key);
  }

  delete(bucket: string, key: string): void {
    this.#objects(bucket).delete(key);
  }

  #objects(bucket: string): Map<string, StoredObject> {
    const objects = this.#buckets.get(bucket);
    if (objects === undefined) throw awsError('NoSuchBucket', 'The specified bucket does not exist');
    return objects;
  }
}

/** With its quotes, as in the header. */
export function etagOf({ body }: StoredObject): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
