import { actionMatcher } from './permissions.ts';
import { seededRandom } from './random.ts';

/** Which requests a fault hits. All that is given must hold. */
export interface FaultMatch {
  /** Glob of API actions: `iam:ListAccessKeys`, `iam:*`, `*`. */
  readonly action: string;
  /** Only requests about this user: by UserName, or by the owner of AccessKeyId. */
  readonly user?: string;
  /** Only requests signed with this access key id. */
  readonly caller?: string;
  /** Only the n-th of the matching requests, from 1. */
  readonly nth?: number;
  /** So many of the matching requests pass first. */
  readonly after?: number;
  /** Hits at most so many requests, then never again. Default: no limit. */
  readonly count?: number;
  /** Hits with this probability, 0 to 1, by a seeded generator. */
  readonly probability?: number;
}

/**
 * What happens. With `applied` the request takes effect although its answer never arrives, so the caller cannot know.
 *
 * - `throttle`: Throttling "Rate exceeded", HTTP 400.
 * - `server-error`: HTTP 500 with `code` ServiceFailure (IAM's) unless given.
 * - `denied`: AccessDenied, HTTP 403, with AWS's text for the caller and the action.
 * - `error`: any error; HTTP status and text are AWS's for that code unless given.
 * - `reset`: the connection is reset instead of an answer.
 * - `timeout`: there is never an answer; the connection stays open.
 * - `garbage`: an HTML page instead of the protocol's answer, as a proxy in between might give.
 */
export type FaultEffect =
  | { readonly kind: 'throttle' }
  | { readonly kind: 'server-error'; readonly code?: string; readonly status?: number; readonly applied?: boolean }
  | { readonly kind: 'denied' }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly status?: number;
      readonly message?: string;
      /** Further members of an error of the JSON protocol: `{ CancellationReasons: [...] }`. */
      readonly details?: object;
    }
  | { readonly kind: 'reset'; readonly applied?: boolean }
  | { readonly kind: 'timeout'; readonly applied?: boolean }
  | { readonly kind: 'garbage'; readonly status?: number; readonly body?: string; readonly applied?: boolean };

export type Fault = FaultMatch & FaultEffect;

/** A fault that was added. */
export interface ActiveFault {
  /** How many requests it has hit. */
  readonly hits: number;
  remove(): void;
}

/** What a fault looks at. */
export interface FaultTarget {
  /** `iam:ListAccessKeys` */
  readonly action: string;
  readonly userName: string | undefined;
  readonly accessKeyId: string | undefined;
}

interface Entry {
  readonly fault: Fault;
  readonly matches: (action: string) => boolean;
  seen: number;
  hits: number;
}

/** The faults of a sandbox. For each request the first one added that applies is the one that happens. */
export class Faults {
  #entries: Entry[] = [];
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  add(fault: Fault): ActiveFault {
    checkFault(fault);
    const entry = { fault, matches: actionMatcher(fault.action), seen: 0, hits: 0 };
    this.#entries.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** What happens to a request, if anything. Counts it for every fault that it matches. */
  next(target: FaultTarget): FaultEffect | undefined {
    let effect: FaultEffect | undefined;
    for (const entry of this.#entries) {
      if (!isAbout(entry, target)) {
        continue;
      }
      entry.seen += 1;
      if (effect === undefined && this.#isDue(entry)) {
        entry.hits += 1;
        effect = entry.fault;
      }
    }
    return effect;
  }

  #isDue({ fault, seen, hits }: Entry): boolean {
    if (fault.nth !== undefined && seen !== fault.nth) {
      return false;
    }
    if (seen <= (fault.after ?? 0) || hits >= (fault.count ?? Number.POSITIVE_INFINITY)) {
      return false;
    }
    return fault.probability === undefined || this.#random() < fault.probability;
  }
}

function isAbout({ fault, matches }: Entry, target: FaultTarget): boolean {
  return (
    matches(target.action) &&
    (fault.user === undefined || fault.user === target.userName) &&
    (fault.caller === undefined || fault.caller === target.accessKeyId)
  );
}

function checkFault(fault: Fault): void {
  if (fault.action !== '*' && !/^[a-z0-9-]+:[\w*?]+$/i.test(fault.action)) {
    throw new RangeError(`fault action: found "${fault.action}"; write service:Action, iam:* or *`);
  }
  if (fault.probability !== undefined && !(fault.probability >= 0 && fault.probability <= 1)) {
    throw new RangeError(`fault probability: found ${fault.probability}; allowed are 0 to 1`);
  }
}
