import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reaction } from './dispatcher.ts';
import type { RawRequest } from './parse-request.ts';

/** A snapshot of 5,000 users has some 10 MB. */
const maxBodyBytes = 32 * 1024 * 1024;

export interface ServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Real milliseconds before each answer. */
  readonly latencyMs: number;
  readonly handle: (request: RawRequest) => Reaction;
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The most requests that were being answered at the same time. */
  peakConcurrency(): number;
  /** Stops listening and ends every connection, also those that wait for an answer. */
  close(): Promise<void>;
}

/** Listens on loopback only. @throws the error of node:net when the port is taken */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  let inFlight = 0;
  let peak = 0;
  const server = createServer((incoming, response) => {
    inFlight += 1;
    peak = Math.max(peak, inFlight);
    response.on('close', () => {
      inFlight -= 1;
    });
    receive(incoming, response, options);
  });
  // Longer than any client waits between two requests: a connection that ends at the wrong moment looks like a fault.
  server.keepAliveTimeout = 600_000;
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, peakConcurrency: () => peak, close: () => close(server) };
}

function receive(incoming: IncomingMessage, response: ServerResponse, options: ServerOptions): void {
  const chunks: Buffer[] = [];
  let length = 0;
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBodyBytes) {
      incoming.destroy();
    }
    chunks.push(chunk);
  });
  incoming.on('end', () => {
    const reaction = options.handle({
      method: incoming.method ?? 'GET',
      url: incoming.url ?? '/',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    });
    if (options.latencyMs > 0) {
      setTimeout(() => react(reaction, response), options.latencyMs).unref();
    } else {
      react(reaction, response);
    }
  });
}

function react(reaction: Reaction, response: ServerResponse): void {
  if (reaction.kind === 'timeout') {
    return;
  }
  if (reaction.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, contentType, body, headers } = reaction.answer;
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': reaction.requestId,
    // Clients set their clocks by it. Not left to Node.js, which does not follow a test’s own time.
    date: new Date().toUTCString(),
    ...headers,
  });
  response.end(body);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
