import { awsError } from '../errors.ts';
import type { Call, JsonObject, JsonOperation, Service } from '../http/operation.ts';
import type { BusEvent } from '../state/bus-event.ts';

/** The most that one PutEvents takes. */
const maxEntries = 10;

const putEvents: JsonOperation = {
  event: 'data',
  resource: (_, { world, region }) =>
    `arn:${world.account.partition}:events:${region}:${world.account.id}:event-bus/default`,
  run({ Entries }, call) {
    if (!Array.isArray(Entries) || Entries.length === 0 || Entries.length > maxEntries) {
      throw awsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${maxEntries}`,
      );
    }
    const results = Entries.map((entry: JsonObject) => put(entry, call));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  },
};

/** An entry that is refused is refused alone, in an answer with status 200. */
function put(entry: JsonObject, { world }: Call): JsonObject {
  const { Source, DetailType, Detail, EventBusName = 'default' } = entry;
  if (EventBusName !== 'default' && !String(EventBusName).endsWith(':event-bus/default'))
    return failure('NotAuthorizedForSource', `the sandbox has no bus ${EventBusName}`);
  if (typeof Source !== 'string' || Source === '') {
    return failure('InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.');
  }
  if (typeof DetailType !== 'string' || DetailType === '') {
    return failure('InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.');
  }
  const detail = parseDetail(Detail);
  if (detail === undefined) return failure('MalformedDetail', 'Detail is malformed.');
  const event: BusEvent = { id: world.ids.uuid(), source: Source, detailType: DetailType, detail };
  world.busEvents.push(event);
  return { EventId: event.id };
}

function parseDetail(text: unknown): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function failure(ErrorCode: string, ErrorMessage: string): JsonObject {
  return { ErrorCode, ErrorMessage };
}

/** Amazon EventBridge's default bus: it keeps what is put on it, and has no rules. */
export const events: Service = {
  name: 'events',
  protocol: 'json',
  target: 'AWSEvents',
  operations: { PutEvents: putEvents },
};
