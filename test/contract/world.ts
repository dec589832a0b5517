import { IAMClient } from '@aws-sdk/client-iam';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import type { AwsCredentials } from '../../aws/credentials.ts';
import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { type AwsSession, type ConnectOptions, connect } from '../../aws/session.ts';
import type { CredentialSource } from '../../core/ports.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { type ContractAccount, contractAccount } from './account.ts';
import type { Counterpart } from './counterpart.ts';

/** The SDK's own clients, which try once. */
export interface RawClients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly sns: SNSClient;
}

/** What a scenario has at hand: an account of a counterpart, the product's adapters and the SDK's own clients. */
export interface World extends RawClients {
  readonly endpointUrl: string;
  readonly account: ContractAccount;
  readonly session: AwsSession;
  /** Polls without waiting. */
  readonly source: CredentialSource;
  /** The id of a user's access key, counted from 0 in the order of the account. */
  keyId(userName: string, at?: number): string;
  /** What the counterpart takes for the present. */
  now(): Date;
  /** The SDK's own clients of another caller. */
  as(credentials: AwsCredentials): RawClients;
  /** A session with other options. */
  connect(options: ConnectOptions): AwsSession;
}

/** The present of the account in every scenario. */
const present = new Date('2026-11-20T02:30:00Z');

/** Opens an account as of `now` for one test; all of it ends with the test. */
export async function openWorld(counterpart: Counterpart, now = present): Promise<World> {
  const account = contractAccount(now);
  const opened = await counterpart.open(account);
  onTestFinished(() => opened.close());
  const { endpointUrl, region, credentials } = opened;

  const as = (caller: AwsCredentials): RawClients => {
    const config = { endpoint: endpointUrl, region, credentials: caller, maxAttempts: 1 };
    const clients = { iam: new IAMClient(config), sts: new STSClient(config), sns: new SNSClient(config) };
    onTestFinished(() => {
      for (const client of Object.values(clients)) client.destroy();
    });
    return clients;
  };
  const connectWith = (options: ConnectOptions): AwsSession => {
    const session = connect({ endpointUrl, region, credentials, ...options });
    onTestFinished(() => session.close());
    return session;
  };

  const session = connectWith({});
  return {
    ...as(credentials),
    endpointUrl,
    account,
    session,
    source: createIamCredentialSource(session, { timing: manualTiming() }),
    keyId: (userName, at = 0) => {
      const id = opened.accessKeyIds(userName)[at];
      if (id === undefined) throw new RangeError(`the account has no access key ${at} of ${userName}`);
      return id;
    },
    now: () => opened.now(),
    as,
    connect: connectWith,
  };
}
