import { KeysweepError } from '../core/error.ts';
import type { OpenFindings } from '../core/findings/open-findings.ts';
import { decodeOpenFindings, encodeOpenFindings } from '../core/findings/open-findings-codec.ts';
import type { Known } from '../core/model.ts';
import type { OpenFindingsStore } from '../core/ports.ts';
import { openBucket } from './s3-objects.ts';
import type { AwsSession } from './session.ts';

/**
 * Open findings as objects of a bucket, one for each account: `findings/123456789012.json`.
 *
 * Throws KeysweepError with the error of S3.
 */
export function createS3OpenFindingsStore(session: AwsSession, bucket: string): OpenFindingsStore {
  const objects = openBucket(session, bucket);
  const keyOf = (account: string) => `findings/${account}.json`;
  return {
    read: async (account) => {
      const found = await objects.get(keyOf(account));
      // Before the first audit there is none, and S3 does not say so to a caller that may not list the bucket. If there
      // is one after all, the write, which requires that there is none, is refused.
      if (typeof found === 'string') return undefined;
      return { version: found.etag, open: decode(found.text, account, `s3://${bucket}/${keyOf(account)}`) };
    },
    write: async (open, before) => {
      const written = await objects.replace(keyOf(open.account), before, encodeOpenFindings(open), 'application/json');
      return written === 'conflict' ? written : { version: written.etag };
    },
  };
}

function decode(text: string, account: string, where: string): Known<OpenFindings> {
  try {
    const value = decodeOpenFindings(text, where);
    if (value.account === account) return { known: true, value };
    return { known: false, why: `${where} is of account ${value.account}` };
  } catch (error) {
    if (error instanceof KeysweepError) return { known: false, why: error.message };
    throw error;
  }
}
