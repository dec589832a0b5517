/** One request as the sandbox received it. */
export interface RequestRecord {
  readonly seq: number;
  /** On the sandbox's clock. */
  readonly at: Date;
  /** `iam`, `sts`, ...: as signed. */
  readonly service: string;
  /** `iam:ListAccessKeys` */
  readonly action: string;
  /** Who signed it. */
  readonly accessKeyId: string | undefined;
  readonly region: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  readonly outcome: 'answered' | 'reset' | 'timeout';
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** The error as the service names it: `NoSuchEntity`. */
  readonly errorCode?: string;
}

/** Every request since the start; the oldest are dropped when there are more than `limit`, but still counted. */
export class RequestLog {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  #records: RequestRecord[] = [];
  #seq = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  add(record: RequestRecord): void {
    this.#counts.set(record.action, (this.#counts.get(record.action) ?? 0) + 1);
    this.#records.push(record);
    if (this.#records.length > this.#limit * 1.1) {
      this.#records = this.#records.slice(-this.#limit);
    }
  }

  records(): readonly RequestRecord[] {
    return this.#records;
  }

  /** Requests by action, refused ones included, sorted by action. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  clear(): void {
    this.#records = [];
    this.#counts.clear();
  }
}
