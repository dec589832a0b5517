import { SECOND } from '../core/duration.ts';
import type { Duration } from '../core/model.ts';
import type { Forwarder, ReceiptStore, Timing } from '../core/ports.ts';
import { problemOf } from './errors.ts';
import { systemTiming } from './timing.ts';

export interface ForwarderOptions {
  /** How long to wait for a post, in milliseconds: covers SNS, a cold start, and a retry to Slack. @default 45 s */
  readonly patience?: Duration;
  readonly timing?: Timing;
}

const interval: Duration = 1.5 * SECOND;

/** The forwarder, as seen through its receipts. */
export function createForwarder(arn: string, receipts: ReceiptStore, options: ForwarderOptions = {}): Forwarder {
  const { patience = 45 * SECOND, timing = systemTiming } = options;
  return {
    arn,
    async hasPosted(messageId) {
      const end = timing.monotonic() + patience;
      try {
        for (;;) {
          if (await receipts.has(messageId)) return { ok: true, value: true };
          if (timing.monotonic() + interval > end) return { ok: true, value: false };
          await timing.sleep(interval);
        }
      } catch (error) {
        return { ok: false, problem: problemOf(error, 's3:GetObject') };
      }
    },
  };
}
