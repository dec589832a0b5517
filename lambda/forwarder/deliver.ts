/** Hands one message over to a Slack incoming webhook. */
import { SECOND } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import type { Duration } from '../../core/model.ts';
import type { SlackMessage } from '../../reports/slack/blocks.ts';
import type { ForwarderPorts, WebhookAnswer } from './ports.ts';

/** Slack takes one message a second of one webhook. */
const interval: Duration = SECOND;
const mostAttempts = 6;
/** The wait after the first failure; each further one is twice as long. */
const firstBackoff: Duration = SECOND;
/** Kept for the end of the invocation: whatever would take longer is left to Lambda's next try. */
const timeToFinish: Duration = 2 * SECOND;
/** An answer to a post takes this long at most; see {@link postJson}. */
export const postTimeout: Duration = 10 * SECOND;

/** The last words of an attempt that came to nothing. */
type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly why: string; readonly after?: Duration }
  | { readonly kind: 'moved'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Posts a message, and tries again where that may help: after what Slack says when it is too fast, with growing waits
 * when Slack fails or cannot be reached, with the secret read again when the webhook is gone, without blocks when Slack
 * does not like them.
 *
 * @throws KeysweepError WebhookInvalid, WebhookGone, SlackRefused, or SlackUnavailable where the time or the attempts are
 *   used up, so that Lambda tries again and then keeps the message in the dead-letter queue. None holds the address
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
      case 'moved': {
        const current = isReread ? address : checkAddress(await webhook.reread());
        if (current === address) throw gone(outcome.why);
        log.warn('the webhook is gone; the secret names another one', { why: outcome.why });
        address = current;
        isReread = true;
        break;
      }
      case 'refused':
        if (isPlain) throw refused(outcome.why);
        log.warn('Slack refused the blocks; the message goes out as plain text', { why: outcome.why });
        json = JSON.stringify({ text: message.text });
        isPlain = true;
        break;
      case 'again': {
        const backoff = firstBackoff * 2 ** (attempt - 1) * (0.5 + timing.random() / 2);
        const wait = outcome.after ?? backoff;
        if (attempt >= mostAttempts || !hasTime(ports, wait)) throw unavailable(outcome.why, attempt);
        log.warn('Slack did not take the message; trying again', { why: outcome.why, attempt, waitMs: wait });
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
    return { kind: 'again', why: `no answer: ${reasonOf(error)}` };
  }
}

function judge({ status, text, retryAfter }: WebhookAnswer): Outcome {
  const said = /^\w{1,64}$/.test(text.trim()) ? ` ${text.trim()}` : '';
  const why = `HTTP ${status}${said}`;
  if (status >= 200 && status < 300) return { kind: 'done' };
  if (status === 429) return { kind: 'again', why, after: secondsOf(retryAfter) };
  if (status >= 500 || status === 408) return { kind: 'again', why };
  return { kind: [403, 404, 410].includes(status) ? 'moved' : 'refused', why };
}

/** Slack gives whole seconds. Without any, or with nonsense, a little patience. */
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

/** Whether there is time to wait so long and then to post once more. */
function hasTime({ remainingTime }: ForwarderPorts, wait: Duration): boolean {
  return remainingTime() > wait + postTimeout + timeToFinish;
}

/** The code of a network error. Its message may hold the address, which is a secret. */
function reasonOf(error: unknown): string {
  const {
    name = 'Error',
    code,
    cause,
  } = (error ?? {}) as { name?: string; code?: unknown; cause?: { code?: unknown } };
  const known = [cause?.code, code].find((candidate) => typeof candidate === 'string');
  return typeof known === 'string' ? known : name;
}

/** An https address; http on this machine alone, for emulators. */
function checkAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = address?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname);
  if (address?.protocol === 'https:' || isLocal) return text;
  throw new KeysweepError('WebhookInvalid', 'the secret does not hold the address of a webhook', {
    hint: 'Its whole text must be an address such as https://hooks.slack.com/services/T.../B.../...',
  });
}

function gone(why: string): KeysweepError {
  return new KeysweepError('WebhookNotFound', `Slack does not know the webhook any more, or forbids it: ${why}`, {
    hint: 'Make a new incoming webhook for the channel and store its address in the secret; nothing has to be deployed.',
  });
}

function refused(why: string): KeysweepError {
  return new KeysweepError('SlackRefused', `Slack refused the message, as plain text too: ${why}`, {
    hint: 'The message is kept in the dead-letter queue. Its subscribers by e-mail have it.',
  });
}

function unavailable(why: string, attempts: number): KeysweepError {
  return new KeysweepError(
    'SlackUnavailable',
    `Slack did not take the message in ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}: ${why}`,
    { hint: 'Lambda tries again; then the message is kept in the dead-letter queue.' },
  );
}
