/** Answers of PutEvents with status 200 that refuse some of the events. */
import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEventBus } from '../../aws/event-bus.ts';
import { connect } from '../../aws/session.ts';
import { credentialEvents, type KeysweepEvent } from '../../core/events.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { mixedSweep } from '../support/sweep-fixture.ts';

const mock = mockClient(EventBridgeClient);
const [event] = credentialEvents(mixedSweep) as readonly [KeysweepEvent];
const events = Array.from({ length: 25 }, (_, at) => ({
  ...event,
  detail: { ...event.detail, sweep: String(at) },
})) as KeysweepEvent[];

/** What was taken, by `sweep`. */
let taken: number[] = [];

/** Refuses these events so many times each, with a code. */
function refuse(refusals: Readonly<Record<number, number>>, ErrorCode: string): void {
  const remaining = new Map(Object.entries(refusals).map(([sweep, times]) => [Number(sweep), times]));
  mock
    .on(PutEventsCommand)
    .callsFake(({ Entries = [] }: { readonly Entries?: readonly { readonly Detail: string }[] }) => {
      const answers = Entries.map(({ Detail }): PutEventsResultEntry => {
        const sweep = Number(JSON.parse(Detail).sweep);
        const times = remaining.get(sweep) ?? 0;
        remaining.set(sweep, times - 1);
        if (times > 0) return { ErrorCode, ErrorMessage: 'try again' };
        taken.push(sweep);
        return { EventId: String(sweep) };
      });
      return { Entries: answers };
    });
}

const inOrder = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
const all = [...events.keys()];

function openBus() {
  const timing = manualTiming();
  return { timing, bus: createEventBus(connect({ region: 'eu-central-1' }), 'default', { timing }) };
}

beforeEach(() => {
  mock.reset();
  taken = [];
});

describe('createEventBus', () => {
  it('sends what was refused for a passing reason again, that alone, after a pause', async () => {
    refuse({ 3: 1, 14: 2 }, 'InternalFailure');
    const { bus, timing } = openBus();
    await bus.publish(events);
    expect(inOrder(taken)).toEqual(all);
    expect(mock.commandCalls(PutEventsCommand)).toHaveLength(3 + 1 + 1);
    expect(timing.sleeps).toEqual([1_000, 3_000]);
  });

  it('gives up in the end, and says how many are lost; all others are out', async () => {
    refuse({ 3: 99, 14: 99 }, 'ThrottlingException');
    await expect(openBus().bus.publish(events)).rejects.toMatchObject({
      code: 'EventsRefused',
      message: 'EventBridge refused 2 events: ThrottlingException: try again',
    });
    expect(inOrder(taken)).toEqual(all.filter((at) => at !== 3 && at !== 14));
  });

  it('does not send again what is refused for good; all others are out', async () => {
    refuse({ 3: 99 }, 'NotAuthorizedForDetailType');
    const { bus, timing } = openBus();
    await expect(bus.publish(events)).rejects.toMatchObject({ message: expect.stringContaining('refused an event') });
    expect(inOrder(taken)).toEqual(all.filter((at) => at !== 3));
    expect(timing.sleeps).toEqual([]);
  });

  it('takes an event for refused that the answer does not mention', async () => {
    mock.on(PutEventsCommand).resolves({ Entries: [] });
    await expect(openBus().bus.publish([event])).rejects.toMatchObject({ code: 'EventsRefused' });
  });

  it('tries all requests, whatever becomes of one', async () => {
    mock.on(PutEventsCommand).resolves({ Entries: Array(10).fill({ EventId: 'x' }) });
    mock.on(PutEventsCommand).rejectsOnce(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(openBus().bus.publish(events)).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(mock.commandCalls(PutEventsCommand)).toHaveLength(3);
  });
});
