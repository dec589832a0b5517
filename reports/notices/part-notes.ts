import { counted } from '../words.ts';
import type { DigestInput } from './digest-input.ts';

/** What a reader of one of several messages must know; nothing where there is one alone. */
export function partNotes({ part }: Pick<DigestInput, 'part'>): readonly string[] {
  if (part === undefined) return [];
  const { number, of, unnamed } = part;
  return [
    ...(of > 1 ? [`This is message ${number} of ${of} of this sweep. Each names other keys.`] : []),
    ...(unnamed > 0
      ? [
          `${counted(unnamed, 'further notice')} did not fit into any message. They do not count as sent: the next sweep sends them, and nothing happens to those keys before that.`,
        ]
      : []),
  ];
}
