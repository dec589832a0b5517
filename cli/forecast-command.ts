/** The command that shows what mode enforce would do: of the same account, by the same policy and ledger. */
import { formatDuration } from '../core/duration.ts';
import { inShell } from '../reports/shell-word.ts';
import type { Io } from './io.ts';
import { describePlace } from './ledger.ts';
import { nextCommand } from './notes.ts';
import type { AuditForSweepOptions } from './sweep.ts';

/** @param options as given to the command that shows it */
export function forecastCommand(options: AuditForSweepOptions, io: Pick<Io, 'env'>): string {
  const { profile, region, roleArn, externalId, roleSessionName, endpointUrl, patience } = options;
  const { policy, ledger, stack, asOf } = options;
  const given: readonly (readonly [flag: string, value: string | undefined])[] = [
    ['--profile', profile],
    ['--region', region],
    ['--role-arn', roleArn],
    // It is never printed.
    ['--external-id', externalId && 'EXTERNAL_ID'],
    ['--role-session-name', roleSessionName],
    ['--endpoint-url', endpointUrl],
    ['--patience', patience === undefined ? undefined : formatDuration(patience)],
    ['--policy', policy],
    ['--ledger', ledger && describePlace(ledger)],
    ['--stack', stack],
    ['--as-of', asOf?.toISOString()],
  ];
  const more = given.flatMap(([flag, value]) => (value === undefined ? [] : [` ${flag} ${inShell(value)}`]));
  return nextCommand(`forecast${more.join('')}`, io);
}
