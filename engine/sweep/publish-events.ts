import { messageOf } from '../../core/error.ts';
import { credentialEvents } from '../../core/events.ts';
import type { Rotation } from '../../core/lifecycle/sweep-result.ts';
import type { EventPublisher } from '../../core/ports.ts';

/**
 * Puts what a rotation did and found on the bus, where there is one. Whatever was done is done, also where no machine
 * hears of it: then the run is partial.
 */
export async function tellMachines(events: EventPublisher | undefined, rotation: Rotation): Promise<Rotation> {
  try {
    await events?.publish(credentialEvents(rotation));
    return rotation;
  } catch (error) {
    const problems = [...rotation.problems, `not every event could be put on the bus: ${messageOf(error)}`];
    return { ...rotation, problems, outcome: rotation.outcome === 'complete' ? 'partial' : rotation.outcome };
  }
}
