import { type AwsError, awsError } from '../errors.ts';
import type { Call, QueryOperation, Service } from '../http/operation.ts';
import type { QueryParams } from '../http/query-params.ts';
import type { MessageAttribute } from '../state/messages.ts';
import { subscriptionOperations } from './sns-subscriptions.ts';

const maxMessageBytes = 256 * 1024;

const createTopic: QueryOperation = {
  event: 'write',
  resource: (params, call) => topicArn(params.get('Name') ?? '', call),
  run(params, call) {
    const name = params.get('Name') ?? '';
    if (!/^[\w-]{1,256}$/.test(name)) {
      throw invalid('Topic Name');
    }
    return { TopicArn: call.world.topics.create(name, call.region).arn };
  },
};

const publish: QueryOperation = {
  event: 'data',
  resource: (params) => params.get('TopicArn') ?? params.get('TargetArn') ?? '*',
  run(params, call) {
    const body = readBody(params);
    const subject = readSubject(params);
    const structure = readStructure(params);
    const bodies = structure === 'json' ? readBodies(body) : {};
    const attributes = readAttributes(params);
    const topic = call.world.topics.topic(params.get('TopicArn') ?? params.get('TargetArn') ?? '');
    const id = call.world.ids.uuid();
    const at = call.world.clock.now();
    call.world.topics.publish(topic, { id, at, topicArn: topic.arn, subject, body, structure, bodies, attributes });
    return { MessageId: id };
  },
};

/** Amazon Simple Notification Service. */
export const sns: Service = {
  name: 'sns',
  protocol: 'query',
  version: '2010-03-31',
  namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  operations: {
    CreateTopic: createTopic,
    Publish: publish,
    ...subscriptionOperations,
  },
};

function topicArn(name: string, call: Call): string {
  const { partition, id } = call.world.account;
  return `arn:${partition}:sns:${call.region}:${id}:${name}`;
}

function readBody(params: QueryParams): string {
  const body = params.get('Message') ?? '';
  if (body === '') {
    throw invalid('Empty message');
  }
  if (Buffer.byteLength(body) > maxMessageBytes) {
    throw invalid('Message too long');
  }
  return body;
}

/** Under 100 printable ASCII characters in one line, not beginning with a space. */
function readSubject(params: QueryParams): string | undefined {
  const subject = params.get('Subject');
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) {
    throw invalid('Subject');
  }
  return subject;
}

function readStructure(params: QueryParams): 'json' | undefined {
  const structure = params.get('MessageStructure');
  if (structure !== undefined && structure !== 'json') {
    throw invalid('MessageStructure');
  }
  return structure;
}

function readBodies(body: string): Record<string, string> {
  const parsed = parseObject(body);
  if (parsed === undefined) {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof parsed.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
  return Object.fromEntries(
    Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function readAttributes(params: QueryParams): Record<string, MessageAttribute> {
  const attributes: Record<string, MessageAttribute> = {};
  for (const entry of params.structures('MessageAttributes.entry', 'Name')) {
    const name = entry('Name') ?? '';
    const type = entry('Value.DataType') ?? '';
    const value = entry('Value.StringValue') ?? entry('Value.BinaryValue') ?? '';
    if (!/^(String|Number|Binary)(\.[\w-]+)*$/.test(type)) {
      throw awsError(
        'ParameterValueInvalid',
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    if (value === '') {
      throw awsError(
        'ParameterValueInvalid',
        `The message attribute '${name}' must contain non-empty message attribute value.`,
      );
    }
    attributes[name] = { type, value };
  }
  return attributes;
}

function invalid(what: string): AwsError {
  return awsError('InvalidParameter', `Invalid parameter: ${what}`);
}
