/** Runs the rules over an observation. The one place where verdicts become findings. */
import { principalAsOf } from '../lies-ahead.ts';
import type { CredentialRef, Finding, FindingSubject, Known, Observation, ObservedPrincipal, Tags } from '../model.ts';
import { holdingExemptions, isExpired, judgeExemption } from '../policy/exemptions.ts';
import { describeMatch, type MatchFacts } from '../policy/match.ts';
import type { Exemption, Policy, Thresholds } from '../policy/policy.ts';
import { possibleThresholds } from '../policy/thresholds.ts';
import { rootUserName } from '../report/types.ts';
import { sortFindings } from './compare.ts';
import type { RuleId } from './ids.ts';
import { rules } from './index.ts';
import type { Rule, RuleContext, UserRule, Verdict } from './rule.ts';

/** What an evaluator needs to know beside its users. */
export type EvaluationScope = Pick<Observation, 'account' | 'report'>;

/** The rules, prepared for one policy and one moment. Make one and use it for every user. */
export interface Evaluator {
  /** All findings of all enabled rules, worst first. Does not depend on the order of users. */
  evaluate(observation: Observation): readonly Finding[];
  /** The findings of one user, in the order of the catalogue. */
  evaluateUser(user: ObservedPrincipal): readonly Finding[];
  /** Whether any finding of a user whose tags are unknown would be another one, or none, if they were known. */
  dependsOnTags(user: ObservedPrincipal): boolean;
}

/** All findings of all enabled rules, worst first. */
export function evaluate(observation: Observation, policy: Policy, asOf: Date): readonly Finding[] {
  return createEvaluator(observation, policy, asOf).evaluate(observation);
}

export function createEvaluator(scope: EvaluationScope, policy: Policy, asOf: Date): Evaluator {
  const enabled = rules.filter(({ id }) => policy.rules[id]?.enabled !== false);
  const userRules = enabled.filter((rule): rule is UserRule => rule.subject === 'user');
  const exemptionsByRule = groupByRule(policy, enabled, asOf);
  const contextWith = (thresholds: Thresholds): RuleContext => ({ report: scope.report, policy, thresholds, asOf });

  function evaluateUser(seen: ObservedPrincipal): readonly Finding[] {
    const user = principalAsOf(seen, asOf);
    const facts = factsOf(user.principal, user.tags);
    const contexts = possibleThresholds(policy, facts).map(contextWith);
    return userRules.flatMap((rule) => {
      const outcomes = contexts.map((context) => rule.judge(user, context));
      return mergeOutcomes(outcomes, user.tags).map((verdict) => toFinding(rule, verdict, facts));
    });
  }

  function evaluateOnce(rule: Exclude<Rule, UserRule>, root: ObservedPrincipal | undefined): readonly Finding[] {
    const { subject, verdicts } = judgeOnce(rule, root);
    const facts = factsOf(subject, { known: true, value: {} });
    return verdicts.map((verdict) => toFinding(rule, verdict, facts));
  }

  function judgeOnce(rule: Exclude<Rule, UserRule>, root: ObservedPrincipal | undefined) {
    const { account } = scope;
    const arn = `arn:${account.partition}:iam::${account.id}:root`;
    if (rule.subject === 'account') {
      const subject: FindingSubject = { kind: 'account', name: account.id, arn };
      return { subject, verdicts: rule.judge(contextWith(policy)) };
    }
    if (root !== undefined)
      return { subject: root.principal, verdicts: rule.judge(principalAsOf(root, asOf), contextWith(policy)) };
    const subject: FindingSubject = { kind: 'root', name: rootUserName, arn };
    const reason = 'cannot be judged: the credential report has no row of the root user';
    return { subject, verdicts: [{ status: 'error', reason, evidence: {} } satisfies Verdict] };
  }

  function toFinding(rule: Rule, verdict: Verdict, facts: MatchFacts): Finding {
    const { credential } = verdict;
    const judged = judgeExemption(exemptionsByRule.get(rule.id) ?? [], withCredential(facts, credential));
    const finding: Finding = {
      id: findingId(rule, verdict, facts),
      rule: rule.id,
      severity: policy.rules[rule.id]?.severity ?? verdict.severity ?? rule.severity,
      status: verdict.status,
      principal: facts.principal,
      ...(credential === undefined ? {} : { credential }),
      reason: verdict.reason,
      evidence: verdict.evidence,
      controls: rule.controls,
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
        return { ...finding, status: 'error', reason: `${verdict.reason}; ${describeDoubt(judged.exemption, facts)}` };
    }
  }

  function factsOf(principal: FindingSubject, tags: Known<Tags>): MatchFacts {
    return { account: scope.account.id, principal, tags };
  }

  return {
    evaluate({ users, root }) {
      const findings = [
        ...users.flatMap(evaluateUser),
        ...enabled.flatMap((rule) => (rule.subject === 'user' ? [] : evaluateOnce(rule, root))),
      ];
      return sortFindings(findings);
    },
    evaluateUser,
    dependsOnTags(seen) {
      if (seen.tags.known) return false;
      const user = principalAsOf(seen, asOf);
      const facts = factsOf(user.principal, user.tags);
      const contexts = possibleThresholds(policy, facts).map(contextWith);
      return userRules.some((rule) => {
        const [first, ...others] = contexts.map((context) => rule.judge(user, context));
        if (others.some((other) => !isSame(other, first))) return true;
        return (first ?? []).some(({ credential }) => {
          const holding = exemptionsByRule.get(rule.id) ?? [];
          const about = withCredential(facts, credential);
          if (judgeExemption(holding, about).kind !== 'unknown') return false;
          const tagged = holding.filter(({ match }) => match.tag !== undefined);
          return judgeExemption(tagged, about).kind === 'unknown';
        });
      });
    },
  };
}

/** The exemptions that still hold, by the rule that they excuse. */
function groupByRule(policy: Policy, enabled: readonly Rule[], asOf: Date): ReadonlyMap<RuleId, readonly Exemption[]> {
  // Whether one has expired is the same for every rule.
  const open = policy.exemptions.filter((exemption) => !isExpired(exemption, asOf));
  return new Map(enabled.map(({ id }) => [id, open.length === 0 ? open : holdingExemptions(open, id, asOf)]));
}

/** What holds whichever way the undecided overrides turn out; where the outcomes differ, the verdict is an error. */
function mergeOutcomes(outcomes: readonly (readonly Verdict[])[], tags: Known<Tags>): readonly Verdict[] {
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return only;
  // Where all agree the last one speaks: it is the one for users whom no undecided override matches.
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

function describeDoubt({ match, owner }: Exemption, { tags }: MatchFacts): string {
  const ofTags = tags.known ? 'two of its tags have the same key, which cannot be' : tags.why;
  const isOfTags = match.tag !== undefined && (!tags.known || match.accessKeyId === undefined);
  const why = isOfTags ? ofTags : 'the access key id is not known';
  return `an exemption may apply (${describeMatch(match)}, owner ${owner}): ${why}`;
}

/** The same for the same rule, account, principal and credential, night after night. */
export function findingId(
  rule: Pick<Rule, 'id'>,
  verdict: Pick<Verdict, 'credential' | 'key'>,
  { account, principal }: Pick<MatchFacts, 'account' | 'principal'>,
): string {
  const user = principal.kind === 'user' ? [principal.name] : [];
  const detail = keyOf(verdict);
  return [rule.id, account, principal.kind, ...user, ...(detail === '' ? [] : [detail])].join(':');
}

/** Tells the verdicts of one rule on one subject apart. */
function keyOf({ credential, key }: Pick<Verdict, 'credential' | 'key'>): string {
  if (key !== undefined) return key;
  if (credential === undefined) return '';
  return credential.id ?? (credential.slot === undefined ? '' : `slot-${credential.slot}`);
}

function withCredential(facts: MatchFacts, credential: CredentialRef | undefined): MatchFacts {
  return credential === undefined ? facts : { ...facts, credential };
}
