import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { createEventBus } from '../../../aws/event-bus.ts';
import { credentialEvents } from '../../../core/events.ts';
import { mixedSweep } from '../../support/sweep-fixture.ts';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';

const good: PutEventsRequestEntry = { Source: 'keysweep', DetailType: 'Audit Completed', Detail: '{"version":"1"}' };

export const busScenarios: ScenarioGroup = {
  title: 'events on the default bus',
  scenarios: [
    {
      name: 'events are accepted, each with an id',
      run: async (world) => {
        await createEventBus(world.session, 'default').publish(credentialEvents(mixedSweep));
        const { FailedEntryCount, Entries } = await put(world, [good, good]);
        expect(FailedEntryCount).toBe(0);
        expect(Entries).toMatchObject([{ EventId: expect.any(String) }, { EventId: expect.any(String) }]);
      },
    },
    {
      name: 'an entry whose detail is not JSON is rejected on its own, in a response with status 200',
      run: async (world) => {
        const { FailedEntryCount, Entries } = await put(world, [{ ...good, Detail: '{' }, good]);
        expect(FailedEntryCount).toBe(1);
        expect(Entries).toMatchObject([{ ErrorCode: 'MalformedDetail' }, { EventId: expect.any(String) }]);
      },
    },
    {
      name: 'eleven entries are a ValidationException, 400',
      run: async (world) => {
        const refused = put(
          world,
          Array.from({ length: 11 }, () => good),
        );
        expect(await refusalOf(refused)).toMatchObject({ name: 'ValidationException', status: 400 });
      },
    },
  ],
};

function put({ session }: World, Entries: PutEventsRequestEntry[]) {
  return session.client('events', EventBridgeClient).send(new PutEventsCommand({ Entries }));
}
