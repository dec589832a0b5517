/** Ids of access keys, as people type them. */
import { KeysweepError } from '../core/error.ts';
import { kindOfId } from '../core/kinds/kinds.ts';
import type { RetirableRef } from '../core/lifecycle/ledger.ts';
import { printable } from '../reports/printable.ts';

/** Source of the pattern: the IAM API reference. */
const anyKeyId = /^\w{16,128}$/;

/** The credential of that id. Throws KeysweepError `AccessKeyIdInvalid` for what cannot be the id of a long-lived one. */
export function readKeyId(accessKeyId: string): RetirableRef {
  if (accessKeyId.startsWith('ASIA')) {
    throw new KeysweepError(
      'AccessKeyIdInvalid',
      `${printable(accessKeyId)} is the id of temporary credentials, which end by themselves`,
      { hint: 'The ids of long-lived access keys begin with AKIA.' },
    );
  }
  if (!anyKeyId.test(accessKeyId)) {
    throw new KeysweepError('AccessKeyIdInvalid', `not the id of an access key: ${JSON.stringify(accessKeyId)}`, {
      hint: 'It looks like AKIAIOSFODNN7EXAMPLE; keysweep audit shows the ids of the keys with findings.',
    });
  }
  const upperCase = accessKeyId.toUpperCase();
  if (accessKeyId !== upperCase) {
    throw new KeysweepError('AccessKeyIdInvalid', `the id of an access key has no lower-case letters: ${accessKeyId}`, {
      hint: upperCase.startsWith('AKIA') ? `Perhaps it is ${upperCase}.` : 'It looks like AKIAIOSFODNN7EXAMPLE.',
    });
  }
  return { kind: kindOfId(accessKeyId), id: accessKeyId };
}
