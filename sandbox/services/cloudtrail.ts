import { awsError } from '../errors.ts';
import type { Call, JsonObject, JsonOperation, Service } from '../http/operation.ts';
import type { TrailEvent } from '../state/trail.ts';

const keptMs = 90 * 86_400_000;
const pageSize = 50;

type Attribute =
  | 'EventId'
  | 'EventName'
  | 'ReadOnly'
  | 'Username'
  | 'ResourceType'
  | 'ResourceName'
  | 'EventSource'
  | 'AccessKeyId';

/** How each lookup attribute picks events. */
const lookups: Readonly<Record<Attribute, (event: TrailEvent, value: string, id: string) => boolean>> = {
  EventId: (_event, value, id) => id === value,
  EventName: (event, value) => event.name === value,
  ReadOnly: (event, value) => String(event.readOnly) === value,
  Username: (event, value) => event.userName === value,
  ResourceType: (event, value) => (event.resources ?? []).some((resource) => resource.type === value),
  ResourceName: (event, value) => (event.resources ?? []).some((resource) => resource.name === value),
  EventSource: (event, value) => event.source === value,
  AccessKeyId: (event, value) => event.accessKeyId === value,
};

interface Found {
  readonly event: TrailEvent;
  readonly id: string;
}

const lookupEvents: JsonOperation = {
  event: 'read',
  run(input, call) {
    const size = readMaxResults(input);
    const matches = readAttribute(input);
    const { from, to } = readRange(input, call);
    const found = visibleEvents(call, from, to)
      .filter(({ event, id }) => matches(event, id))
      .sort((a, b) => b.event.at - a.event.at || (a.id < b.id ? 1 : -1));
    const start = readToken(input, found);
    const next = start + size < found.length ? found[start + size - 1] : undefined;
    return {
      Events: found.slice(start, start + size).map((entry) => eventFields(entry, call)),
      ...(next === undefined ? {} : { NextToken: Buffer.from(next.id).toString('base64url') }),
    };
  },
};

/** AWS CloudTrail, as far as its event history goes. */
export const cloudtrail: Service = {
  name: 'cloudtrail',
  protocol: 'json',
  target: 'CloudTrail_20131101',
  operations: { LookupEvents: lookupEvents },
};

/** What the event history of the request's region shows by now. */
function visibleEvents(call: Call, from: number, to: number): Found[] {
  const { trail, clock, trailDelayMs } = call.world;
  const now = clock.now().getTime();
  const oldest = Math.max(from, now - keptMs);
  const newest = Math.min(to, now - trailDelayMs);
  const found: Found[] = [];
  for (const [index, event] of trail.events().entries()) {
    if (event.at >= oldest && event.at <= newest && event.region === call.region) {
      found.push({ event, id: eventId(trail.firstIndex + index) });
    }
  }
  return found;
}

function readAttribute(input: JsonObject): (event: TrailEvent, id: string) => boolean {
  const attributes = Array.isArray(input.LookupAttributes) ? (input.LookupAttributes as JsonObject[]) : [];
  const [attribute, ...more] = attributes;
  if (more.length > 0) {
    throw invalid('InvalidLookupAttributesException', 'You can only specify one lookup attribute.');
  }
  if (attribute === undefined) {
    return () => true;
  }
  const { AttributeKey: key, AttributeValue: value } = attribute;
  if (typeof key !== 'string' || !isAttribute(key) || typeof value !== 'string' || value === '') {
    throw invalid('InvalidLookupAttributesException', `Invalid lookup attribute: ${String(key)}.`);
  }
  return (event, id) => lookups[key](event, value, id);
}

function isAttribute(key: string): key is Attribute {
  return Object.hasOwn(lookups, key);
}

function readMaxResults(input: JsonObject): number {
  const value = input.MaxResults ?? pageSize;
  if (typeof value !== 'number' || value < 1 || value > pageSize) {
    throw invalid(
      'InvalidMaxResultsException',
      `MaxResults must be between 1 and ${pageSize}; found ${String(value)}.`,
    );
  }
  return value;
}

function readRange(input: JsonObject, call: Call): { from: number; to: number } {
  const from = typeof input.StartTime === 'number' ? input.StartTime * 1000 : 0;
  const to = typeof input.EndTime === 'number' ? input.EndTime * 1000 : call.world.clock.now().getTime();
  if (from > to) {
    throw invalid('InvalidTimeRangeException', 'The start time must be before the end time.');
  }
  return { from, to };
}

/** The token holds the id of the last event given. */
function readToken(input: JsonObject, found: readonly Found[]): number {
  if (input.NextToken === undefined) {
    return 0;
  }
  const id = Buffer.from(String(input.NextToken), 'base64url').toString();
  const index = found.findIndex((entry) => entry.id === id);
  if (index < 0) {
    throw invalid('InvalidNextTokenException', 'The NextToken is not valid, or has expired.');
  }
  return index + 1;
}

function eventFields({ event, id }: Found, call: Call): object {
  return {
    EventId: id,
    EventName: event.name,
    ReadOnly: String(event.readOnly),
    ...(event.accessKeyId === undefined ? {} : { AccessKeyId: event.accessKeyId }),
    EventTime: event.at / 1000,
    EventSource: event.source,
    ...(event.userName === undefined ? {} : { Username: event.userName }),
    Resources: (event.resources ?? []).map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: JSON.stringify(eventRecord({ event, id }, call)),
  };
}

/** The record as CloudTrail stores it, with the fields that show who did what, from where. */
function eventRecord({ event, id }: Found, call: Call): object {
  const session = event.actorArn.includes(':assumed-role/');
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: session ? 'AssumedRole' : event.actorArn.endsWith(':root') ? 'Root' : 'IAMUser',
      arn: event.actorArn,
      accountId: call.world.account.id,
      ...(event.accessKeyId === undefined ? {} : { accessKeyId: event.accessKeyId }),
      ...(session || event.userName === undefined ? {} : { userName: event.userName }),
    },
    eventTime: `${new Date(event.at).toISOString().slice(0, 19)}Z`,
    eventSource: event.source,
    eventName: event.name,
    awsRegion: event.region,
    sourceIPAddress: event.sourceIp ?? '192.0.2.1',
    userAgent: event.userAgent ?? 'aws-sdk-js/3',
    ...(event.errorCode === undefined ? {} : { errorCode: event.errorCode }),
    eventID: id,
    readOnly: event.readOnly,
    eventType: event.name === 'ConsoleLogin' ? 'AwsConsoleSignIn' : 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: call.world.account.id,
    eventCategory: 'Management',
  };
}

/** Stable for the n-th event of the account. */
function eventId(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

function invalid(code: string, message: string): Error {
  return awsError(code, message);
}
