import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import { openItem } from '../../../core/lifecycle/item.ts';
import type { LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import { plan } from '../../../core/lifecycle/plan.ts';
import type { CredentialState } from '../../../core/lifecycle/state.ts';
import { deactivated, enforcing, now, past, seen, stateOf, warned } from '../../support/lifecycle-builder.ts';

const final = { lastNoticeAt: past(DAY), finalNoticeAt: past(DAY) };

/** Denied eight days ago, so that another attempt may be made. */
function denied(entry: LedgerEntry, action: 'deactivate' | 'delete'): LedgerEntry {
  return { ...entry, blocked: { action, since: past(8 * DAY), lastAttemptAt: past(8 * DAY), why: 'denied' } };
}

/** Everything else that counts speaks for it. */
const urgent = { exposed: true, privileged: true } as const;

const due = warned(30 * DAY, final);
const doomed = deactivated(40 * DAY, final);
const inactive = seen({ status: 'Inactive' });

function actionsOf(states: readonly CredentialState[]) {
  const one = { count: 1 };
  const policy = enforcing({ limits: { ...enforcing().limits, maxDeactivations: one, maxDeletions: one } });
  const report = { rows: 10, generatedAt: past(HOUR) };
  const { actions } = plan(
    { items: states.map((state) => openItem(state, undefined, now)), report, inScope: 10 },
    policy,
    now,
  );
  return actions.map(({ decision, state }) => `${decision.type} ${state.credential.id}`);
}

describe('what AWS has denied comes last, whatever else counts', () => {
  it('for a deactivation', () => {
    const blocked = stateOf({ id: 'BLOCKED', entry: denied(due, 'deactivate'), ...urgent });
    expect(actionsOf([blocked])).toEqual(['deactivate BLOCKED']);
    expect(actionsOf([blocked, stateOf({ id: 'PLAIN', entry: due })])).toEqual(['deactivate PLAIN']);
  });

  it('for a deletion', () => {
    const blocked = stateOf({ id: 'BLOCKED', entry: denied(doomed, 'delete'), liveStatus: inactive, ...urgent });
    const plain = stateOf({ id: 'PLAIN', entry: doomed, liveStatus: inactive });
    expect(actionsOf([blocked])).toEqual(['delete BLOCKED']);
    expect(actionsOf([blocked, plain])).toEqual(['delete PLAIN']);
  });

  it('also behind what an interrupted sweep began', () => {
    const intent = { action: 'deactivate', at: past(DAY), sweep: 'before' } as const;
    const blocked = stateOf({ id: 'BLOCKED', entry: { ...denied(due, 'deactivate'), intent }, ...urgent });
    expect(actionsOf([blocked, stateOf({ id: 'PLAIN', entry: due })])).toEqual(['deactivate PLAIN']);
  });

  it('but only for the change that was denied', () => {
    const entry = denied(doomed, 'deactivate');
    const other = stateOf({ id: 'OTHER', entry, liveStatus: inactive, ...urgent });
    const plain = stateOf({ id: 'PLAIN', entry: doomed, liveStatus: inactive });
    expect(actionsOf([plain, other])).toEqual(['delete OTHER']);
  });
});
