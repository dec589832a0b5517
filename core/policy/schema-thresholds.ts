/** Schema of the thresholds, which stand at the top of keysweep.yaml and, of users, in its overrides. */
import { z } from 'zod';
import { DAY, formatDuration, MINUTE } from '../duration.ts';
import type { CredentialThresholds } from '../kinds/kind.ts';
import { bySection, type Kind } from '../kinds/kinds.ts';
import { defaultPolicy } from './defaults.ts';
import { duration, withDefault } from './schema-values.ts';

const { consolePasswords, root } = defaultPolicy;

/** The section of one kind: only what applies to it. */
function sectionOf({ noun, use, off, defaults }: Kind) {
  const { short, shortMany } = noun;
  const ofEvery = {
    maxAge: duration(`An active ${short} older than this is too old.`, defaults.maxAge, MINUTE).optional(),
  };
  const ofTracked = {
    maxIdle: duration(
      `An active ${short} not used for this long or longer is unused.`,
      defaults.maxIdle,
      MINUTE,
    ).optional(),
    neverUsedGrace: duration(`A new ${short} may stay unused for less than this.`, defaults.neverUsedGrace).optional(),
  };
  const inUseWindow = duration(
    `A ${short} used more recently than this is in use.`,
    defaults.inUseWindow,
    DAY,
  ).optional();
  const evenSo = use === 'tracked' ? 'even while they are in use' : 'although nobody can tell whether they are in use';
  const deactivateInUse = z
    .boolean({ error: 'expected true or false' })
    .meta({
      description: withDefault(`Deactivate ${shortMany} that are too old ${evenSo}.`, String(defaults.deactivateInUse)),
    })
    .optional();
  const ofOff = {
    deleteAfter: duration('From the recorded deactivation to the deletion.', defaults.deleteAfter, DAY).optional(),
    restoreGrace: duration(`A restored ${short} is left alone for this long.`, defaults.restoreGrace, DAY).optional(),
    maxInactive: duration(`An inactive ${short} should be gone by then.`, defaults.maxInactive).optional(),
  };
  const isTracked = use === 'tracked';
  return z.strictObject({
    ...ofEvery,
    ...(isTracked ? ofTracked : {}),
    ...(isTracked && off === 'status' ? { inUseWindow } : {}),
    ...(off === 'status' ? { deactivateInUse } : {}),
    ...(off === 'none' ? {} : { warn: warnOf(off, defaults) }),
    ...(off === 'status' ? ofOff : {}),
  });
}

function warnOf(off: Kind['off'], { warn }: CredentialThresholds) {
  const what =
    off === 'status'
      ? 'When notices go out before a deactivation. The first one starts the clock. Each at least 1m.'
      : 'The first one is how often its owner is asked to remove it. Each at least 1m.';
  return z
    .array(duration('Time before the deactivation.', undefined, MINUTE), {
      error: 'expected a list of durations such as [14d, 7d, 1d]',
    })
    .min(1, { error: 'expected at least one duration: notice always comes before a deactivation' })
    .refine((list) => list.every((item, index) => index === 0 || item < Number(list[index - 1])), {
      error: 'expected the longest duration first, and none twice, such as [14d, 7d, 1d]',
    })
    .meta({ description: withDefault(what, `[${warn.map(formatDuration).join(', ')}]`) })
    .optional();
}

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

/** The section of each kind. */
export const kindThresholds = bySection((kind) => sectionOf(kind).optional());

export const thresholds = {
  ...kindThresholds,
  consolePasswords: consolePasswordThresholds.optional(),
  root: rootThresholds.optional(),
};
