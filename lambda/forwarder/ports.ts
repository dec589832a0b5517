import type { Duration } from '../../core/model.ts';
import type { ReceiptStore, Timing } from '../../core/ports.ts';

/** What the webhook answered. */
export interface WebhookAnswer {
  readonly status: number;
  /** Slack's own word for what is wrong: `invalid_blocks`. */
  readonly text: string;
  /** The header Retry-After, as it is. */
  readonly retryAfter?: string;
}

/** Structured logging as the forwarder needs it; Powertools' Logger fits. */
export interface ForwarderLog {
  info(message: string, facts: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts: Readonly<Record<string, unknown>>): void;
}

/** What the forwarder needs from outside. */
export interface ForwarderPorts {
  /** The address of the webhook; the same until `reread`. Whoever has it can write to the channel: it is never logged. */
  readonly webhook: { read(): Promise<string>; reread(): Promise<string> };
  /** Posts JSON. Throws where no answer came. */
  post(address: string, json: string): Promise<WebhookAnswer>;
  readonly timing: Timing;
  /** Milliseconds until the caller is stopped. */
  remainingTime(): Duration;
  readonly log: ForwarderLog;
  readonly pace: Pace;
  /** Says of a message that people have it. Undefined: no one asks. */
  readonly receipts?: Pick<ReceiptStore, 'write'>;
}

/** When the last message was posted, by `timing.monotonic`. Kept between invocations: Slack takes one a second. */
export interface Pace {
  lastPostAt: number | undefined;
}
