import { randomUUID } from 'node:crypto';
import { systemTiming } from '../aws/timing.ts';
import { KeysweepError } from '../core/error.ts';
import type { RetirableRef } from '../core/lifecycle/ledger.ts';
import { findKeyUser } from '../engine/key-user.ts';
import { orDamage } from '../engine/remember.ts';
import type { BegunChange } from '../engine/restore/candidate.ts';
import type { Restoration, RestoreCandidate, RestorePorts } from '../engine/restore/restore.ts';
import { jsonText } from '../reports/json-text.ts';
import { printable } from '../reports/printable.ts';
import { inShell } from '../reports/shell-word.ts';
import { accountInWords } from '../reports/words.ts';
import { type OpenAccount, withAccount } from './account.ts';
import type { ExitCode } from './command.ts';
import { readPolicy } from './input.ts';
import { confirm, type Io } from './io.ts';
import { type LedgerPlace, type OpenLedger, openLedger } from './ledger.ts';
import { noteTo } from './notes.ts';
import { commandOptionsOf, type NoticeOptions, openEventBus, openNotifier } from './notices.ts';
import type { AwsOptions, PrintOptions } from './options.ts';
import { openPrinter, type Printer } from './output.ts';

export interface RestoreCommandOptions extends AwsOptions, PrintOptions, NoticeOptions {
  readonly ledger: LedgerPlace;
  readonly why: string;
  readonly who?: string;
  readonly user?: string;
  readonly yes?: boolean;
  readonly policy?: string;
}

/** Switches one key on again; see commands/restore.ts. Throws KeysweepError where that is not possible. */
export async function runRestore(credential: RetirableRef, options: RestoreCommandOptions, io: Io): Promise<ExitCode> {
  if (options.why.trim() === '') {
    throw new KeysweepError('ReasonMissing', '--why is empty', { hint: 'Say why the key is needed: it is recorded.' });
  }
  if (options.yes !== true && io.ask === undefined) {
    throw new KeysweepError('ConfirmationMissing', 'there is no terminal to ask at', {
      hint: 'From a script, say --yes.',
    });
  }
  const note = noteTo(io, options.quiet === true);
  const printer = await openPrinter(options, io, note);
  try {
    return await withAccount(options, io, async (account) => {
      const ledger = await openLedger(options.ledger, account.session, io, note);
      try {
        return await restoreKey(credential, options, account, ledger, printer, io);
      } finally {
        await ledger.close();
      }
    });
  } catch (error) {
    throw withWayRound(error, credential, options);
  }
}

/** What it takes a person or another keysweep to mend: the key may be needed sooner. */
const lastingLedgerErrors: ReadonlySet<string> = new Set([
  'LedgerCorrupt',
  'LedgerFromNewerVersion',
  'LedgerUnreadable',
  'LedgerUnwritable',
]);

/** A ledger that cannot be used keeps nobody from switching on a key that is needed. */
function withWayRound(error: unknown, { id }: RetirableRef, { user }: RestoreCommandOptions): unknown {
  if (!(error instanceof KeysweepError) || !lastingLedgerErrors.has(error.code)) return error;
  const name = user === undefined ? 'USER' : inShell(user);
  const hint = [
    ...(error.hint === undefined ? [] : [error.hint]),
    'Is the key needed before that? Switch it on in the IAM console, or with',
    `    aws iam update-access-key --access-key-id ${id} --status Active --user-name ${name}`,
    'The next sweep with a good ledger takes note of it, and starts restoreGrace.',
  ].join('\n');
  return new KeysweepError(error.code, error.message, { hint, cause: error });
}

async function restoreKey(
  credential: RetirableRef,
  options: RestoreCommandOptions,
  account: OpenAccount,
  ledger: OpenLedger,
  printer: Printer,
  io: Io,
): Promise<ExitCode> {
  const [{ findRestoreCandidate, restore }, { sweepId }, { createIamCredentialActions }] = await Promise.all([
    import('../engine/restore/restore.ts'),
    import('../engine/sweep/ports.ts'),
    import('../aws/iam-credential-actions.ts'),
  ]);
  const { source, session } = account;
  const self = await source.account();
  const found = await orDamage(ledger.entry(self.id, credential.id));
  const entry = found instanceof Error ? undefined : found;
  const userName = await findKeyUser(credential, options.user, entry, self, source);
  const ports: RestorePorts = {
    source,
    ledger,
    actions: createIamCredentialActions(session),
    notifier: await openNotifier(options, session),
    events: await openEventBus(options, session),
    clock: { now: io.now },
    timing: { ...systemTiming, ...(io.wait !== undefined && { sleep: io.wait }) },
  };
  const candidate = await findRestoreCandidate(ports, self, credential.id, userName);
  if (candidate.begun !== undefined) await noteTo(io, options.quiet === true)(begunInWords(candidate.begun));
  if (!candidate.isActive || candidate.begun !== undefined) await askFirst(candidate, options, io);
  const who = whoOf(options, (await session.caller()).arn);
  const id = sweepId(io.now(), randomUUID());
  const commandOptions = await commandOptionsOf(options.ledger, options, session, io);
  const policy = await readPolicy(options.policy, io, noteTo(io, true));
  const request = {
    candidate,
    who,
    why: options.why,
    id,
    policy,
    ...(commandOptions !== undefined && { commandOptions }),
  };
  const result = await restore(ports, request);
  await print(candidate, result, who, options, printer);
  for (const problem of result.problems) await io.stderr.write(`keysweep: ${printable(problem)} (exit code 2)\n`);
  return result.problems.length === 0 ? 0 : 2;
}

/** A name anybody can give; the caller is what AWS vouches for. */
function whoOf({ who = '' }: RestoreCommandOptions, caller: string): string {
  const name = who.trim();
  return name === '' ? caller : `${name} (${caller})`;
}

async function askFirst(candidate: RestoreCandidate, { yes }: RestoreCommandOptions, io: Io): Promise<void> {
  if (yes === true || io.ask === undefined) return;
  const { entry } = candidate.state;
  const off = entry?.deactivation;
  const since = off === undefined ? '' : `, switched off on ${off.at.toISOString().slice(0, 10)}`;
  const reasons = entry === undefined || entry.rules.length === 0 ? '' : ` (${entry.rules.join(', ')})`;
  const question = candidate.isActive ? 'Keep it on?' : 'Switch it on again?';
  await confirm(`${nameOf(candidate)}${since}${reasons}\n`, question, io.ask, io);
}

const nouns = { deactivate: 'deactivation', delete: 'deletion' } as const;

/** Before it is known whether that can be stopped. */
function begunInWords({ action, at }: BegunChange): string {
  const since = at
    .toISOString()
    .replace(/:\d\d\.\d+Z$/, ' UTC')
    .replace('T', ' ');
  return `a sweep has begun its ${nouns[action]} (${since}) and may be at it right now; this tries to stop it`;
}

const outcomes: Readonly<Record<Restoration['outcome'], string>> = {
  restored: 'is on again',
  noted: 'was on already; the ledger has taken note of it',
  nothing: 'is on, and nothing was to be done',
};

async function print(
  candidate: RestoreCandidate,
  { outcome, entry, begun, damage, problems }: Restoration,
  who: string,
  { output, why }: RestoreCommandOptions,
  printer: Printer,
): Promise<void> {
  const { account, state } = candidate;
  const { credential, principal } = state;
  const stopped = begun === undefined ? '' : `; the ${nouns[begun.action]} that a sweep had begun was stopped`;
  const inWords = `${nameOf(candidate)} ${outcomes[outcome]}${stopped}`;
  if (output === 'table') return printer.print(() => `${inWords}\n`, inWords);
  const { kind, name, arn } = principal;
  const data = {
    schema: 'keysweep/restore/v1',
    account: { id: account.id, partition: account.partition, alias: account.alias },
    credential: { kind: credential.kind, id: credential.id },
    principal: { kind, name, arn },
    outcome,
    stage: entry?.stage ?? 'compliant',
    stageKnown: damage === undefined && (entry !== undefined || outcome === 'nothing'),
    damage,
    who,
    why,
    restoredAt: entry?.restoration?.at,
    begun,
    problems,
  };
  return printer.print(() => jsonText(data), inWords);
}

function nameOf({ account, state }: RestoreCandidate): string {
  const { credential, principal } = state;
  return `${printable(credential.id)} of ${printable(principal.name)} in AWS account ${accountInWords(account)}`;
}
