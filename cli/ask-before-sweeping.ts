/** The question of `sweep --enforce`. */
import { resolve } from 'node:path';
import { systemTiming } from '../aws/timing.ts';
import { given } from '../core/given.ts';
import type { Ledger } from '../core/lifecycle/ledger.ts';
import type { ShownActions } from '../core/lifecycle/proposal.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import { containsSecret } from '../core/secrets.ts';
import { proposeSweep } from '../engine/sweep/sweep.ts';
import { renderSweepQuestion } from '../reports/sweep/question.ts';
import type { OpenAccount } from './account.ts';
import { alertOf } from './alert.ts';
import type { OpenCommand } from './command.ts';
import { confirmByName, refuseWithoutTerminal } from './confirm.ts';
import type { Io } from './io.ts';
import { describePlace, type LedgerPlace, readLedger, withLedger } from './ledger.ts';
import { type Note, noteTo } from './notes.ts';
import { styleFor } from './terminal.ts';

interface AskedSweep {
  readonly color: boolean;
  readonly ledger?: LedgerPlace;
  readonly topicArn?: string;
  /** Name or ARN. */
  readonly eventBus?: string;
  readonly alertTopicArn?: string;
}

/** What a person agreed to. The sweep does nothing else, whatever has fallen due while they thought. */
export interface Confirmation {
  readonly shown: ShownActions;
  /** An alert was announced. */
  readonly alert: boolean;
}

/** What is swept and, if someone was asked about it, what they agreed to. */
export interface AskedAbout {
  readonly snapshot: Snapshot;
  readonly confirmed?: Confirmation;
  /** Notes about the ledger that were shown before: they are not repeated when it is opened to write. */
  readonly noted?: ReadonlySet<string>;
}

/**
 * Shows what the sweep would do, where and as whom, and asks for the account. Asks nothing if it would neither change
 * anything, nor write anything about a key, nor send anything.
 *
 * Throws KeysweepError `Cancelled`.
 */
export async function askBeforeSweeping(
  options: AskedSweep,
  command: OpenCommand,
  snapshot: Snapshot,
  account: OpenAccount,
): Promise<AskedAbout> {
  const { io } = command;
  const { session } = account;
  const { id } = await session.caller();
  // Also with --quiet: another ledger is a reason to say no.
  const tell = noteTo(io, false);
  const noted = new Set<string>();
  const note: Note = (text) => {
    noted.add(text);
    return tell(text);
  };
  const opening = readLedger(options.ledger, session, id, io, note);
  const confirmed = await withLedger(opening, (ledger) => askAbout(options, command, ledger, snapshot, account));
  return { snapshot, confirmed, noted };
}

async function askAbout(
  options: AskedSweep,
  { policy, file, io }: OpenCommand,
  ledger: Ledger,
  snapshot: Snapshot,
  { session, source, progress }: OpenAccount,
): Promise<Confirmation> {
  const ask = refuseWithoutTerminal(io);
  const ports = {
    source,
    ledger,
    actions: undefined,
    notifier: undefined,
    clock: { now: io.now },
    timing: systemTiming,
  };
  const { result, actions: shown, unfinished, notices } = await proposeSweep(ports, policy, snapshot);
  const { ledger: place, topicArn, eventBus, alertTopicArn } = options;
  const alert =
    alertTopicArn === undefined
      ? undefined
      : await alertOf(snapshot.audit, { ledger, topicArn: alertTopicArn, now: io.now() });
  const isAlertDue = alert !== undefined && alert.deliveredAt === undefined;
  const confirmation = { shown, alert: isAlertDue };
  if (shown.size === 0 && !isAlertDue) return confirmation;
  await progress.end();
  const style = styleFor(io.stderr, io.env, options.color);
  const about = renderSweepQuestion(
    result,
    {
      caller: (await session.caller()).arn,
      policy: file === undefined ? 'built-in defaults' : policyPath(file, io),
      unfinished,
      notices,
      ...given({ ledger: place && describePlace(place), topicArn, eventBus }),
      ...(isAlertDue && alertTopicArn !== undefined && { alert: `${alert.notice.data.summary}, to ${alertTopicArn}` }),
    },
    style,
  );
  const { id, alias } = result.account;
  const names = alias === undefined ? [id] : [alias, id];
  await confirmByName(about, alias === undefined ? "the account's id" : "the account's alias or id", names, ask, io);
  return confirmation;
}

/** In full unless it looks like a secret, which questions do not hide: a directory may be as random as a secret, what was typed is not. */
function policyPath(file: string, io: Io): string {
  const path = resolve(io.directory, file);
  return containsSecret(path) ? file : path;
}
