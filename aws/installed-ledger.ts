import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { installationLedgerPolicy, installationRole } from '../core/installation.ts';
import type { LiveRead } from '../core/ports.ts';
import { openIam } from './iam-client.ts';
import { liveRead, required, UnexpectedAnswer } from './live-read.ts';
import type { AwsSession } from './session.ts';

/** The ledger table of the keysweep installation in an account. */
export interface InstalledLedger {
  readonly account: string;
  readonly region: string;
  readonly table: string;
}

/** The ledger of the installation in the session's account; `not-found` if keysweep is not installed. Never throws. */
export async function findInstalledLedger(session: AwsSession): Promise<LiveRead<InstalledLedger>> {
  const iam = openIam(session);
  return liveRead('iam:GetRolePolicy', async () => {
    const named = { RoleName: installationRole, PolicyName: installationLedgerPolicy };
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(named));
    return readLedger(decodeURIComponent(required(PolicyDocument, 'PolicyDocument')));
  });
}

/** The document is JSON, which IAM returns URL-encoded (RFC 3986). Throws UnexpectedAnswer for another form. */
function readLedger(document: string): InstalledLedger {
  const [, region, account, table] =
    /"arn:aws[\w-]*:dynamodb:([a-z\d-]+):(\d{12}):table\/([\w.-]+)"/.exec(document) ?? [];
  if (region === undefined || account === undefined || table === undefined) {
    throw new UnexpectedAnswer(`the policy ${installationLedgerPolicy} of ${installationRole} names no table`);
  }
  return { account, region, table };
}
