import { describe, expect, it } from 'vitest';
import { accessKey } from '../../../core/kinds/access-key.ts';
import { allKinds, isRetirableKind, kindOf, kindOfId, type RetirableKind } from '../../../core/kinds/kinds.ts';
import { isLifecycleRule, kindRules, lifecycleRules, ruleNamesOf } from '../../../core/kinds/rules.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { limitsOf } from '../../../core/policy/thresholds.ts';
import { ruleIds } from '../../../core/rules/ids.ts';

describe('the registry', () => {
  it.each(['kind', 'section', 'idPrefix'] as const)('has every %s once', (field) => {
    const values = allKinds.flatMap((kind) => kind[field] ?? []);
    expect(new Set(values).size).toBe(values.length);
  });

  it.each(allKinds.map((kind) => [kind.kind, kind] as const))('has texts for every rule of %s', (_, kind) => {
    expect(Object.keys(kind.rules).sort()).toEqual([...ruleNamesOf(kind)].sort());
  });

  it.each(allKinds.map((kind) => [kind.kind, kind] as const))('gives %s limits by its section', (_, kind) => {
    expect(limitsOf(defaultPolicy, kind.kind)).toEqual(kind.defaults);
  });

  it('knows what it holds, and nothing else', () => {
    expect(isRetirableKind(accessKey.kind)).toBe(true);
    expect(isRetirableKind('console-password')).toBe(false);
    expect(() => kindOf('toString' as RetirableKind)).toThrow(RangeError);
  });

  it.each(['AKIAIOSFODNN7EXAMPLE', 'NOBODYKNOWSTHISONE'])('takes %s for the id of an access key', (id) => {
    expect(kindOfId(id)).toBe(accessKey.kind);
  });
});

describe('the rules of the kinds', () => {
  it.each([
    ['tracked', 'status', ['unused', 'never-used', 'too-old', 'inactive']],
    ['untracked', 'status', ['too-old', 'inactive']],
    ['tracked', 'destroys', ['unused', 'never-used', 'too-old']],
    ['untracked', 'destroys', ['too-old']],
    ['tracked', 'none', ['unused', 'never-used', 'too-old']],
    ['untracked', 'none', ['too-old']],
  ] as const)('whose use is %s, and whose off is %s, are %j', (use, off, names) => {
    expect(ruleNamesOf({ use, off })).toEqual(names);
  });

  it('stand in the catalogue, in their order', () => {
    const ids = kindRules.map(({ id }) => id);
    expect(ruleIds.filter((id) => ids.some((one) => one === id))).toEqual(ids);
  });

  it('deactivate credentials, and no other rule does', () => {
    expect(ruleIds.filter(isLifecycleRule)).toEqual(lifecycleRules);
    expect(isLifecycleRule('access-keys-two-active')).toBe(false);
  });
});
