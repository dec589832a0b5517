/**
 * The Lambda Runtime API for one invocation, as the official runtime client asks for it.
 * Source: "Using the Lambda runtime API" in the Lambda developer guide.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RuntimeApi {
  /** `127.0.0.1:PORT`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** What the function answered. Rejects with what it reported, where it failed. */
  readonly answer: Promise<unknown>;
  close(): Promise<void>;
}

/** Milliseconds that the function believes to have. */
const timeout = 900_000;

/**
 * Hands `event` to the first who asks, and keeps the next request waiting, as Lambda does until the next event.
 *
 * @param account that the function is of: it refuses the credentials of any other
 */
export async function startRuntimeApi(event: unknown, account: string): Promise<RuntimeApi> {
  let settle: { resolve: (value: unknown) => void; reject: (error: Error) => void } | undefined;
  const answer = new Promise<unknown>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // A caller that never waits for the answer must not be ended by its failure.
  answer.catch(() => {});
  let isHandedOut = false;
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      if (isHandedOut) return;
      isHandedOut = true;
      respond(response, 200, event, {
        'lambda-runtime-aws-request-id': '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
        'lambda-runtime-deadline-ms': String(Date.now() + timeout),
        'lambda-runtime-invoked-function-arn': `arn:aws:lambda:us-east-1:${account}:function:keysweep`,
      });
      return;
    }
    const body = await bodyOf(request);
    respond(response, 202, {});
    if (path.endsWith('/response')) settle?.resolve(JSON.parse(body));
    else if (path.endsWith('/error')) settle?.reject(new Error(`the function failed: ${body}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function respond(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
