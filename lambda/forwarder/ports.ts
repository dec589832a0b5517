import type { Duration } from '../../core/model.ts';
import type { ReceiptStore, Timing } from '../../core/ports.ts';

/** What the webhook answered. */
export interface WebhookAnswer {
  readonly status: number;
  /** Slack's own word for what is wrong: `invalid_blocks`. */
  readonly text: string;
  /** The Retry-After header, unparsed. */
  readonly retryAfter?: string;
}

/** The structured logging that the forwarder needs; Powertools' Logger implements it. */
export interface ForwarderLog {
  info(message: string, facts: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts: Readonly<Record<string, unknown>>): void;
}

/** What the forwarder needs from outside. */
export interface ForwarderPorts {
  /** The URL of the webhook; the same until `reread`. Anyone who has it can post to the channel, so it is never logged. */
  readonly webhook: { read(): Promise<string>; reread(): Promise<string> };
  /** Posts JSON. Throws if there is no answer. */
  post(address: string, json: string): Promise<WebhookAnswer>;
  readonly timing: Timing;
  /** Milliseconds until the caller is stopped. */
  remainingTime(): Duration;
  readonly log: ForwarderLog;
  readonly pace: Pace;
  /** Records that a message was posted. Undefined: no receipts are needed. */
  readonly receipts?: Pick<ReceiptStore, 'write'>;
}

/** When the last message was posted, by `timing.monotonic`. Kept between invocations: Slack accepts one a second. */
export interface Pace {
  lastPostAt: number | undefined;
}
