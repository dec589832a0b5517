import { isRetirableKind } from '../core/kinds/kinds.ts';
import type { Audit } from '../core/model.ts';

/** What the reader of a table should do next, in the order of urgency. */
export function nextSteps(audit: Audit): string[] {
  const { fail, error, bySeverity } = audit.summary;
  const steps: (string | undefined)[] = [
    bySeverity.critical > 0 ? 'Fix the critical findings first, today.' : undefined,
    error > 0 ? 'Not judged is not a pass: fix what is named there, then run the audit again.' : undefined,
    lacksKeyIds(audit)
      ? 'A saved report has no key ids: "access key 1" is its column. Audit the live account to see them.'
      : undefined,
    isOffline(audit)
      ? 'A saved report does not show whom AWS has quarantined (rule user-quarantined). Audit the live account as well.'
      : undefined,
    fail > 0
      ? 'To accept a finding, exempt it in keysweep.yaml, with a reason, an owner and an expiry date.'
      : undefined,
    fail > 0 ? 'Why a rule matters and what it checks: keysweep rules RULE' : undefined,
  ];
  return steps.filter((step) => step !== undefined);
}

/** A live audit sends requests. */
function isOffline({ stats }: Audit): boolean {
  return Object.keys(stats.requests).length === 0;
}

function lacksKeyIds(audit: Audit): boolean {
  return audit.findings.some(
    ({ status, principal, credential }) =>
      status === 'fail' &&
      principal.kind === 'user' &&
      credential !== undefined &&
      isRetirableKind(credential.kind) &&
      credential.id === undefined,
  );
}
