/** The rules that every kind of credential has, made from its spec: unused, never used, too old, inactive. */

import { describeFutureDate, isInFuture } from '../future-dates.ts';
import type { CredentialThresholds, RuleName } from '../kinds/kind.ts';
import type { Kind } from '../kinds/kinds.ts';
import { type KindRule, kindRules } from '../kinds/rules.ts';
import type { ObservedCredential } from '../model.ts';
import { limitsOf } from '../policy/thresholds.ts';
import { ageOf, describeIdle, describeOver, judgeIdle } from './credentials.ts';
import type { CredentialRule, Judgement, RuleInfo } from './rule.ts';

function createCredentialRule({ id, kind, name }: KindRule): CredentialRule {
  const texts = kind.rules[name];
  if (texts === undefined) throw new RangeError(`the kind ${kind.kind} has no texts for its rule ${name}`);
  const { why, remedy, severity } = texts;
  const judge = judges[name];
  return {
    id,
    subject: 'credential',
    kind: kind.kind,
    confirmedBy: name === 'unused' || name === 'never-used' ? 'last-use' : 'list',
    ...describe(kind)[name],
    why,
    remedy,
    severity,
    judge: (credential, { asOf, thresholds }) => judge(credential, limitsOf(thresholds, kind.kind), asOf),
  };
}

function describe({ noun, section, use }: Kind): Readonly<Record<RuleName, Pick<RuleInfo, 'title' | 'condition'>>> {
  const name = noun.one.slice(0, 1).toUpperCase() + noun.one.slice(1);
  const lastSigns =
    use === 'tracked' ? 'its creation, its last use and the last time it was' : 'its creation and the last time it was';
  return {
    unused: {
      title: `${name} is unused`,
      condition: `Active, used before, and last used at least ${section}.maxIdle ago.`,
    },
    'never-used': {
      title: `${name} was never used`,
      condition: `Active, never used, and created at least ${section}.neverUsedGrace ago.`,
    },
    'too-old': {
      title: `${name} is too old`,
      condition: `Active, and created more than ${section}.maxAge ago. Exactly that long ago is fine.`,
    },
    inactive: {
      title: `Inactive ${noun.one} was not deleted`,
      condition: `Inactive, and the latest of ${lastSigns} seen active was at least ${section}.maxInactive ago.`,
    },
  };
}

type Judge = (credential: ObservedCredential, limits: CredentialThresholds, asOf: Date) => Judgement;

const judges: Readonly<Record<RuleName, Judge>> = {
  unused: whileActive(judgeUnused),
  'never-used': whileActive(judgeNeverUsed),
  'too-old': whileActive(judgeTooOld),
  inactive: judgeInactive,
};

/** In the order of the catalog. */
export const credentialRules: readonly CredentialRule[] = kindRules.map(createCredentialRule);

/** Judges a credential that is active, or may be. */
function whileActive(judge: Judge): Judge {
  return (credential, limits, asOf) => {
    const { status } = credential;
    if (status.known && status.value !== 'Active') return undefined;
    const judgement = judge(credential, limits, asOf);
    return judgement === undefined || status.known ? judgement : { unknown: status.why };
  };
}

/** Used before, and last used at least `maxIdle` ago. */
function judgeUnused(
  { createdAt, lastUse }: ObservedCredential,
  { maxIdle }: CredentialThresholds,
  asOf: Date,
): Judgement {
  switch (lastUse.kind) {
    case 'never':
    case 'untracked':
      return undefined;
    case 'unknown': {
      // A credential younger than the limit cannot have been idle for longer.
      const age = ageOf(createdAt, asOf);
      return age !== undefined && age < maxIdle ? undefined : { unknown: lastUse.why };
    }
    case 'used': {
      const fail = judgeIdle(lastUse.at, createdAt, maxIdle, asOf);
      return fail === undefined ? undefined : { fail, restsOnLastUse: true };
    }
  }
}

/** Never used, and created at least `neverUsedGrace` ago. */
function judgeNeverUsed(
  { createdAt, lastUse }: ObservedCredential,
  { neverUsedGrace }: CredentialThresholds,
  asOf: Date,
): Judgement {
  if (lastUse.kind === 'used' || lastUse.kind === 'untracked') return undefined;
  if (!createdAt.known) return { unknown: createdAt.why };
  const age = asOf.getTime() - createdAt.value.getTime();
  if (age < neverUsedGrace) return undefined;
  if (lastUse.kind === 'unknown') return { unknown: lastUse.why };
  return { fail: describeIdle('never used', age, neverUsedGrace), restsOnLastUse: true };
}

/** Older than `maxAge`. Exactly that old is fine: keys rotate every 90 days *or less*. */
function judgeTooOld({ createdAt }: ObservedCredential, { maxAge }: CredentialThresholds, asOf: Date): Judgement {
  if (!createdAt.known) return { unknown: createdAt.why };
  const age = asOf.getTime() - createdAt.value.getTime();
  return age <= maxAge ? undefined : { fail: describeOver('created', age, maxAge) };
}

/**
 * Inactive, and the latest of its creation, its last use and the last time it was seen active was at least `maxInactive`
 * ago. AWS does not say when a credential was deactivated; unless the ledger knows, these are the latest known moments.
 */
function judgeInactive(
  { status, createdAt, lastUse, lastSeenActiveAt }: ObservedCredential,
  { maxInactive }: CredentialThresholds,
  asOf: Date,
): Judgement {
  if (status.known && status.value === 'Active') return undefined;
  if (!createdAt.known) return { unknown: createdAt.why };
  const age = asOf.getTime() - createdAt.value.getTime();
  if (lastSeenActiveAt !== undefined && isInFuture(lastSeenActiveAt, asOf))
    return { unknown: describeFutureDate('the last time it was seen active', lastSeenActiveAt) };
  const signs = [lastSeenActiveAt, lastUse.kind === 'used' ? lastUse.at : undefined].filter(
    (time) => time !== undefined,
  );
  const idle = Math.min(age, ...signs.map((time) => asOf.getTime() - time.getTime()));
  if (idle < maxInactive) return undefined;
  if (!status.known) return { unknown: status.why };
  if (lastUse.kind === 'unknown') return { unknown: lastUse.why };
  // An untracked credential may have been used until it was deactivated, so no claim is made about its use.
  const what = lastUse.kind === 'untracked' ? 'inactive and not seen active' : 'inactive and unused';
  return { fail: describeIdle(what, idle, maxInactive), restsOnLastUse: true };
}
