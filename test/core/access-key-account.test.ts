import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOfAccessKey } from '../../core/access-key-account.ts';
import { acmeAccount } from '../../sandbox/index.ts';
import { withSandbox } from '../support/aws-sandbox.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Encodes 80 bits: one that is set, 40 of the account, 39 of the key. */
function encode(account: string, serial: bigint): string {
  let bits = (1n << 79n) | (BigInt(account) << 39n) | serial;
  let id = '';
  for (let at = 0; at < 16; at++) {
    id = `${alphabet[Number(bits & 31n)]}${id}`;
    bits >>= 5n;
  }
  return `AKIA${id}`;
}

describe('accountOfAccessKey', () => {
  it('reads the account of the published example', () => {
    expect(accountOfAccessKey('ASIAY34FZKBOKMUTVV7A')).toBe('609629065308');
  });

  it.each(['000000000001', '099999999999', '123456789012', '999999999999'])('keeps all digits of %s', (account) => {
    expect(accountOfAccessKey(encode(account, 12345n))).toBe(account);
  });

  it('reads every account back, whatever the key', () => {
    const account = fc.bigInt({ min: 0n, max: 999_999_999_999n }).map((number) => String(number).padStart(12, '0'));
    fc.assert(
      fc.property(account, fc.bigInt({ min: 0n, max: (1n << 39n) - 1n }), (id, serial) => {
        expect(accountOfAccessKey(encode(id, serial))).toBe(id);
      }),
    );
  });

  it.each([
    ['an id of the old form', 'AKIAIOSFODNN7EXAMPLE'],
    ['an id that ends early', 'AKIAY34FZKBOKMUTVV7'],
    ['an id that goes on', 'AKIAY34FZKBOKMUTVV7AA'],
    ['digits that base32 does not have', 'AKIAY34FZKBOKMUTVV78'],
    ['small letters', 'akiay34fzkbokmutvv7a'],
    ['a number that is no account', encode('999999999999', 0n).replace(/^AKIA./, 'AKIA7')],
    ['nothing', ''],
  ])('knows no account of %s', (_, id) => {
    expect(accountOfAccessKey(id)).toBeUndefined();
  });

  it('reads the account of every key id that the sandbox makes', async () => {
    await withSandbox({ sandbox: { seed: acmeAccount } }, async ({ sandbox }) => {
      const ids = sandbox.account.users().flatMap(({ accessKeys }) => accessKeys.map(({ id }) => id));
      expect(new Set(ids.map(accountOfAccessKey))).toEqual(new Set([acmeAccount.id]));
    });
  });
});
