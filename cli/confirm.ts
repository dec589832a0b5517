/** Questions before a change. */
import { KeysweepError } from '../core/error.ts';
import type { Io } from './io.ts';

type Ask = NonNullable<Io['ask']>;

/**
 * Shows what is about to happen and asks. Only the full word `yes` is a yes; no answer is a no.
 *
 * Throws KeysweepError `Cancelled`.
 */
export async function confirm(about: string, question: string, ask: Ask, io: Io): Promise<void> {
  await (io.questions ?? io.stderr).write(about);
  const answer = await ask(`${question} Type yes to continue: `);
  if (answer?.toLowerCase() !== 'yes') throw cancelled();
}

/**
 * Shows what is about to happen, and asks for one of these names, so that a habitual `yes` in the wrong account does
 * nothing. The name must be exact.
 *
 * Throws KeysweepError `Cancelled`.
 */
export async function confirmByName(about: string, what: string, names: readonly string[], ask: Ask, io: Io) {
  await (io.questions ?? io.stderr).write(about);
  const wanted = names.join(' or ');
  const answer = await ask(`Type ${what} to continue (${wanted}): `);
  if (!names.includes(answer ?? '')) throw cancelled(isRefusal(answer) ? undefined : `The answer was not ${wanted}.`);
}

function isRefusal(answer: string | undefined): boolean {
  return ['', 'n', 'no', 'cancel', 'q', 'quit', undefined].includes(answer?.toLowerCase());
}

function cancelled(hint?: string): KeysweepError {
  return new KeysweepError('Cancelled', 'Cancelled, nothing changed.', hint === undefined ? {} : { hint });
}

/** How to ask. Throws KeysweepError `ConfirmationMissing` if no one can be asked. */
export function refuseWithoutTerminal({ ask }: Io): Ask {
  if (ask !== undefined) return ask;
  throw new KeysweepError('ConfirmationMissing', 'cannot ask for confirmation: there is no terminal', {
    hint: 'In a script, use --yes.',
  });
}
