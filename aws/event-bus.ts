import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { KeysweepError } from '../core/error.ts';
import { eventSource, type KeysweepEvent } from '../core/events.ts';
import type { EventPublisher } from '../core/ports.ts';
import { toKeysweepError } from './errors.ts';
import type { AwsSession } from './session.ts';

/** PutEvents takes so many at once. Source: the EventBridge API reference. */
const batchSize = 10;

/**
 * Puts events on an EventBridge bus, in order.
 *
 * Throws KeysweepError EventsRefused where EventBridge took a request and refused one of its events, or what
 * EventBridge says. Events before the failure are out then.
 */
export function createEventBus(session: AwsSession, bus: string): EventPublisher {
  const eventBridge = session.client('events', EventBridgeClient);
  return {
    publish: async (events) => {
      for (let start = 0; start < events.length; start += batchSize) {
        const entries = events.slice(start, start + batchSize).map((event) => toEntry(event, bus));
        let answers: readonly PutEventsResultEntry[];
        try {
          const { Entries = [] } = await eventBridge.send(new PutEventsCommand({ Entries: entries }));
          answers = Entries;
        } catch (error) {
          throw toKeysweepError(error, 'events:PutEvents');
        }
        refuseFailures(answers);
      }
    },
  };
}

function toEntry({ type, detail }: KeysweepEvent, EventBusName: string) {
  return { Source: eventSource, DetailType: type, Detail: JSON.stringify(detail), EventBusName };
}

/** PutEvents answers with status 200 also where it refused an event. */
function refuseFailures(answers: readonly PutEventsResultEntry[]): void {
  const failed = answers.find(({ ErrorCode }) => ErrorCode !== undefined);
  if (failed === undefined) return;
  throw new KeysweepError(
    'EventsRefused',
    `EventBridge refused an event: ${failed.ErrorCode}: ${failed.ErrorMessage}`,
    {
      hint: 'Look at the bus and at its policy.',
    },
  );
}
