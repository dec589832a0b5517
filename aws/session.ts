import { STSClient } from '@aws-sdk/client-sts';
import { AdaptiveRetryStrategy, DefaultRateLimiter, type RateLimiter, StandardRetryStrategy } from '@smithy/core/retry';
import { SECOND } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import { type ExpectedAccount, refuseOtherAccount } from '../core/expected-account.ts';
import { given } from '../core/given.ts';
import type { Duration } from '../core/model.ts';
import { accountOfRole, createRoleCredentials, validateRole } from './assume-role.ts';
import { type Caller, readCaller } from './caller.ts';
import type { AwsCredentials, CredentialsProvider } from './credentials.ts';
import { createRegionLookup, validateRegion } from './region.ts';
import { type Countable, countRequests, createRequestCounter, type RequestCounter } from './request-counter.ts';
import { vouchFor } from './vouched-credentials.ts';

/** Where to connect to, as whom, and how patiently. */
export interface ConnectOptions {
  /** Profile of the shared AWS configuration files. @default AWS_PROFILE, else `default` */
  readonly profile?: string;
  /** @default AWS_REGION, the profile's region, the instance's region, else the home region of the role's partition */
  readonly region?: string;
  /** Sends every request there. @default what AWS_ENDPOINT_URL or the profile says, else AWS */
  readonly endpointUrl?: string;
  /** Role to assume for all requests; its account is the one that is read. */
  readonly roleArn?: string;
  readonly externalId?: string;
  /** @default keysweep */
  readonly roleSessionName?: string;
  /** Attempts of one request, the first included. @default 10 */
  readonly maxAttempts?: number;
  /** `adaptive` slows down after throttling, for everybody's sake. @default adaptive */
  readonly retryMode?: 'adaptive' | 'standard';
  /** How long one attempt may take to be answered, in milliseconds. @default 15 s */
  readonly requestTimeout?: Duration;
  /** Counts the requests. @default a new one */
  readonly counter?: RequestCounter;
  /**
   * Who calls, before any role is assumed. Share one provider between clients; see cli-credentials.ts.
   * @default the SDK's default chain (in a Lambda function: its role)
   */
  readonly credentials?: AwsCredentials | CredentialsProvider;
  /**
   * The account that these credentials are meant to be of, where that is known. For `credentials` that are given it is
   * compared before they are used for anything else; in a Lambda function the first step is {@link AwsSession.caller}.
   */
  readonly account?: ExpectedAccount;
}

/** Configuration that every client is made with. */
export interface ClientSettings {
  readonly region: string | (() => Promise<string>);
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials?: AwsCredentials | CredentialsProvider;
  readonly maxAttempts: number;
  readonly retryStrategy: AdaptiveRetryStrategy | StandardRetryStrategy;
  /** Options of the SDK's NodeHttpHandler; times in milliseconds. */
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
    readonly socketTimeout: number;
    readonly httpAgent: { readonly maxSockets: number };
    readonly httpsAgent: { readonly maxSockets: number };
  };
}

/** The part of an SDK client that a session knows. */
export interface AwsClient extends Countable {
  readonly config: { region(): Promise<string> };
  destroy(): void;
}

/** In what one client differs from the others of its session. */
export interface ClientOptions {
  /** Where its requests are signed for. @default the caller's region */
  readonly region?: ClientSettings['region'] | undefined;
  /** Attempts of one request, the first included. @default {@link ConnectOptions.maxAttempts} */
  readonly maxAttempts?: number;
}

/** An identity, a place and a manner of calling AWS. Makes clients, so that no one has to know more than one service. */
export interface AwsSession {
  readonly counter: RequestCounter;
  /**
   * Who signs the requests; asked once. Throws KeysweepError, among them AccountMismatch where that is in another account
   * than the one of the role, or than {@link ConnectOptions.account}.
   */
  caller(): Promise<Caller>;
  /** The region that the caller works in. */
  region(): Promise<string>;
  /**
   * A client of one service that counts its requests. `service` is the prefix of its IAM actions (`iam`, `sts`, `sns`).
   * All clients of a service slow down together after one of them was throttled.
   */
  client<C extends AwsClient>(service: string, Client: new (settings: ClientSettings) => C, options?: ClientOptions): C;
  /** Closes the connections of every client. */
  close(): void;
}

const defaultMaxAttempts = 10;

/** A page of 1,000 users with their policies may take AWS several seconds. */
const defaultRequestTimeout: Duration = 15 * SECOND;

const sockets = { maxSockets: 32 };

/**
 * Opens a session. Sends nothing: credentials and region are looked up by the first request.
 * Throws KeysweepError EndpointInvalid, RegionInvalid, RoleInvalid, RoleSessionNameInvalid or ExternalIdInvalid.
 */
export function connect(options: ConnectOptions = {}): AwsSession {
  validateRole(options);
  if (options.region !== undefined) validateRegion(options.region);
  if (options.endpointUrl !== undefined) validateEndpoint(options.endpointUrl);
  const { counter = createRequestCounter(), retryMode = 'adaptive' } = options;
  const requestTimeout = options.requestTimeout ?? defaultRequestTimeout;
  const lookupRegion = createRegionLookup(options);
  const clients: AwsClient[] = [];
  const limiters = new Map<string, RateLimiter>();

  // AWS counts the requests of an account, not of a client: were each to find its own pace, one that reads and repeats
  // would leave nothing to one that writes once.
  function limiterOf(service: string): RateLimiter {
    const limiter = limiters.get(service) ?? new DefaultRateLimiter();
    limiters.set(service, limiter);
    return limiter;
  }

  function open<C extends AwsClient>(
    service: string,
    Client: new (settings: ClientSettings) => C,
    credentials: ConnectOptions['credentials'],
    { region = lookupRegion, maxAttempts = options.maxAttempts ?? defaultMaxAttempts }: ClientOptions = {},
  ): C {
    const client = new Client({
      region,
      maxAttempts,
      retryStrategy:
        retryMode === 'adaptive'
          ? new AdaptiveRetryStrategy(maxAttempts, { maxAttempts, rateLimiter: limiterOf(service) })
          : new StandardRetryStrategy(maxAttempts),
      requestHandler: {
        connectionTimeout: 3 * SECOND,
        requestTimeout,
        throwOnRequestTimeout: true,
        socketTimeout: requestTimeout,
        httpAgent: sockets,
        httpsAgent: sockets,
      },
      ...given({ endpoint: options.endpointUrl, profile: options.profile, credentials }),
    });
    countRequests(client, service, counter);
    clients.push(client);
    return client;
  }

  const identify = (credentials: ConnectOptions['credentials']) => readCaller(open('sts', STSClient, credentials));
  const own = options.credentials && vouchFor(toProvider(options.credentials), options.account, identify);
  const ownCredentials = own && (async () => (await own()).credentials);
  const { roleArn } = options;
  const ofRole =
    roleArn === undefined
      ? undefined
      : vouchFor(
          createRoleCredentials({ ...options, roleArn }, (Sts) => open('sts', Sts, ownCredentials)),
          accountOfRole(roleArn),
          identify,
        );
  const vouched = ofRole ?? own;
  const credentials = vouched && (async () => (await vouched()).credentials);

  async function identifyCaller(): Promise<Caller> {
    const known = (await vouched?.())?.caller;
    if (known !== undefined) return known;
    const caller = await identify(credentials);
    if (options.account !== undefined) refuseOtherAccount(options.account, caller.id, `the caller ${caller.arn}`);
    return caller;
  }
  let caller: Promise<Caller> | undefined;

  return {
    counter,
    caller: () => {
      caller ??= identifyCaller().catch((error: unknown) => {
        caller = undefined;
        throw error;
      });
      return caller;
    },
    region: lookupRegion,
    client: (service, Client, own) => open(service, Client, credentials, own),
    close: () => {
      for (const client of clients.splice(0)) client.destroy();
    },
  };
}

function toProvider(credentials: AwsCredentials | CredentialsProvider): CredentialsProvider {
  return typeof credentials === 'function' ? credentials : async () => credentials;
}

function validateEndpoint(endpointUrl: string): void {
  const url = URL.canParse(endpointUrl) ? new URL(endpointUrl) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
  throw new KeysweepError('EndpointInvalid', `not an HTTP endpoint: ${JSON.stringify(endpointUrl)}`, {
    hint: 'it looks like https://iam.amazonaws.com or http://127.0.0.1:4566',
  });
}
