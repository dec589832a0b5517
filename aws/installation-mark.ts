import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  type InstallationMark,
  installationLedgerPolicy,
  installationRole,
} from '../core/installation/installation.ts';
import type { LiveRead } from '../core/ports.ts';
import { openIam } from './iam-client.ts';
import { liveRead, required, UnexpectedAnswer } from './live-read.ts';
import type { AwsSession } from './session.ts';

/** What marks the installation in the session's account; `not-found` if keysweep is not installed. Never throws. */
export async function readInstallationMark(session: AwsSession): Promise<LiveRead<InstallationMark>> {
  const iam = openIam(session);
  return liveRead('iam:GetRolePolicy', async () => {
    const named = { RoleName: installationRole, PolicyName: installationLedgerPolicy };
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(named));
    return readMark(decodeURIComponent(required(PolicyDocument, 'PolicyDocument')));
  });
}

/** The document is JSON, which IAM returns URL-encoded (RFC 3986). Throws UnexpectedAnswer for another form. */
function readMark(document: string): InstallationMark {
  const [, region, account, table] =
    /"arn:aws[\w-]*:dynamodb:([a-z\d-]+):(\d{12}):table\/([\w.-]+)"/.exec(document) ?? [];
  if (region === undefined || account === undefined || table === undefined) {
    throw new UnexpectedAnswer(`the policy ${installationLedgerPolicy} of ${installationRole} names no table`);
  }
  return { account, region, table };
}
