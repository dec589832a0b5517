import { messageOf } from '../../core/error.ts';
import { credentialEvents } from '../../core/events.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import type { EventPublisher } from '../../core/ports.ts';

/**
 * Publishes what a sweep did and found on the event bus, if there is one. If that fails, the changes stay made, and the
 * sweep is partial.
 */
export async function publishEvents(events: EventPublisher | undefined, result: SweepResult): Promise<SweepResult> {
  try {
    await events?.publish(credentialEvents(result));
    return result;
  } catch (error) {
    const problems = [...result.problems, `not every event could be published: ${messageOf(error)}`];
    return { ...result, problems, outcome: result.outcome === 'complete' ? 'partial' : result.outcome };
  }
}
