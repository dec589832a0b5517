import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { toKeysweepError } from './errors.ts';
import type { AwsSession } from './session.ts';

/** The ARN of whoever signs the requests of a session. Throws KeysweepError. */
export async function readCallerArn(session: AwsSession): Promise<string> {
  try {
    const { Arn } = await session.client('sts', STSClient).send(new GetCallerIdentityCommand({}));
    return Arn ?? 'unknown caller';
  } catch (error) {
    throw toKeysweepError(error, 'sts:GetCallerIdentity');
  }
}
