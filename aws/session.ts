import { STSClient } from '@aws-sdk/client-sts';
import { DefaultRateLimiter, type RateLimiter } from '@smithy/core/retry';
import { SECOND } from '../core/duration.ts';
import { type ExpectedAccount, refuseOtherAccount } from '../core/expected-account.ts';
import { given } from '../core/given.ts';
import type { Duration } from '../core/model.ts';
import { accountOfRole, createRoleCredentials, validateRole } from './assume-role.ts';
import { type Caller, readCaller } from './caller.ts';
import type { AwsCredentials, CredentialsProvider } from './credentials.ts';
import { refuseSchemelessEndpoint, validateEndpoints } from './endpoint.ts';
import { createRegionLookup, validateRegion } from './region.ts';
import {
  type ClientWithMiddleware,
  countRequests,
  createRequestCounter,
  type RequestCounter,
} from './request-counter.ts';
import { createRetryStrategy } from './retry-strategy.ts';
import { vouchFor } from './vouched-credentials.ts';

/** Where to connect, as whom, and how patiently. */
export interface ConnectOptions {
  /** Profile of the shared AWS configuration files. @default AWS_PROFILE, else `default` */
  readonly profile?: string;
  /** @default AWS_REGION, the profile's region, the instance's region, else the home region of the role's partition */
  readonly region?: string;
  /** Sends every request to this URL. @default AWS_ENDPOINT_URL or the profile's, else AWS */
  readonly endpointUrl?: string;
  /** Role to assume for all requests; its account is the one to read. */
  readonly roleArn?: string;
  readonly externalId?: string;
  /** @default keysweep */
  readonly roleSessionName?: string;
  /** Attempts of one request, including the first. @default 10 */
  readonly maxAttempts?: number;
  /** `adaptive` slows down after throttling, which spares other clients. @default adaptive */
  readonly retryMode?: 'adaptive' | 'standard';
  /** How long to wait for the answer to one attempt, in milliseconds. @default 15 s */
  readonly requestTimeout?: Duration;
  /** Counts the requests. @default a new counter */
  readonly counter?: RequestCounter;
  /**
   * The original caller, before any role is assumed. Share one provider between clients; see cli-credentials.ts.
   * @default the SDK's default chain (in a Lambda function: its role)
   */
  readonly credentials?: AwsCredentials | CredentialsProvider;
  /**
   * The expected account of these credentials, if known. Given `credentials` are checked against it before they are used
   * for anything else; in a Lambda function the first step is {@link AwsSession.caller}.
   */
  readonly account?: ExpectedAccount;
}

/** Configuration of every client. */
export interface ClientSettings {
  readonly region: string | (() => Promise<string>);
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials?: AwsCredentials | CredentialsProvider;
  readonly maxAttempts: number;
  readonly retryStrategy: ReturnType<typeof createRetryStrategy>;
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

/** The part of an SDK client that a session uses. */
export interface AwsClient extends ClientWithMiddleware {
  readonly config: { region(): Promise<string> };
  destroy(): void;
}

/** How one client differs from the others of its session. */
export interface ClientOptions {
  /** The region that its requests are signed for. @default the caller's region */
  readonly region?: ClientSettings['region'] | undefined;
  /** Attempts of one request, including the first. @default {@link ConnectOptions.maxAttempts} */
  readonly maxAttempts?: number;
}

/** An identity, an endpoint and settings for calling AWS. Creates clients, so that no module needs more than one service. */
export interface AwsSession {
  readonly counter: RequestCounter;
  /**
   * Who signs the requests; read once. Throws KeysweepError, among them AccountMismatch if the caller is in another account
   * than the role, or than {@link ConnectOptions.account}.
   */
  caller(): Promise<Caller>;
  /** The caller's region. */
  region(): Promise<string>;
  /**
   * A client of one service that counts its requests. `service` is the prefix of its IAM actions (`iam`, `sts`, `sns`).
   * All clients of a service slow down together when one of them is throttled.
   */
  client<C extends AwsClient>(service: string, Client: new (settings: ClientSettings) => C, options?: ClientOptions): C;
  /** Closes the connections of every client; what waits for another attempt gives up. */
  close(): void;
}

const defaultMaxAttempts = 10;

/** AWS may take several seconds for a page of 1,000 users with their policies. */
const defaultRequestTimeout: Duration = 15 * SECOND;

const sockets = { maxSockets: 32 };

/**
 * Opens a session. Sends nothing: the first request looks up credentials and region.
 * Throws KeysweepError EndpointInvalid, RegionInvalid, RoleInvalid, RoleSessionNameInvalid or ExternalIdInvalid.
 */
export function connect(options: ConnectOptions = {}): AwsSession {
  validateRole(options);
  if (options.region !== undefined) validateRegion(options.region);
  validateEndpoints(options.endpointUrl, process.env);
  const { counter = createRequestCounter(), retryMode = 'adaptive' } = options;
  const requestTimeout = options.requestTimeout ?? defaultRequestTimeout;
  const lookupRegion = createRegionLookup(options);
  const clients: AwsClient[] = [];
  let isClosed = false;
  const limiters = new Map<string, RateLimiter>();

  // AWS throttles an account, not a client: if each client found its own pace, one that reads and retries would leave
  // nothing for one that writes once.
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
      retryStrategy: createRetryStrategy({
        maxAttempts,
        rateLimiter: retryMode === 'adaptive' ? limiterOf(service) : undefined,
        isClosed: () => isClosed,
      }),
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
    refuseSchemelessEndpoint(client);
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
      isClosed = true;
      for (const client of clients.splice(0)) client.destroy();
    },
  };
}

function toProvider(credentials: AwsCredentials | CredentialsProvider): CredentialsProvider {
  return typeof credentials === 'function' ? credentials : async () => credentials;
}
