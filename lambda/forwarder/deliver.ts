/** Posts one message to a Slack incoming webhook. */
import { SECOND } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import type { Duration } from '../../core/model.ts';
import type { SlackMessage } from '../../reports/slack/blocks.ts';
import type { ForwarderPorts, WebhookAnswer } from './ports.ts';

/** Slack accepts one message per second and webhook. */
const interval: Duration = SECOND;
const maxAttempts = 6;
/** The wait after the first failure; each further wait is twice as long. */
const firstBackoff: Duration = SECOND;
/** Reserved for the end of the invocation: what would take longer is left to Lambda's next attempt. */
const timeToFinish: Duration = 2 * SECOND;
/** How long to wait for the answer to a post; see {@link postJson}. */
export const postTimeout: Duration = 10 * SECOND;

/** How one attempt ended. */
type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly why: string; readonly after?: Duration }
  | { readonly kind: 'not-found'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Posts a message, and retries where that may help: after the time that Slack names if it is too fast, with growing waits
 * if Slack fails or cannot be reached, with the secret reread if the webhook no longer exists, without blocks if Slack
 * rejects them.
 *
 * @throws KeysweepError WebhookInvalid, WebhookNotFound, SlackRefused, or SlackUnavailable when the time or the attempts
 *   are used up, so that Lambda retries and then keeps the message in the dead-letter queue. None contains the address
 */
export async function deliver(ports: ForwarderPorts, message: SlackMessage): Promise<void> {
  const { webhook, log, timing } = ports;
  let address = checkAddress(await webhook.read());
  let json = JSON.stringify(message);
  let isPlain = false;
  let isReread = false;
  for (let attempt = 1; ; attempt++) {
    await keepPace(ports);
    const outcome = await attemptPost(ports, address, json);
    switch (outcome.kind) {
      case 'done':
        return;
      case 'not-found': {
        const current = isReread ? address : checkAddress(await webhook.reread());
        if (current === address) throw notFound(outcome.why);
        log.warn('the webhook no longer exists; the secret names another one', { why: outcome.why });
        address = current;
        isReread = true;
        break;
      }
      case 'refused':
        if (isPlain) throw refused(outcome.why);
        log.warn('Slack rejected the blocks; sending the message as plain text', { why: outcome.why });
        json = JSON.stringify({ text: message.text });
        isPlain = true;
        break;
      case 'retry': {
        const backoff = firstBackoff * 2 ** (attempt - 1) * (0.5 + timing.random() / 2);
        const wait = outcome.after ?? backoff;
        if (attempt >= maxAttempts || !hasTime(ports, wait)) throw unavailable(outcome.why, attempt);
        log.warn('Slack did not accept the message; retrying', { why: outcome.why, attempt, waitMs: wait });
        await timing.sleep(wait);
      }
    }
  }
}

async function attemptPost(ports: ForwarderPorts, address: string, json: string): Promise<Outcome> {
  ports.pace.lastPostAt = ports.timing.monotonic();
  try {
    return judge(await ports.post(address, json));
  } catch (error) {
    return { kind: 'retry', why: `no answer: ${reasonOf(error)}` };
  }
}

function judge({ status, text, retryAfter }: WebhookAnswer): Outcome {
  const said = /^\w{1,64}$/.test(text.trim()) ? ` ${text.trim()}` : '';
  const why = `HTTP ${status}${said}`;
  if (status >= 200 && status < 300) return { kind: 'done' };
  if (status === 429) return { kind: 'retry', why, after: secondsOf(retryAfter) };
  if (status >= 500 || status === 408) return { kind: 'retry', why };
  return { kind: [403, 404, 410].includes(status) ? 'not-found' : 'refused', why };
}

/** Slack sends whole seconds. If missing or invalid, a few seconds. */
function secondsOf(retryAfter: string | undefined): Duration {
  return retryAfter !== undefined && /^\d{1,5}$/.test(retryAfter.trim())
    ? Math.max(Number(retryAfter), 1) * SECOND
    : 5 * SECOND;
}

async function keepPace({ pace, timing }: ForwarderPorts): Promise<void> {
  if (pace.lastPostAt === undefined) return;
  const wait = pace.lastPostAt + interval - timing.monotonic();
  if (wait > 0) await timing.sleep(wait);
}

/** Whether there is time for this wait and one more post. */
function hasTime({ remainingTime }: ForwarderPorts, wait: Duration): boolean {
  return remainingTime() > wait + postTimeout + timeToFinish;
}

/** The code of a network error. Its message may contain the address, which is a secret. */
function reasonOf(error: unknown): string {
  const {
    name = 'Error',
    code,
    cause,
  } = (error ?? {}) as { name?: string; code?: unknown; cause?: { code?: unknown } };
  const known = [cause?.code, code].find((candidate) => typeof candidate === 'string');
  return typeof known === 'string' ? known : name;
}

/** An https address; http on this machine only, for emulators. */
function checkAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = address?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname);
  if (address?.protocol === 'https:' || isLocal) return text;
  throw new KeysweepError('WebhookInvalid', 'the secret does not contain the URL of a webhook', {
    hint: 'The whole secret must be a URL such as https://hooks.slack.com/services/T.../B.../...',
  });
}

function notFound(why: string): KeysweepError {
  return new KeysweepError('WebhookNotFound', `the Slack webhook no longer exists, or is disabled: ${why}`, {
    hint: 'Create a new incoming webhook for the channel and store its URL in the secret. No deployment is needed.',
  });
}

function refused(why: string): KeysweepError {
  return new KeysweepError('SlackRefused', `Slack rejected the message, even as plain text: ${why}`, {
    hint: 'Read the message in the dead-letter queue. E-mail subscribers got it.',
  });
}

function unavailable(why: string, attempts: number): KeysweepError {
  return new KeysweepError(
    'SlackUnavailable',
    `Slack did not accept the message in ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}: ${why}`,
    { hint: 'Wait: Lambda retries, and then keeps the message in the dead-letter queue.' },
  );
}
