/** Schema of the thresholds, at the top of keysweep.yaml and, for users, in its overrides. */
import { z } from 'zod';
import { DAY, formatDuration, MINUTE } from '../duration.ts';
import type { CredentialThresholds } from '../kinds/kind.ts';
import { bySection, type Kind } from '../kinds/kinds.ts';
import { defaultPolicy } from './defaults.ts';
import { duration, withDefault } from './schema-values.ts';

const { consolePasswords, root } = defaultPolicy;

/** Which of the thresholds a kind has: its section has only those that apply to it. */
const applies: Readonly<Record<keyof CredentialThresholds, (kind: Kind) => boolean>> = {
  maxAge: () => true,
  maxIdle: ({ use }) => use === 'tracked',
  neverUsedGrace: ({ use }) => use === 'tracked',
  inUseWindow: ({ use, off }) => use === 'tracked' && off === 'status',
  deactivateInUse: ({ off }) => off === 'status',
  warn: ({ off }) => off !== 'none',
  deleteAfter: ({ off }) => off === 'status',
  restoreGrace: ({ off }) => off === 'status',
  maxInactive: ({ off }) => off === 'status',
};

/** One schema for each threshold: a threshold without one does not compile. */
function schemasOf({ noun: { short, shortMany }, use, off, defaults }: Kind) {
  const caveat = use === 'tracked' ? 'even while they are in use' : 'although it is unknown whether they are in use';
  const deactivates = `Deactivate ${shortMany} that are too old ${caveat}.`;
  return {
    maxAge: duration(`An active ${short} older than this is too old.`, defaults.maxAge, MINUTE).optional(),
    maxIdle: duration(
      `An active ${short} not used for this long or longer is unused.`,
      defaults.maxIdle,
      MINUTE,
    ).optional(),
    neverUsedGrace: duration(`A new ${short} may stay unused for less than this.`, defaults.neverUsedGrace).optional(),
    inUseWindow: duration(`A ${short} used more recently than this is in use.`, defaults.inUseWindow, DAY).optional(),
    deactivateInUse: z
      .boolean({ error: 'expected true or false' })
      .meta({ description: withDefault(deactivates, String(defaults.deactivateInUse)) })
      .optional(),
    warn: warnOf(off, defaults).optional(),
    deleteAfter: duration('Time from the recorded deactivation to the deletion.', defaults.deleteAfter, DAY).optional(),
    restoreGrace: duration(`A restored ${short} is skipped for this long.`, defaults.restoreGrace, DAY).optional(),
    maxInactive: duration(`An inactive ${short} should be deleted within this time.`, defaults.maxInactive).optional(),
  } satisfies { readonly [K in keyof CredentialThresholds]: z.ZodType<CredentialThresholds[K] | undefined> };
}

function sectionOf(kind: Kind) {
  const all = schemasOf(kind);
  const names = (Object.keys(all) as (keyof CredentialThresholds)[]).filter((name) => applies[name](kind));
  return z
    .strictObject(Object.fromEntries(names.map((name) => [name, all[name]])) as typeof all)
    .meta({ description: `Thresholds of ${kind.noun.many}.` });
}

function warnOf(off: Kind['off'], { warn }: CredentialThresholds) {
  const what =
    off === 'status'
      ? 'When notices are sent before a deactivation. The first one starts the clock. Each at least 1m.'
      : 'The first value is how often the owner is asked to remove it. Each at least 1m.';
  return z
    .array(duration('Time before the deactivation.', undefined, MINUTE), {
      error: 'expected a list of durations such as [14d, 7d, 1d]',
    })
    .min(1, { error: 'expected at least one duration: a notice always comes before a deactivation' })
    .refine((list) => list.every((item, index) => index === 0 || item < Number(list[index - 1])), {
      error: 'expected durations in descending order, such as [14d, 7d, 1d]',
    })
    .meta({ description: withDefault(what, `[${warn.map(formatDuration).join(', ')}]`) });
}

const consolePasswordThresholds = z
  .strictObject({
    maxAge: duration(
      'A password changed longer ago than this is too old. Off unless set.',
      undefined,
      MINUTE,
    ).optional(),
    maxIdle: duration(
      'A password not used for this long or longer is unused.',
      consolePasswords.maxIdle,
      MINUTE,
    ).optional(),
    neverUsedGrace: duration(
      'A new password may stay unused for less than this.',
      consolePasswords.neverUsedGrace,
    ).optional(),
  })
  .meta({ description: 'Thresholds of console passwords, which are reported and never changed.' });

const rootThresholds = z
  .strictObject({
    recentUse: duration('A more recent use of the root user is a finding.', root.recentUse).optional(),
  })
  .meta({ description: 'Thresholds of the root user, who is reported and never changed.' });

/** The section of each kind. */
export const kindThresholds = bySection((kind) => sectionOf(kind).optional());

export const thresholds = {
  ...kindThresholds,
  consolePasswords: consolePasswordThresholds.optional(),
  root: rootThresholds.optional(),
};
