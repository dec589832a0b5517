import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ApiCall } from './api-calls.ts';

/** An endpoint of Secrets Manager that gives this text for every secret, and keeps what it was asked for. */
export async function openSecretsManager(text: string): Promise<{ url: string; calls: ApiCall[] }> {
  const calls: ApiCall[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const operation = String(request.headers['x-amz-target']).split('.').at(-1);
    const { SecretId } = JSON.parse(body) as { readonly SecretId: string };
    calls.push({ action: `secretsmanager:${operation}`, resource: SecretId, context: {} });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ ARN: SecretId, SecretString: text }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
