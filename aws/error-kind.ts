/**
 * What went wrong with a request, from what the SDK threw. The names come from the service models, the codes from
 * Node.js, and the texts of credential providers (which have no codes) from the SDK's credential provider packages.
 */
export type ErrorKind =
  | 'access-denied'
  | 'not-found'
  | 'throttled'
  /** AWS answered, but failed (5xx). */
  | 'service-failure'
  | 'timed-out'
  /** The connection was refused, reset or not trusted, or the name does not resolve. */
  | 'unreachable'
  /** Where it was to be sent is no URL. */
  | 'endpoint-invalid'
  | 'credentials-missing'
  | 'credentials-expired'
  | 'credentials-refused'
  | 'profile-unknown'
  | 'clock-skewed'
  | 'unexpected';

/** The fields that SDK errors, Node.js errors and mere objects may have. */
export interface SdkErrorFields {
  readonly name?: string;
  readonly message?: string;
  /** Node.js error code. */
  readonly code?: string;
  /** The text that is no URL, with code ERR_INVALID_URL. */
  readonly input?: string;
  /** Error code on the wire, if the SDK gives the error another name: `ReportInProgress`. */
  readonly Code?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

const byName: Readonly<Record<string, ErrorKind>> = {
  AccessDenied: 'access-denied',
  AccessDeniedException: 'access-denied',
  AuthorizationError: 'access-denied',
  AuthorizationErrorException: 'access-denied',
  OptInRequired: 'access-denied',
  UnauthorizedOperation: 'access-denied',
  NoSuchEntity: 'not-found',
  NoSuchEntityException: 'not-found',
  // SNS's. A bare NotFound is the SDK's name for any HTTP 404, including a proxy's page: it says nothing about IAM.
  NotFoundException: 'not-found',
  LimitExceeded: 'throttled',
  LimitExceededException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  SlowDown: 'throttled',
  Throttled: 'throttled',
  ThrottledException: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  TransactionInProgressException: 'throttled',
  AbortError: 'timed-out',
  RequestTimeout: 'timed-out',
  RequestTimeoutException: 'timed-out',
  TimeoutError: 'timed-out',
  ExpiredToken: 'credentials-expired',
  ExpiredTokenException: 'credentials-expired',
  InvalidClientTokenId: 'credentials-refused',
  InvalidAccessKeyId: 'credentials-refused',
  InvalidSignatureException: 'credentials-refused',
  IncompleteSignature: 'credentials-refused',
  MissingAuthenticationToken: 'credentials-refused',
  MissingAuthenticationTokenException: 'credentials-refused',
  SignatureDoesNotMatch: 'credentials-refused',
  UnrecognizedClientException: 'credentials-refused',
  RequestExpired: 'clock-skewed',
  RequestInTheFuture: 'clock-skewed',
  RequestTimeTooSkewed: 'clock-skewed',
};

/** Errors of credential providers: identified by their texts only. */
export const credentialProviderErrors: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ProviderError',
  'TokenProviderError',
]);

const timeoutCodes: ReadonlySet<string> = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);

/** Node.js error codes of a connection that failed, broke, or is not trusted. */
const networkCode =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ENOTFOUND|EAI_\w+|EPROTO|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|HPE_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

/** What kind of failure `error` is. Never throws. */
export function kindOf(error: unknown): ErrorKind {
  const { name = '', message = '', code = '', $fault, $metadata, $retryable } = fieldsOf(error);
  if (credentialProviderErrors.has(name)) return kindOfProviderError(message);
  // Node.js codes before names: the SDK renames a refused or reset connection to TimeoutError.
  if (code === 'ERR_INVALID_URL') return 'endpoint-invalid';
  if (networkCode.test(code)) return 'unreachable';
  if (timeoutCodes.has(code)) return 'timed-out';
  const known = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (known === 'credentials-refused' && /expired|not yet current/i.test(message)) return 'clock-skewed';
  if (known) return known;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429 || $retryable?.throttling) return 'throttled';
  if (status >= 500 || $fault === 'server') return 'service-failure';
  if (message === 'socket hang up') return 'unreachable';
  return 'unexpected';
}

function kindOfProviderError(message: string): ErrorKind {
  if (/could not resolve credentials using profile|profile .* (?:was|could) not (?:be )?found/i.test(message)) {
    return 'profile-unknown';
  }
  if (/expired|re-?authenticate|sso session|sso login|aws login/i.test(message)) return 'credentials-expired';
  return 'credentials-missing';
}

/** The fields of anything that was thrown. */
export function fieldsOf(error: unknown): SdkErrorFields {
  return typeof error === 'object' && error !== null ? error : { message: String(error) };
}
