import { KeysweepError } from '../core/error.ts';
import type { Io } from './io.ts';

/**
 * Shows what is about to happen and asks. Only a full `yes` is a yes, and no answer is a no.
 *
 * Throws KeysweepError `Declined`.
 */
export async function confirm(about: string, question: string, ask: NonNullable<Io['ask']>, io: Io): Promise<void> {
  await io.stderr.write(about);
  const answer = await ask(`${question} Type yes to go on: `);
  if (answer?.trim().toLowerCase() === 'yes') return;
  throw new KeysweepError('Declined', 'nothing was done', { hint: '--yes goes on without asking.' });
}
