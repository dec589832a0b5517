import { seededRandom, seedFromText } from '../random.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digits = '0123456789abcdefghijklmnopqrstuv';
const serialBits = 39n;
const serialMask = (1n << serialBits) - 1n;

/** What an id is of: AKIA a long-lived access key, ASIA a temporary one, AIDA a user, AROA a role, ... */
export type IdPrefix = 'AKIA' | 'ASIA' | 'AIDA' | 'AROA' | 'AGPA' | 'ANPA';

/**
 * Makes the ids of one account: the same ones, in the same order, for the same account and seed.
 *
 * An id holds the account as AWS's do: the 16 base32 characters after the prefix are 80 bits, of which the first is
 * set, the next 40 are the account number and the last 39 are a serial number (here: scattered, never repeated).
 */
export class IdSource {
  readonly #random: () => number;
  readonly #accountBits: bigint;
  readonly #offset: bigint;
  #serial = 0n;

  constructor(accountId: string, seed = 0) {
    this.#random = seededRandom(seedFromText(accountId) ^ seed);
    this.#accountBits = (1n << 79n) | (BigInt(accountId) << serialBits);
    this.#offset = BigInt(Math.floor(this.#random() * 2 ** 39));
  }

  next(prefix: IdPrefix): string {
    this.#serial += 1n;
    const serial = (this.#serial * 0x2545f4914fn + this.#offset) & serialMask;
    let id: string = prefix;
    for (const digit of (this.#accountBits | serial).toString(32)) {
      id += base32[digits.indexOf(digit)];
    }
    return id;
  }

  /** 40 characters in the shape of a secret access key. Worth nothing outside of this sandbox. */
  secret(): string {
    return this.#text(base64, 40);
  }

  token(): string {
    return `FwoG${this.#text(base64, 192)}`;
  }

  uuid(): string {
    const hex = this.#text('0123456789abcdef', 30);
    const variant = '89ab'[Math.floor(this.#random() * 4)];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18)}`;
  }

  #text(alphabet: string, length: number): string {
    let text = '';
    for (let index = 0; index < length; index++) {
      text += alphabet[Math.floor(this.#random() * alphabet.length)];
    }
    return text;
  }
}

/** The account in an access key id, 12 digits; undefined for ids of the old form, which do not hold it. */
export function accountIdOf(accessKeyId: string): string | undefined {
  if (!/^A[A-Z]{3}[Q-Z2-7][A-Z2-7]{15}$/.test(accessKeyId)) {
    return undefined;
  }
  let bits = 0n;
  for (const letter of accessKeyId.slice(4)) {
    bits = (bits << 5n) | BigInt(base32.indexOf(letter));
  }
  return ((bits >> serialBits) & ((1n << 40n) - 1n)).toString().padStart(12, '0');
}
