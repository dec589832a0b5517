import { GetAccountSummaryCommand, type IAMClient } from '@aws-sdk/client-iam';
import { given } from '../core/given.ts';
import type { LiveRead, RootFacts } from '../core/ports.ts';
import { liveRead, required, UnexpectedAnswer } from './live-read.ts';

/** What IAM shows of the root user now, in one request. Source: IAM API reference, GetAccountSummary. Never throws. */
export function readRootFacts(iam: IAMClient): Promise<LiveRead<RootFacts>> {
  return liveRead('iam:GetAccountSummary', async () => {
    const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
    const summary: Readonly<Partial<Record<string, number>>> = required(SummaryMap, 'SummaryMap');
    const read = (name: string): boolean | undefined => {
      const count = summary[name];
      if (count === undefined) return undefined;
      if (!Number.isInteger(count) || count < 0) throw new UnexpectedAnswer(`${name} is ${count}`);
      return count > 0;
    };
    return given({
      hasAccessKey: read('AccountAccessKeysPresent'),
      hasMfa: read('AccountMFAEnabled'),
      hasPassword: read('AccountPasswordPresent'),
      hasSigningCertificate: read('AccountSigningCertificatesPresent'),
    });
  });
}
