/** Finds the credential that a person means by the name of its user. */
import { KeysweepError } from '../core/error.ts';
import { type Kind, kindOf, retirableKinds } from '../core/kinds/kinds.ts';
import type { Ledger, LedgerEntry, RetirableRef } from '../core/lifecycle/ledger.ts';
import type { Account, ObservedCredential } from '../core/model.ts';
import type { CredentialSource } from '../core/ports.ts';
import { printable } from '../reports/printable.ts';
import { accountInWords } from '../reports/words.ts';

/** What a person may name: a credential by its id, or the user that has it. */
export type NamedKey = { readonly credential: RetirableRef } | { readonly userName: string };

/** A credential, and its user if IAM was just seen to list it there. */
export interface FoundKey {
  readonly credential: RetirableRef;
  readonly userName?: string;
}

/** A credential of the user, as far as a person needs to recognize it. */
interface KeyOfUser {
  readonly ref: RetirableRef;
  readonly about: string;
}

/**
 * The credential itself, or the only one of the user: as IAM lists it now or, if IAM lists none, as the ledger remembers
 * it. Of several none is chosen.
 *
 * @throws KeysweepError AccessKeyAmbiguous, which lists them; AccessKeyNotFound; KeysUnreadable if IAM does not list them
 */
export async function findNamedKey(
  named: NamedKey,
  account: Account,
  source: CredentialSource,
  ledger: Ledger,
): Promise<FoundKey> {
  if ('credential' in named) return named;
  const { userName } = named;
  const listed = await listKeys(userName, source);
  const isListed = listed !== undefined && listed.length > 0;
  const keys = isListed ? listed : await rememberedKeys(userName, account, ledger);
  const [only, ...others] = keys;
  if (only !== undefined && others.length === 0) return { credential: only.ref, ...(isListed && { userName }) };
  if (only !== undefined) throw ambiguous(userName, keys);
  const where = `in AWS account ${accountInWords(account)}`;
  const missing =
    listed === undefined
      ? `there is no user ${printable(userName)} ${where}, and the ledger knows none of that name`
      : `user ${printable(userName)} ${where} has no ${anyOf(({ noun }) => noun.one)}`;
  throw new KeysweepError('AccessKeyNotFound', missing, {
    hint: 'Check the name and the account, or give the id of the key, such as AKIAIOSFODNN7EXAMPLE.',
  });
}

/** Undefined if there is no such user. */
async function listKeys(userName: string, source: CredentialSource): Promise<readonly KeyOfUser[] | undefined> {
  const lists = await Promise.all(retirableKinds.map((kind) => source.credentials(kind, userName)));
  const keys: KeyOfUser[] = [];
  for (const [at, list] of lists.entries()) {
    const kind = retirableKinds[at];
    if (list.ok) {
      keys.push(...list.value.flatMap(keyOf));
    } else if (list.problem.code === 'not-found') {
      return undefined;
    } else {
      const what = kind === undefined ? 'credentials' : kindOf(kind).noun.many;
      throw new KeysweepError(
        'KeysUnreadable',
        `cannot list the ${what} of user ${printable(userName)}: ${list.problem.message}`,
        { hint: 'Give the id of the key instead of the user name.' },
      );
    }
  }
  return keys;
}

function keyOf({ ref: { kind, id }, status, createdAt }: ObservedCredential): readonly KeyOfUser[] {
  if (id === undefined) return [];
  const created = createdAt.known ? `, created ${createdAt.value.toISOString().slice(0, 10)}` : '';
  return [{ ref: { kind, id }, about: `${status.known ? status.value : 'status unknown'}${created}` }];
}

async function rememberedKeys(userName: string, { id }: Account, ledger: Ledger): Promise<readonly KeyOfUser[]> {
  const { entries } = await ledger.entries(id);
  const isOfUser = ({ principal }: LedgerEntry) => principal.name.toLowerCase() === userName.toLowerCase();
  return entries.filter(isOfUser).map(({ credential: ref, stage }) => ({ ref, about: `${stage} in the ledger` }));
}

function ambiguous(userName: string, keys: readonly KeyOfUser[]): KeysweepError {
  const several = `${keys.length} ${anyOf(({ noun }) => noun.many)}`;
  const lines = keys.map(({ ref, about }) => `${ref.id}  ${about}`);
  return new KeysweepError('AccessKeyAmbiguous', `user ${printable(userName)} has ${several}; give the id of one`, {
    hint: lines.toSorted().join('\n'),
  });
}

function anyOf(noun: (kind: Kind) => string): string {
  return retirableKinds.map((kind) => noun(kindOf(kind))).join(' or ');
}
