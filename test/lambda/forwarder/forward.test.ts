import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../core/duration.ts';
import { forward } from '../../../lambda/forwarder/forward.ts';
import type { ForwarderPorts, WebhookAnswer } from '../../../lambda/forwarder/ports.ts';
import { alarmMessage } from '../../support/alarm-message.ts';
import { manualTiming } from '../../support/manual-timing.ts';
import { noticeData } from '../../support/notice.ts';

const address = 'https://hooks.slack.com/services/T0/B0/the-secret-part';
const nextAddress = 'https://hooks.slack.com/services/T0/B1/the-next-secret';

type Answer = WebhookAnswer | Error;
const ok: WebhookAnswer = { status: 200, text: 'ok' };
const status = (code: number, text = '', retryAfter?: string): WebhookAnswer => {
  return { status: code, text, ...(retryAfter === undefined ? {} : { retryAfter }) };
};

/** A network error as fetch throws it, with the address in its text. */
const networkError = (code: string) =>
  new TypeError(`fetch failed for ${address}`, { cause: Object.assign(new Error(address), { code }) });

/** A webhook that gives these answers in turn, then takes everything. */
function openForwarder(answers: readonly Answer[] = [], { time = MINUTE, addresses = [address] } = {}) {
  const timing = manualTiming();
  const posts: { readonly at: number; readonly address: string; readonly message: Record<string, unknown> }[] = [];
  const logged: unknown[] = [];
  const secrets = [...addresses];
  let known: string | undefined;
  const reread = async () => {
    known = secrets.length > 1 ? secrets.shift() : secrets[0];
    return known ?? '';
  };
  const ports: ForwarderPorts = {
    webhook: { read: async () => known ?? (await reread()), reread },
    post: async (to, json) => {
      const answer = answers[posts.length] ?? ok;
      posts.push({ at: timing.monotonic(), address: to, message: JSON.parse(json) });
      if (answer instanceof Error) throw answer;
      return answer;
    },
    timing,
    remainingTime: () => time - timing.monotonic(),
    log: { info: (...facts) => void logged.push(facts), warn: (...facts) => void logged.push(facts) },
    pace: { lastPostAt: undefined },
  };
  return { ports, posts, timing, logged };
}

function eventOf(...messages: readonly { readonly Subject?: string | null; readonly Message: string }[]) {
  return {
    Records: messages.map((message, at) => ({ EventSource: 'aws:sns', Sns: { MessageId: `m${at}`, ...message } })),
  };
}

const event = eventOf({ Subject: 'keysweep: 1 critical finding', Message: JSON.stringify(noticeData()) });

describe('forward', () => {
  it('posts a notice as blocks', async () => {
    const { ports, posts } = openForwarder();
    expect(await forward(ports, event)).toEqual({ forwarded: 1 });
    expect(posts).toHaveLength(1);
    expect(posts[0]?.address).toBe(address);
    expect(posts[0]?.message).toMatchObject({
      text: '[111122223333] 1 critical finding',
      blocks: [{ type: 'header' }, { type: 'context' }, { type: 'section' }, { type: 'section' }, { type: 'divider' }],
    });
  });

  it.each([
    [
      'an alarm of CloudWatch',
      { Subject: 'ALARM', Message: JSON.stringify(alarmMessage) },
      '[111122223333] ALARM: keysweep-sweep-missing',
    ],
    ['any other message', { Subject: 'Hello', Message: 'you' }, 'Hello'],
    ['a message without subject', { Subject: null, Message: 'you' }, 'Message without subject'],
  ])('posts %s', async (_, message, text) => {
    const { ports, posts } = openForwarder();
    await forward(ports, eventOf(message));
    expect(posts[0]?.message.text).toBe(text);
  });

  it.each([
    ['nothing', undefined],
    ['no records', { Records: [] }],
    ['records of another service', { Records: [{ eventSource: 'aws:s3', s3: {} }] }],
    ['an empty message', eventOf({ Message: '' })],
  ])('refuses an event with %s', async (_, wrong) => {
    const { ports, posts } = openForwarder();
    await expect(forward(ports, wrong)).rejects.toMatchObject({ code: 'EventInvalid' });
    expect(posts).toEqual([]);
  });
});

describe('the pace', () => {
  it('is a message a second, between invocations too', async () => {
    const { ports, posts, timing } = openForwarder();
    await forward(ports, eventOf({ Message: '1' }, { Message: '2' }, { Message: '3' }));
    await timing.sleep(400);
    await forward(ports, eventOf({ Message: '4' }));
    await timing.sleep(5 * SECOND);
    await forward(ports, eventOf({ Message: '5' }));
    expect(posts.map(({ at }) => at)).toEqual([0, 1_000, 2_000, 3_000, 8_000]);
  });

  it.each([
    ['what Slack says', '7', 7 * SECOND],
    ['a second at least', '0', SECOND],
    ['a little, where Slack says nothing', undefined, 5 * SECOND],
    ['a little, where Slack says nonsense', 'Wed, 21 Oct 2026', 5 * SECOND],
  ])('after a 429 waits for %s', async (_, retryAfter, wait) => {
    const { ports, posts } = openForwarder([status(429, 'rate_limited', retryAfter)]);
    await forward(ports, event);
    expect(posts.map(({ at }) => at)).toEqual([0, wait]);
  });

  it('leaves the message to Lambda where Slack wants a longer wait than there is time', async () => {
    const { ports, posts, timing } = openForwarder([status(429, 'rate_limited', '55')]);
    await expect(forward(ports, event)).rejects.toMatchObject({
      code: 'SlackUnavailable',
      message: expect.stringContaining('HTTP 429 rate_limited'),
    });
    expect([posts.length, timing.sleeps]).toEqual([1, []]);
  });
});

describe('a failure of Slack', () => {
  it.each([
    ['500', status(500, 'rollup_error')],
    ['503', status(503)],
    ['a time-out', status(408)],
    ['no connection', networkError('ECONNRESET')],
    ['an answer that takes too long', new DOMException(`${address} took too long`, 'TimeoutError')],
  ])('is tried again, with growing waits: %s', async (_, answer) => {
    const { ports, posts, timing } = openForwarder([answer, answer, answer]);
    expect(await forward(ports, event)).toEqual({ forwarded: 1 });
    expect(timing.sleeps).toEqual([1_000, 2_000, 4_000]);
    expect(new Set(posts.map(({ message }) => JSON.stringify(message))).size).toBe(1);
  });

  it('ends after so many attempts with an error, so that Lambda keeps the message', async () => {
    const { ports, posts } = openForwarder(
      Array.from({ length: 20 }, () => status(500)),
      { time: 15 * MINUTE },
    );
    await expect(forward(ports, event)).rejects.toMatchObject({
      code: 'SlackUnavailable',
      message: 'Slack did not accept the message in 6 attempts: HTTP 500',
    });
    expect(posts).toHaveLength(6);
  });

  it('ends in time for a last post to be answered', async () => {
    const { ports, timing } = openForwarder(
      Array.from({ length: 20 }, () => networkError('ECONNREFUSED')),
      {
        time: 20 * SECOND,
      },
    );
    await expect(forward(ports, event)).rejects.toMatchObject({
      message: expect.stringContaining('no answer: ECONNREFUSED'),
    });
    expect(timing.monotonic()).toBeLessThanOrEqual(8 * SECOND);
    expect(timing.sleeps.length).toBeGreaterThan(1);
  });
});

describe('a webhook that no longer exists', () => {
  it.each([403, 404, 410])('is looked up again in the secret after a %d', async (code) => {
    const { ports, posts } = openForwarder([status(code, 'no_service')], { addresses: [address, nextAddress] });
    await forward(ports, event);
    await forward(ports, event);
    expect(posts.map(({ address }) => address)).toEqual([address, nextAddress, nextAddress]);
  });

  it('is an error where the secret names no other one', async () => {
    const { ports, posts } = openForwarder([status(404, 'no_service')]);
    await expect(forward(ports, event)).rejects.toMatchObject({
      code: 'WebhookNotFound',
      message: expect.stringContaining('HTTP 404 no_service'),
      hint: expect.stringContaining('secret'),
    });
    expect(posts).toHaveLength(1);
  });

  it('is an error where the other one does not exist either', async () => {
    const { ports, posts } = openForwarder([status(404), status(410)], { addresses: [address, nextAddress] });
    await expect(forward(ports, event)).rejects.toMatchObject({ code: 'WebhookNotFound' });
    expect(posts).toHaveLength(2);
  });

  it.each(['', 'xoxb-a-token', 'http://hooks.slack.com/services/T0/B0/x', 'ftp://127.0.0.1/x'])(
    'is an error where the secret holds no address: %j',
    async (text) => {
      const { ports, posts } = openForwarder([], { addresses: [text] });
      await expect(forward(ports, event)).rejects.toMatchObject({
        code: 'WebhookInvalid',
        message: 'the secret does not contain the URL of a webhook',
      });
      expect(posts).toEqual([]);
    },
  );
});

describe('a message that Slack refuses', () => {
  it('as plain text', async () => {
    const { ports, posts } = openForwarder([status(400, 'invalid_blocks')]);
    expect(await forward(ports, event)).toEqual({ forwarded: 1 });
    expect(posts[1]?.message).toEqual({ text: '[111122223333] 1 critical finding' });
  });

  it('as plain text as well is an error', async () => {
    const { ports, posts } = openForwarder([status(400, 'invalid_blocks'), status(400, 'no_text')]);
    await expect(forward(ports, event)).rejects.toMatchObject({
      code: 'SlackRefused',
      message: expect.stringContaining('HTTP 400 no_text'),
    });
    expect(posts).toHaveLength(2);
  });
});

it('neither logs nor throws the address, whatever happens', async () => {
  const troubles: readonly (readonly Answer[])[] = [
    [status(500, address), networkError('ECONNRESET'), status(400, address), status(400, address)],
    [status(404, address)],
    Array.from({ length: 9 }, () => networkError('')),
    Array.from({ length: 9 }, () => new Error(address)),
    [status(302, address), status(302, address)],
  ];
  for (const answers of troubles) {
    const { ports, logged } = openForwarder(answers);
    const error: unknown = await forward(ports, event).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const said = JSON.stringify([logged, error, (error as Error).message, String((error as Error).stack)]);
    expect(said).not.toMatch(/hooks\.slack|secret-part/);
    expect((error as Error).cause).toBeUndefined();
  }
});
