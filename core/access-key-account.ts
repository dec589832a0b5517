/**
 * The account that an access key id names. Source: sts:GetAccessKeyInfo answers the same; the encoding is not documented
 * by AWS, but known since 2020 and the same for AKIA and ASIA ids.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A prefix of four letters, then base32. Ids of the old form, whose 5th character is below Q, hold no account. */
const newForm = /^A[A-Z]{3}[Q-Z2-7][A-Z2-7]{15}$/;

/** The 12-digit account in an access key id; undefined where the id holds none (ids of the old form, anything else). */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (!newForm.test(accessKeyId)) return undefined;
  // Ten characters are 50 bits: the first 6 bytes, and 2 bits more.
  let bits = 0;
  for (const character of accessKeyId.slice(4, 14)) bits = bits * 32 + alphabet.indexOf(character);
  // Of these 48 bits the first is always set, the next 40 are the account, the last 7 belong to the key.
  const account = Math.floor(bits / 2 ** 9) % 2 ** 40;
  return account < 1e12 ? String(account).padStart(12, '0') : undefined;
}
