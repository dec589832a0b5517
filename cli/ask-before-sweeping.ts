/** The question of `sweep --enforce`. */
import { resolve } from 'node:path';
import { systemTiming } from '../aws/timing.ts';
import { given } from '../core/given.ts';
import type { Ledger } from '../core/lifecycle/ledger.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import { summaryOf } from '../reports/sweep/document.ts';
import { renderSweepQuestion } from '../reports/sweep/question.ts';
import type { OpenAccount } from './account.ts';
import type { OpenCommand } from './command.ts';
import { confirmByName, refuseWithoutTerminal } from './confirm.ts';
import { describePlace, type LedgerPlace } from './ledger.ts';
import { styleFor } from './terminal.ts';

interface AskedSweep {
  readonly color: boolean;
  readonly ledger?: LedgerPlace;
  readonly topicArn?: string;
}

/**
 * Shows what the sweep would do, where and as whom, and asks for the account. Asks nothing if it would do nothing.
 *
 * Throws KeysweepError `Cancelled`.
 */
export async function askBeforeSweeping(
  options: AskedSweep,
  { policy, file, io }: OpenCommand,
  ledger: Ledger,
  snapshot: Snapshot,
  { session, source, progress }: OpenAccount,
): Promise<void> {
  if (io.ask === undefined) return refuseWithoutTerminal(io);
  const { sweepAccount } = await import('../engine/sweep/sweep.ts');
  const ports = {
    source,
    ledger,
    actions: undefined,
    notifier: undefined,
    clock: { now: io.now },
    timing: systemTiming,
  };
  const planned = await sweepAccount(ports, policy, snapshot, { sweep: 'plan', enforce: false });
  const { warn, deactivate, delete: deletions } = summaryOf(planned).actions;
  if (warn + deactivate + deletions === 0) return;
  await progress.end();
  const style = styleFor(io.stderr, io.env, options.color);
  const { ledger: place, topicArn } = options;
  const about = renderSweepQuestion(
    planned,
    {
      caller: (await session.caller()).arn,
      policy: file === undefined ? 'built-in defaults' : resolve(io.directory, file),
      ...given({ ledger: place && describePlace(place), topicArn }),
    },
    style,
  );
  const { id, alias } = planned.account;
  const names = alias === undefined ? [id] : [alias, id];
  await confirmByName(about, alias === undefined ? "the account's id" : "the account's alias or id", names, io.ask, io);
}
