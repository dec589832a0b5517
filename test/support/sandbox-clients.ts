import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { IAMClient } from '@aws-sdk/client-iam';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import { type AccountSeed, type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SandboxClients {
  readonly sandbox: Sandbox;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly sns: SNSClient;
  readonly cloudtrail: CloudTrailClient;
  /** The same clients with other credentials, and as many attempts as asked for (default 1). */
  as(credentials: Credentials, maxAttempts?: number): Omit<SandboxClients, 'sandbox' | 'as'>;
}

/** The present in {@link smallAccount}. */
export const smallNow = new Date('2026-11-20T02:30:00Z');

/** An account with two users: alice with two keys, bob with a password. */
export const smallAccount = {
  now: smallNow.toISOString(),
  id: '111122223333',
  alias: 'small',
  root: { createdAt: '2020-01-01T00:00:00Z', mfa: true },
  users: [
    {
      name: 'alice',
      createdAt: '2025-01-01T00:00:00Z',
      tags: { team: 'web', owner: 'alice@example.com' },
      accessKeys: [
        {
          id: 'AKIARTX3GSDSAAAAAAAB',
          createdAt: '2026-10-01T10:00:00Z',
          lastUsed: { at: '2026-11-19T08:00:00Z', service: 's3' },
        },
        { id: 'AKIARTX3GSDSAAAAAAAA', createdAt: '2025-02-01T10:00:00Z', status: 'Inactive' },
      ],
    },
    { name: 'bob', createdAt: '2026-01-01T00:00:00Z', password: { lastUsed: '2026-11-18T07:00:00Z' }, mfa: true },
  ],
} satisfies AccountSeed;

/** alice's key in slot 1: active, in use. */
export const aliceKey = 'AKIARTX3GSDSAAAAAAAB';
/** alice's key in slot 2: older, inactive, never used. */
export const aliceOldKey = 'AKIARTX3GSDSAAAAAAAA';

/** Starts a sandbox with SDK clients that try once; all of it ends with the test. */
export async function openSandbox(options: SandboxOptions = {}): Promise<SandboxClients> {
  const sandbox = await startSandbox({ seed: smallAccount, ...options });
  onTestFinished(() => sandbox.close());
  const as = (credentials: Credentials, maxAttempts = 1) => clientsOf(sandbox, credentials, maxAttempts);
  return { sandbox, ...as(sandbox.credentials), as };
}

function clientsOf(sandbox: Sandbox, credentials: Credentials, maxAttempts: number) {
  const config = { endpoint: sandbox.url, region: sandbox.region, credentials, maxAttempts };
  const clients = {
    iam: new IAMClient(config),
    sts: new STSClient(config),
    sns: new SNSClient(config),
    cloudtrail: new CloudTrailClient(config),
  };
  onTestFinished(() => {
    for (const client of Object.values(clients)) {
      client.destroy();
    }
  });
  return clients;
}
