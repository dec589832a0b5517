import type { SandboxClock } from '../clock.ts';
import { regionOf, wholeSeconds } from './build-account.ts';
import { type AccessKeyRecord, isUser, type KeyOwner, ownerName, type RootRecord, type UserRecord } from './records.ts';
import { describeUse, type Trail } from './trail.ts';
import type { Use, UseHistory } from './use-history.ts';

export interface UsageParts {
  readonly clock: SandboxClock;
  readonly trail: Trail;
  /** How long IAM takes to show a use, in milliseconds. */
  readonly lastUsedLagMs: number;
}

/** Who holds the credentials that are used. */
export interface CredentialHolders {
  readonly root: RootRecord;
  users(): readonly UserRecord[];
  /** @throws AwsError NoSuchEntity */
  user(name: string): UserRecord;
  findAccessKey(id: string): { readonly owner: KeyOwner; readonly key: AccessKeyRecord } | undefined;
}

/** A sign-in or a signed request that AWS refused: someone was locked out. */
export interface RefusedUse {
  readonly at: Date;
  readonly accessKeyId: string;
  /** Absent when the key no longer exists. */
  readonly userName?: string;
}

/** The uses of an account's credentials: what really happened, what IAM shows of it, and what was refused. */
export class KeyUsage {
  /** How long IAM takes to show a use, in milliseconds. May be changed at any time. */
  lagMs: number;
  /** Uses of keys that were inactive or deleted. */
  readonly refused: RefusedUse[] = [];
  readonly #account: CredentialHolders;
  readonly #parts: UsageParts;

  constructor(account: CredentialHolders, parts: UsageParts) {
    this.#account = account;
    this.#parts = parts;
    this.lagMs = parts.lastUsedLagMs;
  }

  useAccessKey(id: string, at: number, service: string, region: string | undefined): boolean {
    const found = this.#account.findAccessKey(id);
    if (found === undefined || found.key.status !== 'Active') {
      this.noteRefusal(id, at);
      return false;
    }
    const use = { at: wholeSeconds(at), service, region: regionOf(service, region) };
    this.noteKeyUse(found.key.uses, use);
    this.#recordEvent(found.owner, id, use);
    return true;
  }

  /** Notes the use of a key by a request to the sandbox itself, which has its own event. */
  noteKeyUse(uses: UseHistory, use: Use): void {
    uses.record(use, use.at + this.lagMs);
  }

  /** Notes that someone tried to use a key that does not work. */
  noteRefusal(id: string, at: number = this.#parts.clock.now().getTime()): void {
    const found = this.#account.findAccessKey(id);
    const owner = found === undefined ? {} : { userName: ownerName(found.owner) };
    this.refused.push({ at: new Date(at), accessKeyId: id, ...owner });
  }

  usePassword(userName: string, at: number): boolean {
    const isRoot = userName === '<root_account>';
    const uses = isRoot ? this.#account.root.passwordUses : this.#account.user(userName).password?.uses;
    if (uses === undefined || (isRoot && this.#account.root.passwordEnabled === false)) {
      return false;
    }
    const use = { at: wholeSeconds(at), service: 'signin', region: 'us-east-1' };
    uses.record(use, use.at + this.lagMs);
    this.#recordEvent(isRoot ? this.#account.root : this.#account.user(userName), undefined, use);
    return true;
  }

  /** CloudTrail knows of the uses in the seed. */
  recordSeededUses(): void {
    const oldest = this.#parts.clock.now().getTime() - 90 * 86_400_000;
    for (const owner of [this.#account.root, ...this.#account.users()]) {
      for (const key of owner.accessKeys) {
        const use = key.uses.latest();
        if (use !== undefined && use.at >= oldest) {
          this.#recordEvent(owner, key.id, use);
        }
      }
      const signIn = isUser(owner) ? owner.password?.uses.latest() : owner.passwordUses.latest();
      if (signIn !== undefined && signIn.at >= oldest) {
        this.#recordEvent(owner, undefined, signIn);
      }
    }
  }

  #recordEvent(owner: KeyOwner, accessKeyId: string | undefined, use: Use): void {
    this.#parts.trail.record({
      at: use.at,
      ...describeUse(use.service, use.region),
      userName: isUser(owner) ? owner.name : 'root',
      accessKeyId,
      actorArn: owner.arn,
    });
  }
}
