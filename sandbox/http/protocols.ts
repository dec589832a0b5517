import type { AwsError } from '../errors.ts';
import { element, elements, type XmlObject } from '../xml.ts';
import type { Answer, Service } from './operation.ts';

/** The names and statuses that services with the JSON protocol use for the common errors. */
const jsonCodes: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  ExpiredToken: 'ExpiredTokenException',
  InvalidAction: 'UnknownOperationException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  Throttling: 'ThrottlingException',
};

/** A successful answer of the Query protocol. */
export function queryAnswer(
  service: Service,
  action: string,
  result: XmlObject | undefined,
  requestId: string,
): Answer {
  const namespace = service.protocol === 'query' ? service.namespace : '';
  const content = result === undefined ? '' : `<${action}Result>${elements(result)}</${action}Result>`;
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  return xml(200, `<${action}Response xmlns="${namespace}">${content}${metadata}</${action}Response>`);
}

export function jsonAnswer(service: JsonService, result: object): Answer {
  return { status: 200, contentType: jsonType(service), body: JSON.stringify(result) };
}

type JsonService = Extract<Service, { readonly protocol: 'json' }>;

function jsonType({ json }: JsonService): string {
  return `application/x-amz-json-${json?.version ?? '1.1'}`;
}

/** The code of an error as the service puts it. */
export function errorCodeOf(service: Service | undefined, error: AwsError): string {
  return service?.protocol === 'json' ? (jsonCodes[error.code] ?? error.code) : error.code;
}

/** An error in the protocol of the service that was called. */
export function errorAnswer(service: Service | undefined, error: AwsError, requestId: string): Answer {
  const code = errorCodeOf(service, error);
  if (service?.protocol === 'json') {
    const status = code === error.code ? error.status : 400;
    const type = service.json === undefined ? code : `${service.json.errorNamespace}#${code}`;
    const body = JSON.stringify({ __type: type, message: error.message, ...error.details });
    return { status, contentType: jsonType(service), body };
  }
  if (service?.protocol === 'rest') {
    const content = element('Error', { Code: code, Message: error.message, RequestId: requestId });
    return { ...xml(error.status, content), contentType: 'application/xml' };
  }
  const details = { Type: error.status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: error.message };
  const namespace = service === undefined ? '' : ` xmlns="${service.namespace}"`;
  const content = `${element('Error', details)}${element('RequestId', requestId)}`;
  return xml(error.status, `<ErrorResponse${namespace}>${content}</ErrorResponse>`);
}

function xml(status: number, markup: string): Answer {
  return { status, contentType: 'text/xml', body: `<?xml version="1.0" encoding="UTF-8"?>\n${markup}` };
}
