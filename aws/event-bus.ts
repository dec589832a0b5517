import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import pLimit from 'p-limit';
import { SECOND } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import { eventSource, type KeysweepEvent } from '../core/events.ts';
import type { EventPublisher, Timing } from '../core/ports.ts';
import { toKeysweepError } from './errors.ts';
import type { AwsSession } from './session.ts';
import { systemTiming } from './timing.ts';

/** The most entries of one PutEvents. Source: the EventBridge API reference. */
const batchSize = 10;

/** Concurrent requests. The bus keeps no order, and the first night of a large account has thousands of events. */
const concurrency = 4;

/** Rounds for events that EventBridge could not accept for internal reasons, and the pause before each further round. */
const maxRounds = 4;
const pauses = [SECOND, 3 * SECOND, 9 * SECOND] as const;

/** Error codes of events that may be sent again. Source: the EventBridge API reference, PutEventsResultEntry. */
const retryable: readonly (string | undefined)[] = ['InternalFailure', 'InternalException', 'ThrottlingException'];

export interface EventBusOptions {
  /** @default the machine's */
  readonly timing?: Timing;
}

interface Refusal {
  readonly entry: PutEventsRequestEntry;
  readonly answer: PutEventsResultEntry;
}

/**
 * Puts events on an EventBridge bus, by its name or ARN.
 *
 * Throws KeysweepError EventsRefused if EventBridge accepted a request but refused some of its events, or another error of
 * EventBridge. All other events have been sent by then.
 */
export function createEventBus(
  session: AwsSession,
  bus: string,
  { timing = systemTiming }: EventBusOptions = {},
): EventPublisher {
  const eventBridge = session.client('events', EventBridgeClient, { region: regionOfBus(bus) });

  async function put(batch: readonly PutEventsRequestEntry[]): Promise<readonly Refusal[]> {
    let answers: readonly PutEventsResultEntry[];
    try {
      const { Entries = [] } = await eventBridge.send(new PutEventsCommand({ Entries: [...batch] }));
      answers = Entries;
    } catch (error) {
      throw toKeysweepError(error, 'events:PutEvents');
    }
    // The answer has status 200 even if events were refused; it lists the result of each, in order.
    return batch.flatMap((entry, at) => {
      const answer = answers[at] ?? { ErrorCode: 'InternalFailure', ErrorMessage: 'not mentioned in the answer' };
      return answer.ErrorCode === undefined ? [] : [{ entry, answer }];
    });
  }

  /** Tries all batches, even if one fails. */
  async function putAll(entries: readonly PutEventsRequestEntry[]): Promise<readonly Refusal[]> {
    const limit = pLimit(concurrency);
    const settled = await Promise.allSettled(batchesOf(entries).map((batch) => limit(() => put(batch))));
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
    return settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  }

  return {
    publish: async (events) => {
      const lost: Refusal[] = [];
      let unsent = events.map((event) => toEntry(event, bus));
      for (let round = 1; unsent.length > 0; round++) {
        const refused = await putAll(unsent);
        const mayRetry = ({ answer }: Refusal) => round < maxRounds && retryable.includes(answer.ErrorCode);
        lost.push(...refused.filter((refusal) => !mayRetry(refusal)));
        unsent = refused.filter(mayRetry).map(({ entry }) => entry);
        if (unsent.length > 0) await timing.sleep((pauses[round - 1] ?? 0) * (0.5 + timing.random() / 2));
      }
      const [first] = lost;
      if (first !== undefined) throw refusedError(lost.length, first);
    },
  };
}

function batchesOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / batchSize);
  return Array.from({ length: count }, (_, at) => items.slice(at * batchSize, (at + 1) * batchSize));
}

function toEntry({ type, detail }: KeysweepEvent, EventBusName: string): PutEventsRequestEntry {
  return { Source: eventSource, DetailType: type, Detail: JSON.stringify(detail), EventBusName };
}

/** Undefined for a name: it is in the caller's region. */
function regionOfBus(bus: string): string | undefined {
  return /^arn:aws[\w-]*:events:([a-z\d-]+):/.exec(bus)?.[1];
}

function refusedError(count: number, { answer }: Refusal): KeysweepError {
  const what = count === 1 ? 'an event' : `${count} events`;
  return new KeysweepError(
    'EventsRefused',
    `EventBridge refused ${what}: ${answer.ErrorCode}: ${answer.ErrorMessage}`,
    {
      hint: 'Check the bus and its policy.',
    },
  );
}
