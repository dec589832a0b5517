/** Runs the rules over an observation. The one place where verdicts become findings. */

import { violatedControls } from '../benchmarks/index.ts';
import { credentialAsOf } from '../future-dates.ts';
import { given } from '../given.ts';
import type {
  Finding,
  FindingSubject,
  Known,
  Observation,
  ObservedCredential,
  ObservedPrincipal,
  Tags,
} from '../model.ts';
import { partitionFacts } from '../partitions.ts';
import { plausiblePrincipal } from '../plausible-creation.ts';
import { judgeExemption } from '../policy/exemptions.ts';
import { describeMatch, type MatchFacts } from '../policy/match.ts';
import type { Policy, Thresholds } from '../policy/policy.ts';
import { possibleThresholds } from '../policy/thresholds.ts';
import { unreportedUsers } from '../quarantine.ts';
import { sortFindings } from './compare.ts';
import { judgeEach, verdictOn } from './credentials.ts';
import { createExemptionLookup, describeDoubt, findingId, keyOf, withCredential } from './finding.ts';
import { isChecked, rules } from './index.ts';
import type { CredentialRule, Rule, RuleContext, UserRule, Verdict } from './rule.ts';

/** What an evaluator needs to know besides the users. */
export type EvaluationScope = Pick<Observation, 'account' | 'report' | 'quarantine'>;

/** The user who has a credential, as exemptions and overrides match it. */
export type CredentialOwner = Pick<ObservedPrincipal, 'principal' | 'tags'>;

/** The rules, prepared for one policy and one moment. Create one and use it for every user. */
export interface Evaluator {
  readonly policy: Policy;
  readonly asOf: Date;
  /** All findings of all enabled rules, worst first. Does not depend on the order of users. */
  evaluate(observation: Observation): readonly Finding[];
  /** The findings on the root user, in the order of the catalog. */
  evaluateRoot(root: ObservedPrincipal | undefined): readonly Finding[];
  /** The findings of one user, in the order of the catalog. */
  evaluateUser(user: ObservedPrincipal): readonly Finding[];
  /** Those of them that are about one credential alone: the lifecycle rests on these. */
  evaluateCredential(owner: CredentialOwner, credential: ObservedCredential): readonly Finding[];
  /** Whether knowing the tags of a user whose tags are unknown could change or remove any finding. */
  dependsOnTags(user: ObservedPrincipal): boolean;
}

/** All findings of all enabled rules, worst first. */
export function evaluate(observation: Observation, policy: Policy, asOf: Date): readonly Finding[] {
  return createEvaluator(observation, policy, asOf).evaluate(observation);
}

export function createEvaluator(scope: EvaluationScope, policy: Policy, asOf: Date): Evaluator {
  const enabled = rules.filter(({ id }) => isChecked(id, policy));
  const userRules = enabled.filter(isOfUsers);
  const exemptionsFor = createExemptionLookup(policy, asOf);
  const matchesTags = [...policy.overrides, ...policy.exemptions].some(({ match }) => match.tag !== undefined);
  const partition = partitionFacts(scope.account.partition);
  const wholeAccount: FindingSubject = {
    kind: 'account',
    name: scope.account.id,
    arn: `arn:${scope.account.partition}:iam::${scope.account.id}:root`,
  };
  const contextWith = (thresholds: Thresholds): RuleContext => {
    return { report: scope.report, partition, policy, thresholds, asOf, ...given({ quarantine: scope.quarantine }) };
  };

  function evaluateUser(seen: ObservedPrincipal): readonly Finding[] {
    const user = plausiblePrincipal(seen, asOf);
    const facts = factsOfUser(user);
    const contexts = possibleThresholds(policy, facts).map(contextWith);
    return userRules.flatMap((rule) => {
      const outcomes = contexts.map((context) => judgeUser(rule, user, context));
      return mergeOutcomes(outcomes, user.tags).map((verdict) => toFinding(rule, verdict, facts));
    });
  }

  function evaluateCredential({ principal, tags }: CredentialOwner, seen: ObservedCredential): readonly Finding[] {
    const credential = credentialAsOf(seen, asOf);
    const facts = factsOf(principal, tags);
    const contexts = possibleThresholds(policy, facts).map(contextWith);
    return userRules.flatMap((rule) => {
      if (rule.subject !== 'credential' || rule.kind !== credential.ref.kind) return [];
      const outcomes = contexts.map((context) => {
        const verdict = judgeCredential(rule, credential, context);
        return verdict === undefined ? [] : [verdict];
      });
      return mergeOutcomes(outcomes, tags).map((verdict) => toFinding(rule, verdict, facts));
    });
  }

  function evaluateOnce(rule: OfAccount, root: ObservedPrincipal | undefined): readonly Finding[] {
    const judged = judgeOnce(rule, root);
    if (judged === undefined) return [];
    const facts = factsOf(judged.subject, { known: true, value: {} });
    return judged.verdicts.map((verdict) => toFinding(rule, verdict, facts));
  }

  function evaluateRest(rule: OfUsers): readonly Finding[] {
    const verdicts = rule.subject === 'user' ? (rule.judgeAccount?.(contextWith(policy)) ?? []) : [];
    const facts = factsOf(wholeAccount, { known: true, value: {} });
    return verdicts.map((verdict) => toFinding(rule, verdict, facts));
  }

  /** Undefined if there is nothing that the rule applies to. */
  function judgeOnce(rule: OfAccount, root: ObservedPrincipal | undefined) {
    if (rule.subject === 'account') return { subject: wholeAccount, verdicts: rule.judge(contextWith(policy)) };
    if (root === undefined || !rule.appliesTo.includes(partition.rootUser)) return undefined;
    const verdicts =
      root.unreadable === undefined
        ? rule.judge(plausiblePrincipal(root, asOf), contextWith(policy))
        : [unreadableVerdict(root.unreadable)];
    const confirmation = root.confirmation?.[rule.id];
    return { subject: root.principal, verdicts: verdicts.map((verdict) => withConfirmation(verdict, confirmation)) };
  }

  function toFinding(rule: Rule, verdict: Verdict, facts: MatchFacts): Finding {
    const { credential, remedy } = verdict;
    const judged = judgeExemption(exemptionsFor(rule.id), withCredential(facts, credential));
    const finding: Finding = {
      id: findingId(rule, verdict, facts),
      rule: rule.id,
      severity: policy.rules[rule.id]?.severity ?? verdict.severity ?? rule.severity,
      status: verdict.status,
      principal: facts.principal,
      ...given({ credential }),
      reason: verdict.reason,
      evidence: verdict.evidence,
      ...given({ remedy }),
      // What was not certain enough to be a failure is not claimed as a violation either.
      controls: verdict.status === 'fail' ? violatedControls(rule.id, verdict.evidence, asOf) : [],
    };
    switch (judged.kind) {
      case 'not-exempt':
        return finding;
      case 'exempt': {
        const { match, reason, owner, expires } = judged.exemption;
        const number = policy.exemptions.indexOf(judged.exemption) + 1;
        const exemption = { number, match: describeMatch(match), reason, owner, expires };
        return { ...finding, status: 'exempt', exemption };
      }
      case 'unknown':
        return {
          ...finding,
          status: 'error',
          reason: `${verdict.reason}; ${describeDoubt(judged.exemption, facts, credential)}`,
        };
    }
  }

  function factsOfUser({ principal, tags, unknownPath }: ObservedPrincipal): MatchFacts {
    return { ...factsOf(principal, tags), ...given({ unknownPath }) };
  }

  function factsOf(principal: FindingSubject, tags: Known<Tags>): MatchFacts {
    return { account: scope.account.id, principal, tags };
  }

  return {
    policy,
    asOf,
    evaluate(observation) {
      const { users, root } = observation;
      const findings = [
        ...[...users, ...unreportedUsers(observation)].flatMap(evaluateUser),
        ...enabled.flatMap((rule) => (isOfUsers(rule) ? evaluateRest(rule) : evaluateOnce(rule, root))),
      ];
      return sortFindings(findings);
    },
    evaluateRoot: (root) => enabled.flatMap((rule) => (rule.subject === 'root' ? evaluateOnce(rule, root) : [])),
    evaluateUser,
    evaluateCredential,
    dependsOnTags(seen) {
      if (seen.tags.known || !matchesTags) return false;
      const user = plausiblePrincipal(seen, asOf);
      const facts = factsOfUser(user);
      const contexts = possibleThresholds(policy, facts).map(contextWith);
      return userRules.some((rule) => {
        const [first, ...others] = contexts.map((context) => judgeUser(rule, user, context));
        if (others.some((other) => !isSame(other, first))) return true;
        return (first ?? []).some(({ credential }) => {
          const holding = exemptionsFor(rule.id);
          const about = withCredential(facts, credential);
          if (judgeExemption(holding, about).kind !== 'unknown') return false;
          const tagged = holding.filter(({ match }) => match.tag !== undefined);
          return judgeExemption(tagged, about).kind === 'unknown';
        });
      });
    },
  };
}

type OfUsers = UserRule | CredentialRule;
type OfAccount = Exclude<Rule, OfUsers>;

function isOfUsers(rule: Rule): rule is OfUsers {
  return rule.subject === 'user' || rule.subject === 'credential';
}

/** What a rule says about a user, or about each credential of the user. */
function judgeUser(rule: OfUsers, user: ObservedPrincipal, context: RuleContext): readonly Verdict[] {
  const needsRow = rule.subject !== 'user' || rule.needsRow !== false;
  if (user.isUnreported && needsRow) return [];
  if (user.unreadable !== undefined && needsRow) return [unreadableVerdict(user.unreadable)];
  if (rule.subject === 'user') return rule.judge(user, context);
  return judgeEach(user, rule.kind, (credential) => judgeCredential(rule, credential, context));
}

/** What could not be confirmed since the report may have been mended, but still holds; what is unknown stays so. */
function withConfirmation(verdict: Verdict, confirmation: Known<string> | undefined): Verdict {
  if (confirmation === undefined) return verdict;
  const { known } = confirmation;
  if (verdict.status === 'error')
    return known ? verdict : { ...verdict, reason: `${verdict.reason}; ${confirmation.why}` };
  if (known) return { ...verdict, evidence: { ...verdict.evidence, confirmedBy: confirmation.value } };
  return { ...verdict, reason: `${verdict.reason} according to the report; not confirmed: ${confirmation.why}` };
}

/** Each rule says so: a finding of an earlier audit then stays open. */
function unreadableVerdict(why: string): Verdict {
  return { status: 'error', reason: `cannot be judged: ${why}`, evidence: {}, key: 'unreadable' };
}

/** The only place where a rule judges one credential, for the audit and for the guard alike. */
function judgeCredential(
  rule: CredentialRule,
  credential: ObservedCredential,
  context: RuleContext,
): Verdict | undefined {
  return verdictOn(credential, rule.judge(credential, context), context.asOf);
}

/** The verdicts that hold whether the undecided overrides apply or not; if the outcomes differ, the verdict is an error. */
function mergeOutcomes(outcomes: readonly (readonly Verdict[])[], tags: Known<Tags>): readonly Verdict[] {
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return only;
  // If all agree, the last one is used: it is the one without any undecided override.
  const all = new Map(outcomes.flat().map((verdict) => [keyOf(verdict), verdict]));
  return [...all].map(([key, verdict]) => {
    const found = outcomes.map((outcome) => outcome.find((candidate) => keyOf(candidate) === key)?.status);
    if (found.every((status) => status === verdict.status)) return verdict;
    const why = tags.known ? '' : `: ${tags.why}`;
    return { ...verdict, status: 'error', reason: `cannot be judged: an override may apply${why}` };
  });
}

function isSame(a: readonly Verdict[], b: readonly Verdict[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
