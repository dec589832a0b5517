import { describe, expect, it } from 'vitest';
import { createEventBus } from '../../aws/event-bus.ts';
import { credentialEvents, type KeysweepEvent } from '../../core/events.ts';
import { connectSandbox } from '../support/aws-sandbox.ts';
import { mixedSweep } from '../support/sweep-fixture.ts';

async function openBus(name = 'default') {
  const { sandbox, session } = await connectSandbox();
  return { sandbox, bus: createEventBus(session, name) };
}

const [event] = credentialEvents(mixedSweep) as readonly [KeysweepEvent];

describe('createEventBus', () => {
  it('puts events on the bus, ten in a request', async () => {
    const { sandbox, bus } = await openBus();
    const events = Array.from({ length: 21 }, (_, index) => ({
      ...event,
      detail: { ...event.detail, sweep: String(index) },
    })) as KeysweepEvent[];
    await bus.publish(events);
    expect(sandbox.requestCounts()).toEqual({ 'events:PutEvents': 3 });
    expect(sandbox.busEvents.map(({ source, detailType }) => `${source} ${detailType}`)).toEqual(
      events.map(({ type }) => `keysweep ${type}`),
    );
    const sweeps = sandbox.busEvents.map(({ detail }) => Number(detail.sweep));
    expect(sweeps.toSorted((a, b) => a - b)).toEqual([...events.keys()]);
  });

  it('asks nothing where there is nothing to say', async () => {
    const { sandbox, bus } = await openBus();
    await bus.publish([]);
    expect(sandbox.requestCounts()).toEqual({});
  });

  it('takes the ARN of a bus for its name and its region', async () => {
    const { sandbox, bus } = await openBus('arn:aws:events:eu-west-1:111122223333:event-bus/default');
    await bus.publish([event]);
    expect(sandbox.busEvents).toHaveLength(1);
    expect(sandbox.requests.at(-1)?.region).toBe('eu-west-1');
  });

  it('takes an event that was refused in a successful answer for a failure', async () => {
    const { bus } = await openBus('other');
    await expect(bus.publish([event])).rejects.toMatchObject({ code: 'EventsRefused' });
  });

  it('names the missing permission', async () => {
    const { sandbox, bus } = await openBus();
    sandbox.faults.add({ action: 'events:PutEvents', kind: 'denied' });
    await expect(bus.publish([event])).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('events:PutEvents'),
    });
  });
});
