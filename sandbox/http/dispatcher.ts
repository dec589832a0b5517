import { AwsError, accessDenied, awsError } from '../errors.ts';
import type { FaultEffect, Faults } from '../faults.ts';
import type { RateLimits } from '../rate-limits.ts';
import type { RequestLog, RequestRecord } from '../request-log.ts';
import { ownerName } from '../state/records.ts';
import { eventRegion } from '../state/trail.ts';
import type { World } from '../world.ts';
import { anonymous, type Caller, identify } from './caller.ts';
import type { Answer, Call, Service } from './operation.ts';
import { type ParsedRequest, parseRequest, type RawRequest, requireJson } from './parse-request.ts';
import { errorAnswer, errorCodeOf, jsonAnswer, queryAnswer } from './protocols.ts';

/** What becomes of a request: an answer, a reset connection, or silence. */
export type Reaction =
  | { readonly kind: 'answer'; readonly requestId: string; readonly answer: Answer }
  | { readonly kind: 'reset' }
  | { readonly kind: 'timeout' };

export interface DispatcherParts {
  readonly world: World;
  readonly services: readonly Service[];
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly log: RequestLog;
}

/** One request with what was found out about it so far. */
interface Visit {
  readonly parsed: ParsedRequest;
  readonly seq: number;
  readonly requestId: string;
  /** `iam:ListUsers` */
  readonly action: string;
}

/** Takes a request through fault injection, authentication, rate limits and permissions to its operation. */
export class Dispatcher {
  readonly #parts: DispatcherParts;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  handle(request: RawRequest): Reaction {
    const parsed = parseRequest(request, this.#parts.services);
    const { log, faults, world } = this.#parts;
    const seq = log.nextSeq();
    const visit = { parsed, seq, requestId: requestIdOf(seq), action: `${parsed.serviceName}:${parsed.action}` };
    const accessKeyId = parsed.signature?.accessKeyId;
    const effect = faults.next({ action: visit.action, userName: subjectOf(parsed, world), accessKeyId });
    if (effect === undefined || ('applied' in effect && effect.applied === true)) {
      const outcome = this.#perform(visit);
      return effect === undefined ? this.#answer(visit, outcome) : this.#distort(visit, effect);
    }
    return this.#distort(visit, effect);
  }

  /** Runs the operation, and renders what it gives or throws. */
  #perform(visit: Visit): Answer | AwsError {
    try {
      return this.#run(visit);
    } catch (error) {
      return error instanceof AwsError ? error : internalFailure(error);
    }
  }

  #run({ parsed, seq, requestId, action }: Visit): Answer {
    const { world, rateLimits } = this.#parts;
    const { service } = parsed;
    const operation = service === undefined ? undefined : service.operations[parsed.action];
    const caller = this.#authenticate(parsed, operation !== undefined && 'signature' in operation);
    if (service === undefined || operation === undefined || !isVersion(service, parsed.version)) {
      throw unknownAction(parsed);
    }
    if (!rateLimits.admit(action)) {
      throw awsError('Throttling');
    }
    const region = parsed.signature?.region ?? 'us-east-1';
    const actor = { kind: 'api', callerArn: caller.arn, requestSeq: seq } as const;
    const call: Call = { world, caller, region, actor };
    const result = this.#invoke(service, parsed, call, action, requestId);
    return result;
  }

  #invoke(service: Service, parsed: ParsedRequest, call: Call, action: string, requestId: string): Answer {
    const event = service.operations[parsed.action]?.event ?? 'read';
    let errorCode: string | undefined;
    try {
      if (service.protocol === 'json') {
        const operation = service.operations[parsed.action];
        const input = requireJson(parsed);
        this.#authorize(call, action, () => operation?.resource?.(input, call));
        return jsonAnswer(service, operation?.run(input, call) ?? {});
      }
      if (service.protocol === 'rest') {
        const operation = service.operations[parsed.action];
        this.#authorize(call, action, () => operation?.resource?.(parsed.rest, call));
        if (operation === undefined) throw unknownAction(parsed);
        return operation.run(parsed.rest, call);
      }
      const operation = service.operations[parsed.action];
      this.#authorize(call, action, () => operation?.resource?.(parsed.query, call));
      return queryAnswer(service, parsed.action, operation?.run(parsed.query, call), requestId);
    } catch (error) {
      errorCode = error instanceof AwsError ? error.code : 'InternalFailure';
      throw error;
    } finally {
      if (event !== 'data') {
        this.#recordEvent(parsed, call, event, errorCode);
      }
    }
  }

  #authenticate(parsed: ParsedRequest, unsignedAllowed: boolean): Caller {
    if (parsed.signature !== undefined) {
      return identify(parsed.signature, parsed.sessionToken, this.#parts.world);
    }
    if (unsignedAllowed) {
      return anonymous;
    }
    throw awsError('MissingAuthenticationToken');
  }

  #authorize(call: Call, action: string, resource: () => string | undefined): void {
    if (action === 'sts:GetCallerIdentity') {
      // Needs no permission, not even against an explicit deny.
      return;
    }
    if (!call.world.permissions.allows(call.caller.permissionsArn, action)) {
      throw accessDenied(call.caller.arn, action, resource() ?? '*');
    }
  }

  #recordEvent(parsed: ParsedRequest, call: Call, event: 'read' | 'write', errorCode: string | undefined): void {
    const { world, caller } = call;
    world.trail.record({
      at: Math.floor(world.clock.now().getTime() / 1000) * 1000,
      name: parsed.action,
      source: `${parsed.serviceName}.amazonaws.com`,
      region: eventRegion(parsed.serviceName, call.region),
      readOnly: event === 'read',
      userName: caller.eventName,
      accessKeyId: caller.accessKeyId,
      actorArn: caller.arn,
      resources: resourcesOf(parsed),
      ...(errorCode === undefined ? {} : { errorCode }),
    });
  }

  /** What a fault makes of a request. */
  #distort(visit: Visit, effect: FaultEffect): Reaction {
    switch (effect.kind) {
      case 'throttle':
        return this.#answer(visit, awsError('Throttling'));
      case 'server-error':
        return this.#answer(visit, awsError(effect.code ?? 'ServiceFailure', undefined, effect.status ?? 500));
      case 'denied':
        return this.#answer(visit, this.#denial(visit));
      case 'error':
        return this.#answer(visit, awsError(effect.code, effect.message, effect.status, effect.details));
      case 'garbage':
        return this.#answer(visit, garbage(effect));
      case 'reset':
      case 'timeout':
        this.#record(visit, { outcome: effect.kind });
        return { kind: effect.kind };
    }
  }

  #denial({ parsed, action }: Visit): AwsError {
    const { world } = this.#parts;
    let caller = anonymous;
    try {
      caller = this.#authenticate(parsed, false);
    } catch (error) {
      return error instanceof AwsError ? error : internalFailure(error);
    }
    const call: Call = { world, caller, region: parsed.signature?.region ?? '', actor: { kind: 'person' } };
    const operation = parsed.service?.protocol === 'query' ? parsed.service.operations[parsed.action] : undefined;
    return accessDenied(caller.arn, action, operation?.resource?.(parsed.query, call) ?? '*');
  }

  #answer(visit: Visit, outcome: Answer | AwsError): Reaction {
    const { service } = visit.parsed;
    const failed = outcome instanceof AwsError;
    const answer = failed ? errorAnswer(service, outcome, visit.requestId) : outcome;
    const errorCode = failed ? { errorCode: errorCodeOf(service, outcome) } : {};
    this.#record(visit, { outcome: 'answered', status: answer.status, ...errorCode });
    return { kind: 'answer', requestId: visit.requestId, answer };
  }

  #record({ parsed, seq, action }: Visit, outcome: Pick<RequestRecord, 'outcome' | 'status' | 'errorCode'>): void {
    this.#parts.log.add({
      seq,
      at: this.#parts.world.clock.now(),
      service: parsed.serviceName,
      action,
      accessKeyId: parsed.signature?.accessKeyId,
      region: parsed.signature?.region,
      params: paramsOf(parsed),
      ...outcome,
    });
  }
}

function paramsOf({ service, json, query, rest }: ParsedRequest): Readonly<Record<string, unknown>> {
  return service?.protocol === 'rest' ? { path: rest.path } : (json ?? query.summary());
}

/** The user that a request is about. */
function subjectOf({ query }: ParsedRequest, world: World): string | undefined {
  const keyId = query.get('AccessKeyId');
  const found = keyId === undefined ? undefined : world.account.findAccessKey(keyId);
  return query.get('UserName') ?? (found === undefined ? undefined : ownerName(found.owner));
}

function resourcesOf({ query }: ParsedRequest): { type: string; name: string }[] {
  const user = query.get('UserName');
  const key = query.get('AccessKeyId');
  return [
    ...(user === undefined ? [] : [{ type: 'AWS::IAM::User', name: user }]),
    ...(key === undefined ? [] : [{ type: 'AWS::IAM::AccessKey', name: key }]),
  ];
}

function isVersion(service: Service, version: string | undefined): boolean {
  return service.protocol !== 'query' || version === undefined || version === service.version;
}

function unknownAction({ service, serviceName, action, version }: ParsedRequest): AwsError {
  if (service === undefined) {
    return awsError('InvalidAction', `The sandbox does not offer the service ${serviceName}.`);
  }
  return awsError(
    'InvalidAction',
    `Could not find operation ${action} for version ${version ?? 'NO_VERSION_SPECIFIED'}`,
  );
}

function internalFailure(error: unknown): AwsError {
  return awsError('InternalFailure', error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function garbage(effect: Extract<FaultEffect, { kind: 'garbage' }>): Answer {
  const page =
    '<!DOCTYPE html>\n<html><head><title>Proxy error</title></head><body><h1>Please sign in</h1><br></body></html>';
  return { status: effect.status ?? 200, contentType: 'text/html; charset=utf-8', body: effect.body ?? page };
}

function requestIdOf(seq: number): string {
  return `5a4d0b0c-0000-4000-8000-${seq.toString(16).padStart(12, '0')}`;
}
