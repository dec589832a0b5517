import type { IncomingHttpHeaders } from 'node:http';
import { awsError } from '../errors.ts';
import { parseAuthorization, type Signature } from './caller.ts';
import type { JsonObject, RestRequest, Service } from './operation.ts';
import { QueryParams } from './query-params.ts';

/** A request as it comes in. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request as far as it can be understood before it is known to be legitimate. */
export interface ParsedRequest {
  readonly signature: Signature | undefined;
  readonly sessionToken: string | undefined;
  /** Undefined: the sandbox has no such service. */
  readonly service: Service | undefined;
  /** As signed, whether or not the sandbox has it. */
  readonly serviceName: string;
  /** `ListUsers`; `Unknown` when the request names none. */
  readonly action: string;
  readonly version: string | undefined;
  readonly query: QueryParams;
  readonly json: JsonObject | undefined;
  readonly rest: RestRequest;
}

/** Finds service and action: the service by the signature's credential scope, else by API version or target. */
export function parseRequest(request: RawRequest, services: readonly Service[]): ParsedRequest {
  const signature = parseAuthorization(request.headers.authorization);
  const sessionToken = headerText(request.headers['x-amz-security-token']);
  const target = headerText(request.headers['x-amz-target']);
  const query = new QueryParams(request.method === 'POST' ? request.body : (request.url.split('?')[1] ?? ''));
  const version = query.get('Version');
  const service =
    signature === undefined
      ? services.find((candidate) => matchesUnsigned(candidate, query, target))
      : services.find((candidate) => candidate.name === signature.service);
  const rest = restRequest(request);
  const action =
    service?.protocol === 'rest'
      ? service.actionOf(rest)
      : target === undefined
        ? query.get('Action')
        : target.slice(target.lastIndexOf('.') + 1);
  return {
    signature,
    sessionToken,
    service,
    serviceName: signature?.service ?? service?.name ?? 'unknown',
    action: action ?? 'Unknown',
    version,
    query,
    json: target === undefined ? undefined : parseJson(request.body),
    rest,
  };
}

function restRequest({ method, url, headers, body }: RawRequest): RestRequest {
  return { method, path: decodePath(url.split('?')[0] ?? '/'), headers, body };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The operation's input. @throws AwsError SerializationException */
export function requireJson(parsed: ParsedRequest): JsonObject {
  if (parsed.json === undefined) {
    throw awsError('SerializationException', 'The request body is not a JSON object.');
  }
  return parsed.json;
}

function matchesUnsigned(service: Service, query: QueryParams, target: string | undefined): boolean {
  if (service.protocol === 'json') {
    return target?.includes(service.target) ?? false;
  }
  // Whatever is not signed is no request of S3's: the sandbox has no public objects.
  if (service.protocol === 'rest') return false;
  const version = query.get('Version');
  const action = query.get('Action') ?? '';
  return version === undefined ? service.operations[action]?.signature === 'none' : version === service.version;
}

function parseJson(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function headerText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
