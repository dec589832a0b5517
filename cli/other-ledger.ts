import type { AwsSession } from '../aws/session.ts';
import { printable } from '../reports/printable.ts';
import type { LedgerPlace } from './ledger-place.ts';

/**
 * What to say where keysweep is installed in the account with another ledger than this one: neither of the two knows of
 * the notices, restorations and caps of the other. Undefined where it is the same, or keysweep is not installed.
 */
export async function otherLedger(place: LedgerPlace, session: AwsSession): Promise<string | undefined> {
  const { findInstalledLedger } = await import('../aws/installed-ledger.ts');
  const found = await findInstalledLedger(session);
  if (!found.ok) {
    if (found.problem.code === 'not-found') return undefined;
    return `cannot determine whether keysweep is installed in this account with another ledger: ${printable(found.problem.message)}`;
  }
  const { region, table } = found.value;
  const isSame = place.kind === 'dynamodb' && place.table === table && (await session.region()) === region;
  if (isSame) return undefined;
  return [
    'keysweep is installed in this account with another ledger, and neither knows of the notices, restorations and caps',
    `of the other. Its ledger: --ledger dynamodb:${table} --region ${region}`,
  ].join(' ');
}
