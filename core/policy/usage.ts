/** Whom the matches of a policy match in one account, to report an exemption that exempts no one. Pure. */
import { retirableKinds } from '../kinds/kinds.ts';
import type { Observation, ObservedPrincipal } from '../model.ts';
import { isExpired } from './exemptions.ts';
import { compileGlob } from './glob.ts';
import { globsOverlap } from './glob-language.ts';
import { describeMatch, type MatchResult, matches } from './match.ts';
import { matchCovers } from './match-covers.ts';
import type { Exemption, Match, Policy } from './policy.ts';
import type { MatchUsage, PolicyUsage } from './usage-types.ts';

/** How many names are listed; the others are counted. */
const listed = 10;

/** @param asOf decides which exemptions have expired */
export function policyUsage(observation: Observation, policy: Policy, asOf: Date): PolicyUsage {
  const here = <T extends { readonly match: Match }>(entries: readonly T[]) =>
    entries.map((entry) => ({ ...entry, match: withoutAccount(entry.match, observation.account.id) }));
  const exemptions = here(policy.exemptions);
  const overrides = here(policy.overrides);
  return {
    exemptions: policy.exemptions.map((exemption, index) => ({
      ...usageOf(exemption.match, index, observation),
      ...coveredBy(coveredExemption(exemptions, index)),
      owner: exemption.owner,
      expires: exemption.expires,
      isExpired: isExpired(exemption, asOf),
    })),
    overrides: policy.overrides.map(({ match }, index) => ({
      ...usageOf(match, index, observation),
      ...coveredBy(coveredOverride(overrides, index)),
    })),
  };
}

/** What is wrong, one sentence per problem. */
export function usageProblems({ exemptions, overrides }: PolicyUsage): readonly string[] {
  const unused = ({ matched, possible, isElsewhere }: MatchUsage) => matched === 0 && possible === 0 && !isElsewhere;
  return [
    ...exemptions.flatMap((one) => {
      const name = `exemption ${one.number} (${one.match}`;
      if (unused(one)) return `${name}, owner ${one.owner}) matches no one`;
      return one.coveredBy === undefined ? [] : `${name}) adds nothing: exemption ${one.coveredBy} covers it`;
    }),
    ...overrides.flatMap((one) => {
      const name = `override ${one.number} (${one.match})`;
      if (one.coveredBy !== undefined)
        return `${name} never applies: override ${one.coveredBy} covers it and comes first`;
      return unused(one) ? `${name} matches no one` : [];
    }),
  ];
}

/** The place of an earlier exemption, from 1, that exempts all that this one can, for as long. */
export function coveredExemption(exemptions: readonly Exemption[], index: number): number | undefined {
  const one = exemptions[index];
  const earlier = exemptions.slice(0, index).findIndex(({ match, rules, expires }) => {
    if (one === undefined || expires < one.expires || !matchCovers(match, one.match)) return false;
    return rules === '*' || (one.rules !== '*' && one.rules.every((rule) => rules.includes(rule)));
  });
  return earlier < 0 ? undefined : earlier + 1;
}

/** The place of an earlier override, from 1, that matches all that this one can: the first match wins. */
export function coveredOverride(overrides: readonly { readonly match: Match }[], index: number): number | undefined {
  const one = overrides[index];
  const earlier = overrides
    .slice(0, index)
    .findIndex(({ match }) => one !== undefined && matchCovers(match, one.match, true));
  return earlier < 0 ? undefined : earlier + 1;
}

/** In the account itself, a match on its own id excludes no one. */
function withoutAccount({ account, ...match }: Match, id: string): Match {
  return account === undefined || compileGlob(account)(id) ? match : { account, ...match };
}

function coveredBy(place: number | undefined): Pick<MatchUsage, 'coveredBy'> {
  return place === undefined ? {} : { coveredBy: place };
}

function usageOf(match: Match, index: number, { account, root, users }: Observation): MatchUsage {
  const principals = root === undefined ? users : [root, ...users];
  const fits = principals.map((principal) => ({ principal, fits: fitOf(match, account.id, principal) }));
  const names = fits.filter((one) => one.fits === true).map(({ principal }) => principal.principal.name);
  const [, accountInArn = '*'] = /^arn:[^:*?]+:iam::([\d?]{12}):/.exec(match.arn ?? '') ?? [];
  return {
    number: index + 1,
    match: describeMatch(match),
    matched: names.length,
    names: names.toSorted().slice(0, listed),
    possible: fits.filter((one) => one.fits === undefined).length,
    isElsewhere: !globsOverlap(match.account ?? '*', account.id) || !globsOverlap(accountInArn, account.id),
  };
}

/** Whether it matches the principal, or any of the principal's credentials if it names one. */
function fitOf(match: Match, account: string, { principal, tags, credentials, incomplete }: ObservedPrincipal) {
  const facts = { account, principal, tags };
  if (match.accessKeyId === undefined && match.credentialId === undefined) return matches(match, facts);
  const hidden = retirableKinds.flatMap((kind) => (incomplete?.[kind] === undefined ? [] : { kind }));
  const all = [...credentials.map(({ ref }) => ref), ...hidden].map((credential): MatchResult => {
    return matches(match, { ...facts, credential });
  });
  return all.includes(true) ? true : all.includes(undefined) ? undefined : false;
}
