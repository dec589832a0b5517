/** When the SDK sends a request again. */
import { AdaptiveRetryStrategy, type RateLimiter, StandardRetryStrategy } from '@smithy/core/retry';
import { isRefusedHere } from './endpoint.ts';

export interface RetryOptions {
  /** Attempts of one request, including the first. */
  readonly maxAttempts: number;
  /** Shared by the clients that are to slow down together; undefined: no client slows down for another. */
  readonly rateLimiter: RateLimiter | undefined;
  /** Whether the session is closed: then nothing is sent again. */
  readonly isClosed: () => boolean;
}

type Strategy = AdaptiveRetryStrategy | StandardRetryStrategy;

/**
 * The SDK's own strategy, with two exceptions: a port of this machine on which nothing listens fails at once, and a
 * request that waits for its next attempt gives up when the session is closed.
 */
export function createRetryStrategy({ maxAttempts, rateLimiter, isClosed }: RetryOptions): Strategy {
  const strategy: Strategy =
    rateLimiter === undefined
      ? new StandardRetryStrategy(maxAttempts)
      : new AdaptiveRetryStrategy(maxAttempts, { maxAttempts, rateLimiter });
  const refresh = strategy.refreshRetryTokenForRetry.bind(strategy);
  strategy.refreshRetryTokenForRetry = async (token, info) => {
    if (isRefusedHere(info.error)) throw noRetry;
    const next = await refresh(token, info);
    if (isClosed()) throw noRetry;
    return next;
  };
  return strategy;
}

/** The SDK throws the error of the last attempt instead. */
const noRetry = new Error('no further attempt');
