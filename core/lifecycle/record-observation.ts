/** The record of what IAM shows that the ledger does not yet know. */
import type { LifecycleRule } from '../kinds/rules.ts';
import type { Policy } from '../policy/policy.ts';
import { ruleFor } from './case.ts';
import { deactivationAt, intendedUse, knownUse } from './deactivation-record.ts';
import type { Decision } from './decision.ts';
import { withUseAsOf } from './doubts.ts';
import { kept, type LedgerWrite, type Moment, write } from './ledger-write.ts';
import type { CredentialState } from './state.ts';

export function recordObservation(
  seen: CredentialState,
  { change, by, why }: Extract<Decision, { readonly type: 'observe' }>,
  policy: Policy,
  moment: Moment,
): LedgerWrite {
  // A deletion date that is counted from a use in the future could not be true either.
  const state = { ...seen, liveStatus: withUseAsOf(seen.liveStatus, moment.now) };
  const rules = currentRules(state);
  switch (change) {
    case 'deactivated': {
      const found = rules.length > 0 ? rules : [ruleFor(state, 'inactive')];
      const known = by === 'keysweep' ? intendedUse(state) : {};
      const deactivation = { ...deactivationAt(state, found, by, policy, moment.now), ...known };
      return write(
        state,
        moment,
        { stage: 'deactivated', rules: found, deactivation, notice: 'deactivated' },
        'deactivated',
        by,
        why,
      );
    }
    case 'late-use': {
      const { at } = state.entry?.deactivation ?? { at: moment.now };
      const deactivation = {
        ...deactivationAt(state, rules, 'keysweep', policy, moment.now),
        ...knownUse(state),
        at,
      };
      return write(
        state,
        moment,
        { stage: 'deactivated', rules, deactivation, notice: 'late-use' },
        'late-use',
        by,
        why,
      );
    }
    case 'restored':
      return write(
        state,
        moment,
        { stage: 'restored', rules: [], restoration: { at: moment.now, by }, notice: 'restored' },
        'restored',
        by,
        why,
      );
    case 'deleted':
      return write(
        state,
        moment,
        { ...kept(state), stage: 'deleted', rules, deletion: { at: moment.now, by }, notice: 'deleted' },
        'deleted',
        by,
        why,
      );
  }
}

/**
 * The rules that led to the stage, adjusted to the live status: a credential that was never used, and has been used since, is
 * now judged by its idle time.
 */
function currentRules({ credential, entry, liveStatus }: CredentialState): readonly LifecycleRule[] {
  const rules = entry?.rules ?? [];
  if (liveStatus.kind !== 'seen' || liveStatus.lastUse.kind !== 'used') return rules;
  const [neverUsed, unused] = [ruleFor({ credential }, 'never-used'), ruleFor({ credential }, 'unused')];
  return [...new Set(rules.map((rule) => (rule === neverUsed ? unused : rule)))];
}
