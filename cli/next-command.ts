import type { Io } from './io.ts';

/**
 * A command of keysweep for the user to run next, as it was called itself: in a checkout `npm run keysweep` is there, and
 * a command `keysweep` perhaps is not.
 */
export function nextCommand(args: string, { env }: Pick<Io, 'env'>): string {
  return env.npm_lifecycle_event === 'keysweep' ? `npm run -s keysweep -- ${args}` : `keysweep ${args}`;
}
