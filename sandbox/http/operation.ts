import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '../state/journal.ts';
import type { World } from '../world.ts';
import type { XmlObject } from '../xml.ts';
import type { Caller } from './caller.ts';
import type { QueryParams } from './query-params.ts';

/** One request on its way through an operation. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  /** The region that the request is signed for. */
  readonly region: string;
  /** Whom changes are put down to. */
  readonly actor: Actor;
}

interface OperationBase<Input> {
  /** The resource in the text of an AccessDenied. Default `*`. */
  readonly resource?: (input: Input, call: Call) => string;
  /** `read` and `write` are management events in CloudTrail, `data` is none. */
  readonly event: 'read' | 'write' | 'data';
}

/** One action of a service with the Query protocol: parameters in, the content of the Result element out. */
export interface QueryOperation extends OperationBase<QueryParams> {
  /** May throw AwsError. Undefined: the answer has no Result element. */
  readonly run: (params: QueryParams, call: Call) => XmlObject | undefined;
  /** `none`: may be called without a signature. */
  readonly signature?: 'none';
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** One action of a service with the JSON protocol. */
export interface JsonOperation extends OperationBase<JsonObject> {
  readonly run: (input: JsonObject, call: Call) => object;
}

/** A request of a REST protocol: what the operation makes of method, path and body is its own affair. */
export interface RestRequest {
  readonly method: string;
  /** Decoded, with the leading slash. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Beside those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One action of a service with a REST protocol. */
export interface RestOperation extends OperationBase<RestRequest> {
  readonly run: (request: RestRequest, call: Call) => Answer;
}

/** A service with its table of operations. */
export type Service =
  | {
      readonly name: string;
      readonly protocol: 'query';
      /** The API's version, which is also in its XML namespace. */
      readonly version: string;
      readonly namespace: string;
      readonly operations: Readonly<Record<string, QueryOperation>>;
    }
  | {
      readonly name: string;
      readonly protocol: 'json';
      /** The X-Amz-Target header without the action. */
      readonly target: string;
      /** How it differs from version 1.1 of the protocol, with errors of no namespace. */
      readonly json?: { readonly version: '1.0'; readonly errorNamespace: string };
      readonly operations: Readonly<Record<string, JsonOperation>>;
    }
  | {
      readonly name: string;
      readonly protocol: 'rest';
      /** The action that a request means; `Unknown` where the sandbox has none for it. */
      readonly actionOf: (request: RestRequest) => string;
      readonly operations: Readonly<Record<string, RestOperation>>;
    };
