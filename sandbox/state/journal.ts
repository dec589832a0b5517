import type { AccessKeyRecord, KeyStatus } from './records.ts';
import type { Trail } from './trail.ts';

/** Who changes the account: someone in the console, or a request to the API. */
export type Actor =
  | { readonly kind: 'person' }
  | { readonly kind: 'api'; readonly callerArn: string; readonly requestSeq: number };

export const person: Actor = { kind: 'person' };

/** One change of IAM, as the sandbox itself saw it. */
export interface WriteRecord {
  readonly seq: number;
  readonly at: Date;
  /** `iam:UpdateAccessKey` */
  readonly action: string;
  readonly by: 'person' | 'api';
  /** Who called, for `api`. */
  readonly callerArn?: string;
  /** `seq` of the request, for `api`. */
  readonly requestSeq?: number;
  readonly userName: string;
  readonly accessKeyId?: string;
  readonly statusBefore?: KeyStatus;
  /** Absent when the key was deleted. */
  readonly statusAfter?: KeyStatus;
  /** When the key was really last used, whatever IAM showed. Absent: never. */
  readonly lastUsedAt?: Date;
  readonly keyCreatedAt?: Date;
  /** The user's tags at that time. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What the account enters in the journal. */
export interface Change {
  readonly at: Date;
  readonly action: string;
  readonly actor: Actor;
  readonly userName: string;
  readonly userArn: string;
  readonly key: AccessKeyRecord | undefined;
  readonly before: KeyStatus | undefined;
  readonly deleted: boolean;
  readonly tags: ReadonlyMap<string, string> | undefined;
}

/** Records every change of an account, by whomever. */
export class Journal {
  readonly writes: WriteRecord[] = [];
  readonly #trail: Trail;

  constructor(trail: Trail) {
    this.#trail = trail;
  }

  record(change: Change): void {
    const { actor } = change;
    this.writes.push({
      seq: this.writes.length + 1,
      at: change.at,
      action: change.action,
      by: actor.kind,
      ...(actor.kind === 'api' ? { callerArn: actor.callerArn, requestSeq: actor.requestSeq } : {}),
      userName: change.userName,
      ...(change.key === undefined ? {} : keyFacts(change.key, change)),
      ...(change.tags === undefined ? {} : { tags: Object.fromEntries(change.tags) }),
    });
    if (actor.kind === 'person') {
      this.#trail.record({
        at: change.at.getTime(),
        name: change.action.slice('iam:'.length),
        source: 'iam.amazonaws.com',
        region: 'us-east-1',
        readOnly: false,
        userName: 'administrator',
        accessKeyId: undefined,
        actorArn: change.userArn.replace(/:[^:]*$/, ':user/administrator'),
        resources: [{ type: 'AWS::IAM::User', name: change.userName }],
      });
    }
  }
}

function keyFacts(key: AccessKeyRecord, change: Change): Partial<WriteRecord> {
  const lastUse = key.uses.latest();
  return {
    accessKeyId: key.id,
    keyCreatedAt: new Date(key.createdAt),
    ...(change.before === undefined ? {} : { statusBefore: change.before }),
    ...(change.deleted ? {} : { statusAfter: key.status }),
    ...(lastUse === undefined ? {} : { lastUsedAt: new Date(lastUse.at) }),
  };
}
