/** Schema of the thresholds, which stand at the top of keysweep.yaml and, of users, in its overrides. */
import { z } from 'zod';
import { DAY, formatDuration, MINUTE } from '../duration.ts';
import { defaultPolicy } from './defaults.ts';
import { duration, withDefault } from './schema-values.ts';

const { accessKeys, consolePasswords, root } = defaultPolicy;

const accessKeyThresholds = z.strictObject({
  maxAge: duration('An active key older than this is too old.', accessKeys.maxAge, MINUTE).optional(),
  maxIdle: duration('An active key not used for this long or longer is unused.', accessKeys.maxIdle, MINUTE).optional(),
  neverUsedGrace: duration('A new key may stay unused for less than this.', accessKeys.neverUsedGrace).optional(),
  inUseWindow: duration('A key used more recently than this is in use.', accessKeys.inUseWindow, DAY).optional(),
  deactivateInUse: z
    .boolean({ error: 'expected true or false' })
    .meta({ description: withDefault('Deactivate keys that are too old even while they are in use.', 'false') })
    .optional(),
  warn: z
    .array(duration('Time before the deactivation.', undefined, MINUTE), {
      error: 'expected a list of durations such as [14d, 7d, 1d]',
    })
    .min(1, { error: 'expected at least one duration: notice always comes before a deactivation' })
    .refine((list) => list.every((item, index) => index === 0 || item < Number(list[index - 1])), {
      error: 'expected the longest duration first, and none twice, such as [14d, 7d, 1d]',
    })
    .meta({
      description: withDefault(
        'When notices go out before a deactivation. The first one starts the clock. Each at least 1m.',
        `[${accessKeys.warn.map(formatDuration).join(', ')}]`,
      ),
    })
    .optional(),
  deleteAfter: duration('From the recorded deactivation to the deletion.', accessKeys.deleteAfter, DAY).optional(),
  restoreGrace: duration('A restored key is left alone for this long.', accessKeys.restoreGrace, DAY).optional(),
  maxInactive: duration('An inactive key should be gone by then.', accessKeys.maxInactive).optional(),
});

const consolePasswordThresholds = z.strictObject({
  maxAge: duration('A password changed longer ago than this is too old. Off unless set.', undefined, MINUTE).optional(),
  maxIdle: duration(
    'A password not used for this long or longer is unused.',
    consolePasswords.maxIdle,
    MINUTE,
  ).optional(),
  neverUsedGrace: duration(
    'A new password may stay unused for less than this.',
    consolePasswords.neverUsedGrace,
  ).optional(),
});

const rootThresholds = z.strictObject({
  recentUse: duration('A more recent use of the root user is a finding.', root.recentUse).optional(),
});

export const thresholds = {
  accessKeys: accessKeyThresholds.optional(),
  consolePasswords: consolePasswordThresholds.optional(),
  root: rootThresholds.optional(),
};
