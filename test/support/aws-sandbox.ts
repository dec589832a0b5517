import { onTestFinished } from 'vitest';
import { createIamCredentialSource, type IamCredentialSourceOptions } from '../../aws/iam-credential-source.ts';
import { type AwsSession, type ConnectOptions, connect } from '../../aws/session.ts';
import type { CredentialSource } from '../../core/ports.ts';
import { type AccountSeed, type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';
import { manualTiming } from './manual-timing.ts';

export const aliceKey = 'AKIAALICEONEAAAAAAAA';
export const aliceInactiveKey = 'AKIAALICETWOAAAAAAAA';
export const bobKey = 'AKIABOBONEAAAAAAAAAA';

/** A small account: alice has two keys, bob one that was never used, carol none. */
export const smallAccount = {
  id: '111122223333',
  alias: 'acme-test',
  now: '2026-11-20T00:00:00Z',
  users: [
    {
      name: 'alice',
      createdAt: '2025-01-01T00:00:00Z',
      tags: { owner: 'alice@example.com', team: 'data' },
      accessKeys: [
        {
          id: aliceKey,
          createdAt: '2025-01-02T00:00:00Z',
          lastUsed: { at: '2026-11-01T10:20:30Z', service: 's3', region: 'N/A' },
        },
        {
          id: aliceInactiveKey,
          status: 'Inactive',
          createdAt: '2025-06-01T00:00:00Z',
          lastUsed: { at: '2025-07-01T00:00:00Z', service: 'ec2', region: 'eu-central-1' },
        },
      ],
    },
    {
      name: 'bob',
      createdAt: '2025-02-01T00:00:00Z',
      accessKeys: [{ id: bobKey, createdAt: '2025-02-02T00:00:00Z' }],
    },
    { name: 'carol', createdAt: '2025-03-01T00:00:00Z', tags: { kind: 'machine' } },
  ],
  roles: [{ name: 'audit', trust: { externalId: 'keysweep-1' } }],
} as const satisfies AccountSeed;

export interface ConnectedSandbox {
  readonly sandbox: Sandbox;
  readonly session: AwsSession;
  readonly source: CredentialSource;
}

export interface SandboxConnectionOptions {
  readonly sandbox?: SandboxOptions;
  readonly connect?: ConnectOptions;
  readonly source?: IamCredentialSourceOptions;
}

/** A sandbox with a session and a credential source for it, closed at the end of the test. Polls do not wait. */
export async function connectSandbox(options: SandboxConnectionOptions = {}): Promise<ConnectedSandbox> {
  const { close, ...connected } = await openConnection(options);
  onTestFinished(close);
  return connected;
}

/** The same for the length of `use`, inside or outside of a test. */
export async function withSandbox<T>(
  options: SandboxConnectionOptions,
  use: (connected: ConnectedSandbox) => Promise<T>,
): Promise<T> {
  const { close, ...connected } = await openConnection(options);
  try {
    return await use(connected);
  } finally {
    await close();
  }
}

async function openConnection(
  options: SandboxConnectionOptions,
): Promise<ConnectedSandbox & { close(): Promise<void> }> {
  const sandbox = await startSandbox({ seed: smallAccount, ...options.sandbox });
  const { url: endpointUrl, credentials, region } = sandbox;
  const session = connect({ endpointUrl, credentials, region, ...options.connect });
  const source = createIamCredentialSource(session, { timing: manualTiming(), ...options.source });
  const close = async () => {
    session.close();
    await sandbox.close();
  };
  return { sandbox, session, source, close };
}

/**
 * Makes the credential report, so that who asks for it next finds it ready: waiting for it takes real time. Leaves no
 * request behind.
 */
export async function makeReport({ url: endpointUrl, region, credentials, clearRequests }: Sandbox): Promise<void> {
  const session = connect({ endpointUrl, region, credentials });
  try {
    await createIamCredentialSource(session, { timing: manualTiming() }).credentialReport();
  } finally {
    session.close();
    clearRequests();
  }
}
