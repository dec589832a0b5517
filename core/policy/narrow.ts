/** The part of the policy that applies to one credential, for repeated questions about the same credential. */
import { bySection } from '../kinds/kinds.ts';
import { type MatchFacts, matches } from './match.ts';
import type { Match, Policy, Thresholds } from './policy.ts';
import { possibleThresholds } from './thresholds.ts';

/** Narrows a policy to one credential. Credentials that it treats alike get the same object. */
export type PolicyNarrower = (facts: MatchFacts) => Policy;

/**
 * Prepares a policy for many credentials. For its credential, a narrowed policy answers every question as the whole
 * policy does: it lacks only overrides and exemptions that certainly do not match, and if it is certain which override
 * applies, or that none does, its own thresholds are those.
 */
export function createNarrower(policy: Policy): PolicyNarrower {
  // An override that names a credential is applied to users as well, with a different result.
  const areAboutUsers = policy.overrides.every(
    ({ match }) => match.accessKeyId === undefined && match.credentialId === undefined,
  );
  const known = new Map<string, Policy>();
  return (facts) => {
    const possible = possibleThresholds(policy, facts);
    const [thresholds] = areAboutUsers && possible.length === 1 ? possible : [];
    const overrides = areAboutUsers ? placesOf(policy.overrides, facts) : [...policy.overrides.keys()];
    const exemptions = placesOf(policy.exemptions, facts);
    const key = JSON.stringify([thresholds !== undefined, overrides, exemptions]);
    const same = known.get(key);
    if (same !== undefined) return same;
    const narrowed: Policy = {
      ...policy,
      overrides: atPlaces(policy.overrides, overrides),
      exemptions: atPlaces(policy.exemptions, exemptions),
      ...(thresholds === undefined ? {} : { ...thresholdsOnly(thresholds), overrides: [] }),
    };
    known.set(key, narrowed);
    return narrowed;
  };
}

/** The places of those that match, or may. */
function placesOf(items: readonly { readonly match: Match }[], facts: MatchFacts): readonly number[] {
  return items.flatMap(({ match }, place) => (matches(match, facts) === false ? [] : place));
}

function atPlaces<T>(items: readonly T[], places: readonly number[]): readonly T[] {
  return items.filter((_, place) => places.includes(place));
}

function thresholdsOnly({ consolePasswords, root, ...others }: Thresholds): Thresholds {
  return { ...bySection(({ section }) => others[section]), consolePasswords, root };
}
