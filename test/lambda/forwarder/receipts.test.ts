/** A receipt says of a message that it was posted to Slack: that people have it hangs on this. */
import { expect, it } from 'vitest';
import { forward } from '../../../lambda/forwarder/forward.ts';
import type { ForwarderPorts } from '../../../lambda/forwarder/ports.ts';
import { manualTiming } from '../../support/manual-timing.ts';
import { noticeData } from '../../support/notice.ts';

const event = {
  Records: [{ EventSource: 'aws:sns', Sns: { MessageId: 'm0', Message: JSON.stringify(noticeData()) } }],
};

function openForwarder(status: number, write: (id: string) => Promise<void>) {
  const order: string[] = [];
  const warnings: unknown[] = [];
  const timing = manualTiming();
  const ports: ForwarderPorts = {
    webhook: { read: async () => 'https://hooks.slack.com/a', reread: async () => 'https://hooks.slack.com/a' },
    post: async () => {
      order.push('post');
      return { status, text: '' };
    },
    timing,
    remainingTime: () => 60_000 - timing.monotonic(),
    log: { info: () => {}, warn: (...facts) => void warnings.push(facts) },
    pace: { lastPostAt: undefined },
    receipts: {
      write: async (id) => {
        order.push(`receipt ${id}`);
        await write(id);
      },
    },
  };
  return { ports, order, warnings };
}

it('is kept once the message is posted, and not before', async () => {
  const { ports, order } = openForwarder(200, async () => {});
  await forward(ports, event);
  expect(order).toEqual(['post', 'receipt m0']);
});

it('is not kept where Slack does not take the message', async () => {
  const { ports, order } = openForwarder(404, async () => {});
  await expect(forward(ports, event)).rejects.toThrow();
  expect(order).not.toContain('receipt m0');
});

it('that cannot be kept is no reason to post twice, and is in the log', async () => {
  const { ports, order, warnings } = openForwarder(200, () => Promise.reject(new Error('the bucket is closed')));
  expect(await forward(ports, event)).toEqual({ forwarded: 1 });
  expect(order).toEqual(['post', 'receipt m0']);
  expect(JSON.stringify(warnings)).toContain('the bucket is closed');
});
