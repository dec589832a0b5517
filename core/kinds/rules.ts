/** The rules that kinds have in common: which of them each kind has, and why each deactivates a credential. */
import { type KindSpec, type RuleName, ruleNames } from './kind.ts';
import { allKinds, type Kind, type RetirableKind } from './kinds.ts';

/** A rule about single credentials of one kind. */
export type KindRuleId = `${RetirableKind}-${RuleName}`;

/** A rule that deactivates credentials. */
export type LifecycleRule = KindRuleId;

/** Why a credential is deactivated or deleted. The first two are kept apart: see docs/lifecycle.md. */
export type LifecycleReason = 'unused' | 'too-old' | 'inactive';

export interface KindRule {
  readonly id: KindRuleId;
  readonly kind: Kind;
  readonly name: RuleName;
  readonly reason: LifecycleReason;
}

/** Use is judged only if IAM tracks it, and inactivity only if there is such a status. */
export function ruleNamesOf({ use, off }: Pick<KindSpec, 'use' | 'off'>): readonly RuleName[] {
  return ruleNames.filter((name) => {
    if (name === 'unused' || name === 'never-used') return use === 'tracked';
    return name === 'too-old' || off === 'status';
  });
}

export const kindRules: readonly KindRule[] = allKinds.flatMap((kind) =>
  ruleNamesOf(kind).map((name) => {
    return { id: ruleOf(kind.kind, name), kind, name, reason: name === 'never-used' ? 'unused' : name };
  }),
);

/** The rules that deactivate credentials; a kind without a lifecycle has none. */
export const lifecycleRules: readonly LifecycleRule[] = kindRules
  .filter(({ kind }) => kind.off !== 'none')
  .map(({ id }) => id);

const lifecycleRuleIds: ReadonlySet<string> = new Set(lifecycleRules);
const byId: ReadonlyMap<string, KindRule> = new Map(kindRules.map((rule) => [rule.id, rule]));

export function isLifecycleRule(rule: string): rule is LifecycleRule {
  return lifecycleRuleIds.has(rule);
}

/** The rule of a kind, whether it can be judged for that kind or not. */
export function ruleOf(kind: RetirableKind, name: RuleName): KindRuleId {
  return `${kind}-${name}`;
}

export function kindRule(id: KindRuleId): KindRule {
  const found = byId.get(id);
  if (found === undefined) throw new RangeError(`no rule is called ${id}`);
  return found;
}
