import { counted } from '../words.ts';
import type { DigestInput } from './digest-input.ts';

/** What a reader of one of several messages must know; nothing where there is one alone. */
export function partNotes({ part }: Pick<DigestInput, 'part'>): readonly string[] {
  if (part === undefined) return [];
  const { number, of, unnamed } = part;
  return [
    ...(of > 1 ? [`This is message ${number} of ${of} of this sweep. Each has different notices.`] : []),
    ...(unnamed > 0
      ? [
          `${counted(unnamed, 'more notice')} did not fit and ${unnamed === 1 ? 'does' : 'do'} not count as sent. The next sweep sends ${unnamed === 1 ? 'it' : 'them'}; what ${unnamed === 1 ? 'it announces' : 'they announce'} does not happen before that.`,
        ]
      : []),
  ];
}
