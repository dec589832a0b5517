/** What `keysweep restore` says of the key that it reactivates. */
import type { BegunChange, LedgerEntry, RetirableRef } from '../core/lifecycle/ledger.ts';
import type { Account, Principal } from '../core/model.ts';
import { jsonText } from './json-text.ts';
import { printable } from './printable.ts';
import { accountInWords, dateInWords, timeInWords } from './words.ts';

/** A key, whose it is, and where. */
export interface KeyOfUser {
  readonly account: Account;
  readonly credential: RetirableRef;
  readonly principal: Principal;
}

export interface RestorationDocument extends KeyOfUser {
  readonly outcome: 'restored' | 'noted' | 'nothing';
  /** As the ledger has it now. */
  readonly entry?: LedgerEntry;
  /** What a sweep had begun to do to it when it was asked for, and did not carry through. */
  readonly begun?: BegunChange;
  /** What is wrong with its entry in the ledger, for people. */
  readonly damage?: string;
  readonly who: string;
  readonly why: string;
  readonly problems: readonly string[];
}

const outcomes: Readonly<Record<RestorationDocument['outcome'], string>> = {
  restored: 'was reactivated',
  noted: 'was active already, which the ledger now records',
  nothing: 'is active; there was nothing to do',
};

const nouns = { deactivate: 'deactivation', delete: 'deletion' } as const;

/** What became of it, in one line without its end. */
export function restorationInWords(document: RestorationDocument): string {
  const { outcome, begun } = document;
  const stopped = begun === undefined ? '' : `; the ${nouns[begun.action]} that a sweep had begun is stopped`;
  return `${keyOfUserInWords(document)} ${outcomes[outcome]}${stopped}`;
}

/** The same as JSON of schema `keysweep/restore/v1` (docs/schemas/restore-v1.schema.json). */
export function renderRestorationJson(document: RestorationDocument): string {
  const { account, credential, principal, outcome, entry, begun, damage, who, why, problems } = document;
  return jsonText({
    schema: 'keysweep/restore/v1',
    account: { id: account.id, partition: account.partition, alias: account.alias },
    credential: { kind: credential.kind, id: credential.id },
    principal: { kind: principal.kind, name: principal.name, arn: principal.arn },
    outcome,
    stage: entry?.stage ?? 'compliant',
    stageKnown: damage === undefined && (entry !== undefined || outcome === 'nothing'),
    damage,
    who,
    why,
    restoredAt: entry?.restoration?.at,
    begun,
    problems,
  });
}

/** A change that is begun, before it is known whether it can be stopped. @param timezone of the policy */
export function begunInWords({ action, at }: BegunChange, timezone: string): string {
  const since = timeInWords(at, timezone);
  return `a sweep began its ${nouns[action]} (${since}) and may be running right now; this tries to stop it`;
}

/** Since when it is inactive, and why: what a person sees before the question whether to restore it. */
export function keyToRestoreInWords(key: KeyOfUser, entry: LedgerEntry | undefined, timezone: string): string {
  const off = entry?.deactivation;
  const how = off?.by === 'keysweep' ? 'deactivated' : 'first seen inactive';
  const since = off === undefined ? '' : `, ${how} on ${dateInWords(off.at, timezone)}`;
  const reasons = entry === undefined || entry.rules.length === 0 ? '' : ` (${entry.rules.join(', ')})`;
  return `${keyOfUserInWords(key)}${since}${reasons}`;
}

function keyOfUserInWords({ account, credential, principal }: KeyOfUser): string {
  return `${printable(credential.id)} of ${printable(principal.name)} in AWS account ${accountInWords(account)}`;
}
