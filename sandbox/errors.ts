/**
 * An error as an AWS service answers it. Thrown by operations and by the account's methods alike,
 * rendered by the protocol of the service that was called.
 */
export class AwsError extends Error {
  /** The code on the wire: `NoSuchEntity`, `Throttling`, ... */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** What a service with the JSON protocol says beside code and message. */
  readonly details: object;

  constructor(code: string, message: string, status?: number, details: object = {}) {
    super(message);
    this.details = details;
    this.name = 'AwsError';
    this.code = code;
    this.status = status ?? statusOf(code);
  }
}

/** HTTP statuses of AWS's error codes, from the API models; any other code is a 400. */
const statuses: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  EntityTemporarilyUnmodifiable: 409,
  ExpiredToken: 403,
  InternalFailure: 500,
  InvalidClientTokenId: 403,
  LimitExceeded: 409,
  MissingAuthenticationToken: 403,
  NoSuchEntity: 404,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  PreconditionFailed: 412,
  NotFound: 404,
  ReportExpired: 410,
  ReportInProgress: 404,
  ReportNotPresent: 410,
  ServiceFailure: 500,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
};

/** Texts of errors that can be asked for by their code alone. */
const messages: Readonly<Record<string, string>> = {
  EntityTemporarilyUnmodifiable: 'The entity is temporarily unmodifiable. Try again later.',
  ExpiredToken: 'The security token included in the request is expired',
  InternalFailure: 'The request processing has failed because of an unknown error, exception or failure.',
  InvalidClientTokenId: 'The security token included in the request is invalid.',
  LimitExceeded: 'No more capacity to launch new report generation tasks',
  MissingAuthenticationToken: 'Request is missing Authentication Token',
  ReportExpired: 'The credential report has expired. Generate a new one with GenerateCredentialReport.',
  ReportInProgress: 'Unknown',
  ReportNotPresent: 'No credential report is present. Generate one with GenerateCredentialReport.',
  ServiceFailure: 'Service failure.',
  ServiceUnavailable: 'Service is unavailable. Try again later.',
  SignatureDoesNotMatch: 'The request signature we calculated does not match the signature you provided.',
  Throttling: 'Rate exceeded',
  ThrottlingException: 'Rate exceeded',
};

/** The HTTP status that AWS gives with an error code. */
export function statusOf(code: string): number {
  return statuses[code] ?? 400;
}

/** An error by its code, with AWS's text where it is always the same. */
export function awsError(code: string, message?: string, status?: number, details?: object): AwsError {
  return new AwsError(code, message ?? messages[code] ?? code, status, details);
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** AWS's wording of one value that breaks a constraint of the API model. */
export function constraintError(value: string, member: string, constraint: string): AwsError {
  const found = `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint`;
  return validationError(`${found}: ${constraint}`);
}

/** AWS's wording of a request that no policy allows. */
export function accessDenied(callerArn: string, action: string, resource: string): AwsError {
  const because = `because no identity-based policy allows the ${action} action`;
  const text = `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
  return new AwsError('AccessDenied', text);
}
