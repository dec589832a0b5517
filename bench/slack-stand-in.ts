/** Secrets Manager with the address of one Slack webhook, and that webhook, on loopback. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlackStandIn {
  /** `http://127.0.0.1:PORT`, the endpoint of Secrets Manager. */
  readonly url: string;
  /** When each request came in, oldest first. */
  readonly requests: readonly { readonly at: Date }[];
  /** What was posted to the webhook. */
  readonly posts: readonly string[];
  close(): Promise<void>;
}

export async function startSlackStandIn(): Promise<SlackStandIn> {
  const requests: { at: Date }[] = [];
  const posts: string[] = [];
  let url = '';
  const server = createServer(async (request, response) => {
    requests.push({ at: new Date() });
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.url === '/hook') {
      posts.push(body);
      response.end('ok');
      return;
    }
    const { SecretId } = JSON.parse(body) as { readonly SecretId: string };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ ARN: SecretId, SecretString: `${url}/hook` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
