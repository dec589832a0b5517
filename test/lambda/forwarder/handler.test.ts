/** The deployed entry over a real HTTP endpoint, and its bundle. */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MINUTE } from '../../../core/duration.ts';
import { postJson } from '../../../lambda/forwarder/post-json.ts';
import { bundleModule } from '../../../lib/bundle-module.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { connectSandbox } from '../../support/aws-sandbox.ts';
import { openSubscriber } from '../../support/http-subscriber.ts';
import { noticeData } from '../../support/notice.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';

// Before the handler makes its logger: it writes to standard output.
vi.hoisted(() => vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT'));

const folder = scratchDirectory();
useAwsConfig();
beforeEach(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
});

const secretArn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep/slack-AbCdEf';
const context = { getRemainingTimeInMillis: () => MINUTE, awsRequestId: 'request' } as unknown as Context;

interface SecretRequest {
  readonly target: string | string[] | undefined;
  readonly body: unknown;
}

/** Secrets Manager, as far as one secret goes. */
async function openSecrets(text: string): Promise<{ readonly url: string; readonly requests: SecretRequest[] }> {
  const requests: SecretRequest[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    requests.push({ target: request.headers['x-amz-target'], body: JSON.parse(body) });
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ ARN: secretArn, Name: 'keysweep/slack', SecretString: text }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** The bundle in a folder without node_modules, as it is deployed. */
async function loadBundle() {
  const entry = fileURLToPath(new URL('../../../lambda/forwarder/index.ts', import.meta.url));
  const files = bundleModule(entry);
  for (const { name, contents } of files) await writeFile(join(folder.path, name), contents);
  const module = await import(/* @vite-ignore */ pathToFileURL(join(folder.path, 'index.mjs')).href);
  return { module, bytes: files.find(({ name }) => name === 'index.mjs')?.contents.byteLength ?? 0 };
}

function snsEvent(message: object) {
  return {
    Records: [{ EventSource: 'aws:sns', Sns: { MessageId: 'm', Subject: 's', Message: JSON.stringify(message) } }],
  };
}

it('the bundle is small, and posts what SNS brings to where the secret says, which it reads once', async () => {
  const slack = await openSubscriber();
  const secrets = await openSecrets(`${slack.url}\n`);
  vi.stubEnv('AWS_ENDPOINT_URL', secrets.url);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('KEYSWEEP_SLACK_WEBHOOK_SECRET', secretArn);
  const { sandbox } = await connectSandbox({ sandbox: {} });
  sandbox.buckets.create('archive');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', sandbox.url);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sandbox.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', sandbox.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', sandbox.credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', sandbox.credentials.sessionToken);
  vi.stubEnv('KEYSWEEP_BUCKET', 'archive');
  const { module, bytes } = await loadBundle();
  expect(bytes).toBeLessThan(1_000_000);
  expect(Object.keys(module)).toEqual(['handler']);
  for (let times = 0; times < 2; times++) {
    expect(await module.handler(snsEvent(noticeData()), context)).toEqual({ forwarded: 1 });
  }
  expect(slack.received.map(({ body }) => JSON.parse(body).text)).toEqual([noticeData().subject, noticeData().subject]);
  expect(slack.received[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(sandbox.buckets.keys('archive')).toEqual(['receipts/m']);
  expect(secrets.requests).toEqual([{ target: 'secretsmanager.GetSecretValue', body: { SecretId: secretArn } }]);
});

describe('postJson', () => {
  it('answers with status, text and Retry-After', async () => {
    const server = createServer((_, response) => {
      response.writeHead(429, { 'retry-after': '3' }).end('rate_limited');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    expect(await postJson(url, '{}')).toEqual({ status: 429, text: 'rate_limited', retryAfter: '3' });
  });

  it('follows no redirect', async () => {
    const elsewhere = await openSubscriber();
    const server = createServer((_, response) => {
      response.writeHead(302, { location: elsewhere.url }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    expect(await postJson(url, '{}')).toMatchObject({ status: 302 });
    expect(elsewhere.received).toEqual([]);
  });

  it('throws where no one listens', async () => {
    await expect(postJson('http://127.0.0.1:1/hook', '{}')).rejects.toThrow();
  });
});
