import { actionMatcher } from './permissions.ts';

/** A token bucket. Time is real time, because clients wait in real time. */
export interface RateLimit {
  /** Glob of the API actions that share the bucket: `iam:*`. */
  readonly action: string;
  /** Tokens a second. */
  readonly perSecond: number;
  /** The size of the bucket. Default: one second's worth, at least 1. */
  readonly burst?: number;
  /** Each action gets a bucket of its own, as IAM is said to do. Default false. */
  readonly perAction?: boolean;
}

/** AWS documents this one: 2 requests a second per account and region. IAM's rates are not published. */
const lookupEvents: RateLimit = { action: 'cloudtrail:LookupEvents', perSecond: 2, burst: 2 };

interface Bucket {
  tokens: number;
  filledAt: number;
}

interface Limiter {
  readonly limit: RateLimit;
  readonly matches: (action: string) => boolean;
  readonly buckets: Map<string, Bucket>;
}

export class RateLimits {
  readonly #timeSource: () => number;
  #limiters: readonly Limiter[] = [];

  /** @param timeSource monotonic milliseconds. */
  constructor(limits: readonly RateLimit[], timeSource: () => number) {
    this.#timeSource = timeSource;
    this.set(limits);
  }

  /** Replaces all limits. The one on LookupEvents stays unless one is given for exactly that action. */
  set(limits: readonly RateLimit[]): void {
    for (const { action, perSecond } of limits) {
      if (!(perSecond > 0)) {
        throw new RangeError(`rate limit of ${action}: found ${perSecond} a second; it must be more than 0`);
      }
    }
    const standard = limits.some((limit) => limit.action === lookupEvents.action) ? [] : [lookupEvents];
    this.#limiters = [...standard, ...limits].map((limit) => ({
      limit,
      matches: actionMatcher(limit.action),
      buckets: new Map(),
    }));
  }

  /** Takes a token from every bucket that the action draws from; false, and none taken, when one of them is empty. */
  admit(action: string): boolean {
    const buckets = this.#limiters
      .filter(({ matches }) => matches(action))
      .map((limiter) => this.#filled(limiter, action));
    if (buckets.some((bucket) => bucket.tokens < 1)) {
      return false;
    }
    for (const bucket of buckets) {
      bucket.tokens -= 1;
    }
    return true;
  }

  #filled({ limit, buckets }: Limiter, action: string): Bucket {
    const now = this.#timeSource();
    const burst = limit.burst ?? Math.max(1, limit.perSecond);
    const name = limit.perAction === true ? action : '';
    const bucket = buckets.get(name) ?? { tokens: burst, filledAt: now };
    buckets.set(name, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * limit.perSecond);
    bucket.filledAt = now;
    return bucket;
  }
}
