import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { endpointProblem, isRefusedHere } from '../../aws/endpoint.ts';
import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { connect } from '../../aws/session.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { networkError } from '../support/sdk-errors.ts';

useAwsConfig();

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' };

/** A port of this machine on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('endpointProblem', () => {
  it.each([
    ['localhost:4566', 'has no scheme', 'such as http://localhost:4566'],
    ['127.0.0.1:4566', 'has no scheme', 'such as http://127.0.0.1:4566'],
    ['[::1]:4566/x', 'has no scheme', 'such as http://[::1]:4566/x'],
    ['localhost', 'has no scheme', 'such as http://localhost'],
    ['//localhost:1', 'has no scheme', 'such as http://localhost:1'],
    ['http:localhost:1', 'has no scheme', 'such as http://localhost:1'],
    ['http//localhost:1', 'has no scheme', 'such as http://localhost:1'],
    ['iam.example.com/v1', 'has no scheme', 'such as https://iam.example.com/v1'],
    ['localhost.example.com', 'has no scheme', 'such as https://localhost.example.com'],
    ['ftp://example.com', 'but ftp', 'such as http://127.0.0.1:4566'],
    ['http://', 'not a valid URL', 'such as http://127.0.0.1:4566'],
    ['http://localhost:99999', 'not a valid URL', 'such as http://127.0.0.1:4566'],
    ['', 'has no scheme', 'such as http://127.0.0.1:4566'],
  ])('%j %s: %s', (text, problem, hint) => {
    expect(endpointProblem(text)?.problem).toContain(problem);
    expect(endpointProblem(text)?.hint).toContain(hint);
  });

  it.each(['http://127.0.0.1:4566', 'HTTPS://iam.example.com/', 'https://[::1]:1'])('%s can be used', (text) => {
    expect(endpointProblem(text)).toBeUndefined();
  });
});

describe('an endpoint without scheme', () => {
  it.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_IAM', 'AWS_ENDPOINT_URL_STS'])('in %s is named as that', (name) => {
    vi.stubEnv(name, 'localhost:4566');
    expect(() => connect()).toThrow(`${name} "localhost:4566" has no scheme`);
    vi.stubEnv(name, '');
    expect(() => connect()).not.toThrow();
  });

  it('in a variable is not read if another endpoint is given', () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'localhost:4566');
    expect(() => connect({ endpointUrl: 'http://localhost:4566' })).not.toThrow();
  });

  it.each([
    ['localhost:4566', 'begins with "localhost:", not with http:// or https://'],
    ['127.0.0.1:4566', '"127.0.0.1:4566", has no scheme'],
  ])('%s in a configuration file is named as that', async (endpoint, said) => {
    const config = String(process.env.AWS_CONFIG_FILE);
    await writeFile(config, `[default]\nregion = us-east-1\nendpoint_url = ${endpoint}\n`);
    const session = connect({ credentials });
    await expect(session.caller()).rejects.toMatchObject({
      code: 'EndpointInvalid',
      message: expect.stringContaining(said),
    });
    session.close();
  });
});

describe('a port of this machine that refuses', () => {
  it('is asked once, and named', async () => {
    const endpointUrl = `http://127.0.0.1:${await closedPort()}`;
    const session = connect({ credentials, endpointUrl, region: 'us-east-1' });
    const listed = await createIamCredentialSource(session).credentials('access-key', 'alice');
    expect(listed).toMatchObject({ ok: false, problem: { message: expect.stringContaining('ECONNREFUSED') } });
    expect(session.counter.counts()).toEqual({ 'iam:ListAccessKeys': 1 });
    await expect(session.caller()).rejects.toMatchObject({
      code: 'EndpointUnreachable',
      hint: expect.stringContaining('Nothing listens on that port of this machine'),
    });
    session.close();
  });

  const refused = (address: string) => Object.assign(networkError('ECONNREFUSED'), { address });
  it.each([
    [true, refused('127.0.0.1')],
    [true, refused('::1')],
    [true, new AggregateError([refused('::1'), refused('127.0.0.1')])],
    [false, new AggregateError([refused('::1'), refused('192.0.2.1')])],
    [false, new AggregateError([])],
    [false, refused('192.0.2.1')],
    [false, Object.assign(networkError('ECONNRESET'), { address: '127.0.0.1' })],
    [false, 'ECONNREFUSED'],
  ])('is %s for %o', (expected, error) => {
    expect(isRefusedHere(error)).toBe(expected);
  });
});
