import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A message as SNS posted it. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** SNS's envelope. */
  readonly envelope: Readonly<Record<string, unknown>>;
}

/** An HTTP endpoint on loopback that takes what SNS posts to it. */
export interface Subscriber {
  readonly url: string;
  /** The next message that no one has taken yet, as soon as it has come. */
  next(): Promise<Delivery>;
  /** How many messages have come that no one has taken. */
  waiting(): number;
}

/** Opens a subscriber that ends with the test. */
export async function openSubscriber(): Promise<Subscriber> {
  const arrived: Delivery[] = [];
  const takers: ((delivery: Delivery) => void)[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    response.end();
    const delivery = { headers: request.headers, envelope: JSON.parse(body) };
    const taker = takers.shift();
    if (taker === undefined) arrived.push(delivery);
    else taker(delivery);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    next: async () => arrived.shift() ?? new Promise((resolve) => takers.push(resolve)),
    waiting: () => arrived.length,
  };
}
