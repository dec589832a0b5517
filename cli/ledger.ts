/** `--ledger`: where the record of stages and transitions is kept, and how it is opened. */
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { AwsSession } from '../aws/session.ts';
import { KeysweepError } from '../core/error.ts';
import { given } from '../core/given.ts';
import { type Installation, optionsOfMark } from '../core/installation/installation.ts';
import type { Ledger } from '../core/lifecycle/ledger.ts';
import type { Remembered } from '../core/lifecycle/remembered.ts';
import { remember } from '../engine/remember.ts';
import { printable } from '../reports/printable.ts';
import { exists } from './input.ts';
import type { Io } from './io.ts';
import type { Note } from './notes.ts';

export type LedgerPlace =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'dynamodb';
      readonly table: string;
      /** The installation that it was found through, if no one named it; of one whose parameter is not known the region. */
      readonly installed?: Pick<Installation, 'region'>;
    };

type TablePlace = Extract<LedgerPlace, { readonly kind: 'dynamodb' }>;

/** Source of the pattern of table names: the DynamoDB API reference. */
const tableName = /^[\w.-]{3,255}$/;

/** Reads `file:PATH` or `dynamodb:TABLE`. */
function readLedgerPlace(text: string): LedgerPlace {
  const [, kind, name = ''] = /^(file|dynamodb):(.+)$/s.exec(text) ?? [];
  if (kind === 'file') return { kind, path: name };
  if (kind === 'dynamodb' && tableName.test(name)) return { kind, table: name };
  throw new InvalidArgumentError('Give file:PATH or dynamodb:TABLE, such as file:keysweep-ledger.jsonl.');
}

export function ledgerOption(): Option {
  const text = 'ledger with the history of each key: file:PATH or dynamodb:TABLE (default: that of the installation)';
  return new Option('--ledger <place>', text).argParser(readLedgerPlace);
}

export function describePlace(place: LedgerPlace): string {
  return place.kind === 'file' ? `file:${place.path}` : `dynamodb:${place.table}`;
}

/** A ledger while a command works with it. */
export interface OpenLedger extends Ledger {
  close(): Promise<void>;
}

/** Opens a ledger for the duration of `use`, then closes it. */
export async function withLedger<T>(opening: Promise<OpenLedger>, use: (ledger: OpenLedger) => Promise<T>): Promise<T> {
  const ledger = await opening;
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

/**
 * Opens a ledger to write to; a file is locked until it is closed. A file that does not exist is created, with a note for
 * the user: a mistyped path would forget every notice. Throws KeysweepError, among them `LedgerLocked`, `LedgerCorrupt`,
 * and `AccountMismatch` for a file with records of other accounts only.
 *
 * @param noted what {@link readLedger} has noted of it before: it is not repeated. @default nothing
 */
export async function openLedger(
  place: LedgerPlace,
  session: AwsSession,
  io: Io,
  note: Note,
  noted: ReadonlySet<string> = new Set(),
): Promise<OpenLedger> {
  const noteNew: Note = async (text) => {
    if (place.kind === 'dynamodb' || !noted.has(missingFile(place.path))) await note(text);
  };
  const ledger =
    place.kind === 'dynamodb' ? await openTable(place, session) : await createFile(place.path, session, io, noteNew);
  const other = await otherLedger(place, session);
  // Also with --quiet: what is about to happen may happen twice.
  if (other !== undefined && !noted.has(other)) await io.stderr.write(`keysweep: warning: ${other}\n`);
  return ledger;
}

async function createFile(path: string, session: AwsSession, io: Io, note: Note): Promise<OpenLedger> {
  const { id } = await session.caller();
  const isNew = !(await exists(path, io));
  const ledger = await openFile(path, id, false, io);
  if (isNew) {
    await note(
      `ledger ${resolve(io.directory, path)} did not exist: a new one was created, and every warning period starts over`,
    );
  }
  return ledger;
}

/**
 * Opens a ledger to read from. If none is named, or it does not exist yet, it is empty, with a note for the user. Throws
 * KeysweepError `LedgerNeedsAws` for a table without a session (offline), and AccountMismatch, as {@link openLedger}, for a
 * file of another account.
 *
 * @param account the account whose records are wanted
 */
export async function readLedger(
  place: LedgerPlace | undefined,
  session: AwsSession | undefined,
  account: string,
  io: Io,
  note: Note,
): Promise<OpenLedger> {
  if (place === undefined) {
    await note('no --ledger given, so earlier notices and deactivations are unknown');
    return noLedger();
  }
  if (place.kind === 'dynamodb') {
    if (session !== undefined) return compared(await openTable(place, session), place, session, note);
    throw new KeysweepError('LedgerNeedsAws', `cannot read the DynamoDB table ${place.table} offline`, {
      hint: 'Omit --ledger or --report, or use a ledger file: --ledger file:PATH',
    });
  }
  if (!(await exists(place.path, io))) await note(missingFile(place.path));
  return compared(await openFile(place.path, account, true, io), place, session, note);
}

function missingFile(path: string): string {
  return `ledger ${path} does not exist yet, so there is no history`;
}

/** The ledger of a command that was given none: it is empty, and rejects writes. */
export function noLedger(): OpenLedger {
  const refuse = () =>
    Promise.reject(
      new KeysweepError('LedgerMissing', 'there is no ledger to write to', { hint: 'Give one with --ledger.' }),
    );
  return {
    entries: async () => ({ entries: [], damaged: [] }),
    entry: async () => undefined,
    events: async () => [],
    sweep: async () => undefined,
    write: refuse,
    writeSweep: refuse,
    sweptSnapshot: async () => undefined,
    writeSweptSnapshot: refuse,
    close: async () => {},
  };
}

/** The ledger, after a note if it is not the ledger of the installation. */
async function compared(
  ledger: OpenLedger,
  place: LedgerPlace,
  session: AwsSession | undefined,
  note: Note,
): Promise<OpenLedger> {
  const other = session && (await otherLedger(place, session));
  if (other !== undefined) await note(other);
  return ledger;
}

async function openFile(path: string, account: string, readOnly: boolean, io: Io): Promise<OpenLedger> {
  const { openFileLedger } = await import('../files/file-ledger.ts');
  const ledger = await openFileLedger(resolve(io.directory, path), { readOnly, now: io.now });
  try {
    confirmLedgerFile(path, ledger.accounts(), account);
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/**
 * A file with records of other accounts and none of this one is the wrong ledger: what was notified and done here is
 * recorded elsewhere. An empty file is a new ledger.
 *
 * @throws KeysweepError AccountMismatch
 */
function confirmLedgerFile(path: string, accounts: readonly string[], account: string): void {
  if (accounts.length === 0 || accounts.includes(account)) return;
  throw new KeysweepError(
    'AccountMismatch',
    `the ledger ${path} belongs to account ${accounts.join(', ')} and has no record of account ${account}`,
    {
      hint: 'Give the ledger of this account or, for its first sweep, a file that does not exist yet.',
    },
  );
}

async function openTable({ table, installed }: TablePlace, session: AwsSession): Promise<OpenLedger> {
  const { createDynamoDbLedger } = await import('../aws/dynamodb-ledger.ts');
  return { ...createDynamoDbLedger(session, table, given({ region: installed?.region })), close: async () => {} };
}

/** What the ledger records about an account; nothing if none is named. Problems with it become notes. */
export async function readRemembered(
  place: LedgerPlace | undefined,
  account: string,
  session: AwsSession | undefined,
  asOf: Date,
  io: Io,
  note: Note,
): Promise<Remembered> {
  return withLedger(readLedger(place, session, account, io, note), async (ledger) => {
    const remembered = await remember(ledger, account, asOf);
    for (const problem of remembered.problems ?? []) await note(printable(problem));
    return remembered;
  });
}

/**
 * A warning if keysweep is installed in the account with another ledger than this one: neither of the two knows the
 * notices, restorations and caps of the other. Undefined if it is the same, or keysweep is not installed.
 */
async function otherLedger(place: LedgerPlace, session: AwsSession): Promise<string | undefined> {
  if (place.kind === 'dynamodb' && place.installed !== undefined) return undefined;
  const { readInstallationMark } = await import('../aws/installation-mark.ts');
  const found = await readInstallationMark(session);
  if (!found.ok) {
    if (found.problem.code === 'not-found') return undefined;
    return `cannot determine whether keysweep is installed in this account with another ledger: ${printable(found.problem.message)}`;
  }
  const { region, table } = found.value;
  const isSame = place.kind === 'dynamodb' && place.table === table && (await session.region()) === region;
  if (isSame) return undefined;
  return [
    'keysweep is installed in this account with another ledger. Neither ledger knows the notices, restorations and limits',
    `of the other. To use that one: ${optionsOfMark(found.value)}`,
  ].join(' ');
}
