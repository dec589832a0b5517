/** One use of a credential. */
export interface Use {
  /** Milliseconds since 1970, whole seconds. */
  readonly at: number;
  /** AWS's short name of the service: `s3`, `ec2`, ... */
  readonly service: string;
  /** `N/A` for services without regions. */
  readonly region: string;
}

interface PendingUse {
  readonly use: Use;
  readonly visibleAt: number;
}

/**
 * The last use of a credential: the truth, and what IAM shows of it, which lags behind.
 */
export class UseHistory {
  #shown: Use | undefined;
  #latest: Use | undefined;
  #pending: PendingUse[] = [];

  /** @param known a use that IAM has long known. */
  constructor(known?: Use) {
    this.#shown = known;
    this.#latest = known;
  }

  /** Notes a use that IAM shows from `visibleAt` on (milliseconds since 1970). */
  record(use: Use, visibleAt: number): void {
    if (this.#latest === undefined || use.at >= this.#latest.at) {
      this.#latest = use;
    }
    const last = this.#pending.at(-1);
    if (last?.use.at === use.at && last.visibleAt === visibleAt) {
      this.#pending.pop();
    }
    this.#pending.push({ use, visibleAt });
  }

  /** What IAM shows at `now`; undefined: never used, as far as IAM knows. */
  shown(now: number): Use | undefined {
    if (this.#pending.length > 0) {
      this.#settle(now);
    }
    return this.#shown;
  }

  /** The truth. */
  latest(): Use | undefined {
    return this.#latest;
  }

  #settle(now: number): void {
    const waiting: PendingUse[] = [];
    for (const entry of this.#pending) {
      if (entry.visibleAt > now) {
        waiting.push(entry);
      } else if (this.#shown === undefined || entry.use.at >= this.#shown.at) {
        this.#shown = entry.use;
      }
    }
    this.#pending = waiting;
  }
}
