import { postTimeout } from './deliver.ts';
import type { WebhookAnswer } from './ports.ts';

/** Longer than any error code of Slack, and short enough to keep. In UTF-16 units. */
const longestAnswer = 256;

/**
 * Posts JSON with the runtime's own fetch. Follows no redirect: the address is a secret, and must not leak.
 *
 * @throws Error if there is no answer within {@link postTimeout}; its message may contain the address
 */
export async function postJson(address: string, json: string): Promise<WebhookAnswer> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: json,
    redirect: 'manual',
    signal: AbortSignal.timeout(postTimeout),
  });
  const text = (await response.text()).slice(0, longestAnswer);
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, text, ...(retryAfter === null ? {} : { retryAfter }) };
}
