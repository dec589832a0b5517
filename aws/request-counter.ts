import { kindOf } from './error-kind.ts';

/** Counts the requests sent to AWS by action, including every retry. Shared by clients. */
export interface RequestCounter {
  /** Adds one request for `action`: `iam:ListAccessKeys`. */
  count(action: string): void;
  /** Adds one attempt that was throttled. */
  countThrottle(): void;
  /** Attempts so far that AWS throttled. */
  throttles(): number;
  /** Requests so far by action, in alphabetical order. */
  counts(): Readonly<Record<string, number>>;
}

/** Starts at zero; every attempt that is sent counts, retries included. */
export function createRequestCounter(): RequestCounter {
  const byAction = new Map<string, number>();
  let throttles = 0;
  return {
    count: (action) => {
      byAction.set(action, (byAction.get(action) ?? 0) + 1);
    },
    countThrottle: () => {
      throttles++;
    },
    throttles: () => throttles,
    counts: () => Object.fromEntries([...byAction].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

type Middleware = <Args, Output>(
  next: (args: Args) => Promise<Output>,
  context: { readonly commandName?: string },
) => (args: Args) => Promise<Output>;

interface Placed<Step extends string> {
  readonly name: string;
  readonly step: Step;
  readonly priority: 'low';
}

/** The part of an SDK client that middleware needs. */
export interface ClientWithMiddleware {
  readonly middlewareStack: {
    add(middleware: Middleware, options: Placed<'build'>): void;
    add(middleware: Middleware, options: Placed<'deserialize'>): void;
    add(middleware: Middleware, options: Placed<'finalizeRequest'>): void;
  };
}

/**
 * Makes `client` count its requests. `service` is the prefix of its IAM actions: `iam`, `sts`, `sns`.
 *
 * Sits at the innermost place of the SDK's middleware stack, just before the HTTP handler: after the retry middleware,
 * so that each attempt counts, and after signing, so that a request that was never sent does not.
 */
export function countRequests(client: ClientWithMiddleware, service: string, counter: RequestCounter): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      counter.count(`${service}:${(context.commandName ?? 'UnknownCommand').replace(/Command$/, '')}`);
      return next(args);
    },
    { name: 'keysweepRequestCounter', step: 'deserialize', priority: 'low' },
  );
  // Inside the retries, and outside the step that turns an answer into an error.
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (kindOf(error) === 'throttled') counter.countThrottle();
        throw error;
      }
    },
    { name: 'keysweepThrottleCounter', step: 'finalizeRequest', priority: 'low' },
  );
}
