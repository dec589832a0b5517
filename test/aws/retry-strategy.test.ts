import { DefaultRateLimiter, type StandardRetryStrategy } from '@smithy/core/retry';
import { describe, expect, it } from 'vitest';
import { createRetryStrategy } from '../../aws/retry-strategy.ts';
import { networkError } from '../support/sdk-errors.ts';

const reset = () => networkError('ECONNRESET') as Error & { cause?: Error };
const refused = Object.assign(networkError('ECONNREFUSED') as Error & { cause?: Error }, { address: '127.0.0.1' });

describe.each(['adaptive', 'standard'])('the %s retry strategy', (mode) => {
  /** Asks for the second of three attempts. */
  async function refresh(error: Error & { readonly cause?: Error }, isClosed: () => boolean) {
    const rateLimiter = mode === 'adaptive' ? new DefaultRateLimiter() : undefined;
    const strategy = createRetryStrategy({ maxAttempts: 3, rateLimiter, isClosed }) as StandardRetryStrategy;
    const token = await strategy.acquireInitialRetryToken('');
    return strategy.refreshRetryTokenForRetry(token, { error, errorType: 'TRANSIENT' });
  }

  it('sends a failed request again', async () => {
    expect((await refresh(reset(), () => false)).getRetryCount()).toBe(1);
  });

  it('sends nothing again once the session is closed, even if it closed during the wait', async () => {
    let isClosed = false;
    const next = refresh(reset(), () => isClosed);
    isClosed = true;
    await expect(next).rejects.toThrow('no further attempt');
  });

  it('does not ask a port of this machine again where nothing listens', async () => {
    await expect(refresh(refused, () => false)).rejects.toThrow('no further attempt');
  });
});
