/**
 * The account that an access key id encodes. Source: it agrees with sts:GetAccessKeyInfo. AWS does not document the
 * encoding, but it has been known since 2020 and is the same for AKIA and ASIA ids.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A prefix of four letters, then base32. Ids of the old form, whose 5th character is below Q, encode no account. */
const newForm = /^A[A-Z]{3}[Q-Z2-7][A-Z2-7]{15}$/;

/** The 12-digit account in an access key id; undefined if the id encodes none (ids of the old form, anything else). */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (!newForm.test(accessKeyId)) return undefined;
  // Ten characters are 50 bits: the first 6 bytes, and 2 bits more.
  let bits = 0;
  for (const character of accessKeyId.slice(4, 14)) bits = bits * 32 + alphabet.indexOf(character);
  // Of these 48 bits the first is always set, the next 40 are the account, and the last 7 belong to the key.
  const account = Math.floor(bits / 2 ** 9) % 2 ** 40;
  return account < 1e12 ? String(account).padStart(12, '0') : undefined;
}
