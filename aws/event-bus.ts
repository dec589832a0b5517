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

/** PutEvents takes so many at once. Source: the EventBridge API reference. */
const batchSize = 10;

/** Requests at the same time. The bus keeps no order, and the first night of a large account tells of thousands. */
const concurrency = 4;

/** Rounds for events that EventBridge could not take for reasons of its own, and the pause before each further one. */
const maxRounds = 4;
const pauses = [SECOND, 3 * SECOND, 9 * SECOND] as const;

/** Of an event that may be sent again. Source: the EventBridge API reference, PutEventsResultEntry. */
const passing: readonly (string | undefined)[] = ['InternalFailure', 'InternalException', 'ThrottlingException'];

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
 * Throws KeysweepError EventsRefused where EventBridge took a request and refused some of its events, or what EventBridge
 * says. The others are out then.
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
    // The answer has status 200 also where it refuses events; it says of each, in their order, how it went.
    return batch.flatMap((entry, at) => {
      const answer = answers[at] ?? { ErrorCode: 'InternalFailure', ErrorMessage: 'not mentioned in the answer' };
      return answer.ErrorCode === undefined ? [] : [{ entry, answer }];
    });
  }

  /** All batches are tried, whatever becomes of one. */
  async function putAll(entries: readonly PutEventsRequestEntry[]): Promise<readonly Refusal[]> {
    const limit = pLimit(concurrency);
    const settled = await Promise.allSettled(batchesOf(entries).map((batch) => limit(() => put(batch))));
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
    return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  return {
    publish: async (events) => {
      const lost: Refusal[] = [];
      let left = events.map((event) => toEntry(event, bus));
      for (let round = 1; left.length > 0; round++) {
        const refused = await putAll(left);
        const mayPass = ({ answer }: Refusal) => round < maxRounds && passing.includes(answer.ErrorCode);
        lost.push(...refused.filter((one) => !mayPass(one)));
        left = refused.filter(mayPass).map(({ entry }) => entry);
        if (left.length > 0) await timing.sleep((pauses[round - 1] ?? 0) * (0.5 + timing.random() / 2));
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
      hint: 'Look at the bus and at its policy.',
    },
  );
}
