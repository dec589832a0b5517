/** The policy as far as it speaks about one credential: for whoever asks about the same credential again and again. */
import { bySection } from '../kinds/kinds.ts';
import { type MatchFacts, matches } from './match.ts';
import type { Match, Policy, Thresholds } from './policy.ts';
import { possibleThresholds } from './thresholds.ts';

/** Narrows a policy to one credential. Credentials that it treats alike get the same object. */
export type PolicyNarrower = (facts: MatchFacts) => Policy;

/**
 * Prepares a policy for many credentials. Whatever is asked about a credential has the same answer by its narrowed
 * policy: that lacks only overrides and exemptions that surely do not match, and where it is sure which override holds,
 * or that none does, its own thresholds are those.
 */
export function createNarrower(policy: Policy): PolicyNarrower {
  // One that names a credential is asked about users as well, and about them has another answer.
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

/** Of those that match, or may. */
function placesOf(items: readonly { readonly match: Match }[], facts: MatchFacts): readonly number[] {
  return items.flatMap(({ match }, place) => (matches(match, facts) === false ? [] : place));
}

function atPlaces<T>(items: readonly T[], places: readonly number[]): readonly T[] {
  return items.filter((_, place) => places.includes(place));
}

function thresholdsOnly({ consolePasswords, root, ...others }: Thresholds): Thresholds {
  return { ...bySection(({ section }) => others[section]), consolePasswords, root };
}
