/** `--ledger`: where the record of stages and transitions is kept. */
import { InvalidArgumentError, Option } from 'commander';

export type LedgerPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'dynamodb'; readonly table: string };

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
  return new Option('--ledger <place>', 'record of what was done so far: file:PATH or dynamodb:TABLE').argParser(
    readLedgerPlace,
  );
}

export function describePlace(place: LedgerPlace): string {
  return place.kind === 'file' ? `file:${place.path}` : `dynamodb:${place.table}`;
}
