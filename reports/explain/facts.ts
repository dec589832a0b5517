/** What the parts of explain's table are made of. */
import { describeDuration } from '../../core/duration.ts';
import { timeInWords } from '../words.ts';

export type Fact = readonly [label: string, text: string];
export type Section = readonly [heading: string, facts: readonly Fact[]];

export function actorInWords(actor: 'keysweep' | 'person'): string {
  return actor === 'keysweep' ? 'keysweep' : 'someone';
}

export function withAge(time: Date, asOf: Date, timezone: string | undefined): string {
  return `${timeInWords(time, timezone)} (${describeDuration(asOf.getTime() - time.getTime())} ago)`;
}
