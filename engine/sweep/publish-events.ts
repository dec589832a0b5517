import { messageOf } from '../../core/error.ts';
import { credentialEvents } from '../../core/events.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import type { EventPublisher } from '../../core/ports.ts';

/**
 * Puts what a sweep did and found on the bus, where there is one. Whatever was done is done, also where no machine
 * hears of it: then the run is partial.
 */
export async function publishEvents(events: EventPublisher | undefined, result: SweepResult): Promise<SweepResult> {
  try {
    await events?.publish(credentialEvents(result));
    return result;
  } catch (error) {
    const problems = [...result.problems, `not every event could be put on the bus: ${messageOf(error)}`];
    return { ...result, problems, outcome: result.outcome === 'complete' ? 'partial' : result.outcome };
  }
}
