import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, vi } from 'vitest';
import { openIam } from '../../aws/iam-client.ts';
import { type ClientSettings, type ConnectOptions, connect } from '../../aws/session.ts';
import { iamRegionFor, partitionFacts } from '../../core/partitions.ts';
import { useAwsConfig } from '../support/aws-config.ts';

const roleArn = 'arn:aws:iam::111122223333:role/audit';

useAwsConfig('[default]\nregion = eu-west-3\n[profile gov]\nregion = us-gov-east-1\n');

/** Where a client sends its requests. */
async function endpointOf(client: {
  config: { endpoint?: (() => Promise<{ hostname: string; port?: number }>) | undefined };
}) {
  const { hostname, port } = (await client.config.endpoint?.()) ?? { hostname: 'of AWS' };
  return port === undefined ? hostname : `${hostname}:${port}`;
}

describe('connect: what it refuses', () => {
  it.each<[ConnectOptions, string]>([
    [{ region: 'Frankfurt' }, 'RegionInvalid'],
    [{ region: '' }, 'RegionInvalid'],
    [{ region: 'eu-central-1.evil.example' }, 'RegionInvalid'],
    [{ endpointUrl: 'localhost:4566' }, 'EndpointInvalid'],
    [{ endpointUrl: 'file:///etc/passwd' }, 'EndpointInvalid'],
    [{ roleArn: 'audit' }, 'RoleInvalid'],
    [{ roleArn: 'arn:aws:iam::111122223333:user/alice' }, 'RoleInvalid'],
    [{ externalId: 'abc' }, 'RoleInvalid'],
    [{ roleSessionName: 'abc' }, 'RoleInvalid'],
    [{ roleArn, roleSessionName: 'x' }, 'RoleSessionNameInvalid'],
    [{ roleArn, roleSessionName: 'x'.repeat(65) }, 'RoleSessionNameInvalid'],
    [{ roleArn, roleSessionName: 'two words' }, 'RoleSessionNameInvalid'],
    [{ roleArn, externalId: 'x' }, 'ExternalIdInvalid'],
    [{ roleArn, externalId: 'x'.repeat(1_225) }, 'ExternalIdInvalid'],
    [{ roleArn, externalId: 'two words' }, 'ExternalIdInvalid'],
  ])('%j', (options, code) => {
    expect(() => connect(options)).toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
  });

  it.each<ConnectOptions>([
    { roleArn, roleSessionName: 'x'.repeat(64), externalId: 'x'.repeat(1_224) },
    { roleArn: 'arn:aws-us-gov:iam::111122223333:role/path/to/audit', roleSessionName: 'a+=,.@-_', externalId: 'a:/b' },
    { region: 'us-gov-west-1', endpointUrl: 'http://127.0.0.1:4566' },
  ])('but not %j', (options) => {
    expect(() => connect(options)).not.toThrow();
  });

  it('does not repeat the external id', () => {
    expect(() => connect({ roleArn, externalId: 'hush hush' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') }),
    );
  });
});

describe('connect: the region', () => {
  it('is the one given', async () => {
    vi.stubEnv('AWS_REGION', 'eu-north-1');
    await expect(connect({ region: 'eu-central-1' }).region()).resolves.toBe('eu-central-1');
  });

  it('else AWS_REGION', async () => {
    vi.stubEnv('AWS_REGION', 'eu-north-1');
    await expect(connect().region()).resolves.toBe('eu-north-1');
  });

  it.each([
    [{}, 'eu-west-3'],
    [{ profile: 'gov' }, 'us-gov-east-1'],
  ])("else the profile's: %j", async (options, region) => {
    await expect(connect(options).region()).resolves.toBe(region);
  });

  it.each([
    [{}, 'us-east-1'],
    [{ roleArn }, 'us-east-1'],
    [{ roleArn: 'arn:aws-cn:iam::111122223333:role/audit' }, 'cn-north-1'],
    [{ roleArn: 'arn:aws-new:iam::111122223333:role/audit' }, 'us-east-1'],
  ])("else the home region of the role's partition: %j", async (options, region) => {
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
    await expect(connect(options).region()).resolves.toBe(region);
  });

  it.each([
    ['eu-central-1', 'us-east-1'],
    ['us-gov-east-1', 'us-gov-west-1'],
    ['cn-northwest-1', 'cn-north-1'],
    ['us-isob-east-1', 'us-isob-east-1'],
    ['us-iso-west-1', 'us-iso-east-1'],
    ['eusc-de-east-1', 'eusc-de-east-1'],
  ])('makes IAM requests from %s signed for %s', async (region, signing) => {
    expect(iamRegionFor(region)).toBe(signing);
    await expect(openIam(connect({ region })).config.region()).resolves.toBe(signing);
  });

  it('knows the home region of a partition, and that it does not know every partition', () => {
    expect(partitionFacts('aws-us-gov').iamRegion).toBe('us-gov-west-1');
    expect(partitionFacts('aws-new').iamRegion).toBeUndefined();
  });
});

describe('connect: the endpoint', () => {
  it('is of AWS unless something else is said', async () => {
    await expect(endpointOf(openIam(connect()))).resolves.toBe('of AWS');
  });

  it('is the one given, for every client', async () => {
    const session = connect({ endpointUrl: 'http://127.0.0.1:4566' });
    await expect(endpointOf(openIam(session))).resolves.toBe('127.0.0.1:4566');
    await expect(endpointOf(session.client('sts', STSClient))).resolves.toBe('127.0.0.1:4566');
  });
});

describe('connect: the pace', () => {
  /** What holds the requests of each client back after one was throttled. */
  function pacesOf(...services: readonly string[]) {
    const session = connect({ region: 'eu-central-1' });
    return services.map((service) => {
      let settings: ClientSettings | undefined;
      const Client = class extends STSClient {
        constructor(given: ClientSettings) {
          super(given);
          settings = given;
        }
      };
      session.client(service, Client, { maxAttempts: 1 });
      return Reflect.get(settings?.retryStrategy ?? {}, 'rateLimiter');
    });
  }

  it('is one for all clients of a service: who reads and repeats leaves something to who writes once', () => {
    const [reads, writes, topics] = pacesOf('iam', 'iam', 'sns');
    expect(reads).toBeDefined();
    expect(writes).toBe(reads);
    expect(topics).not.toBe(reads);
  });
});
