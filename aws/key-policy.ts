import { GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { LiveRead } from '../core/ports.ts';
import { liveRead, required } from './live-read.ts';
import type { AwsSession } from './session.ts';

/**
 * The text of the policy of a KMS key, read in the key's own region. A key of another account answers AccessDenied: KMS
 * does not let one account read a key policy of another (KMS API reference, GetKeyPolicy). Never throws.
 *
 * @param keyArn `arn:aws:kms:REGION:ACCOUNT:key/ID`
 */
export async function getKeyPolicy(session: AwsSession, keyArn: string): Promise<LiveRead<string>> {
  const region = keyArn.split(':')[3] ?? '';
  const kms = session.client('kms', KMSClient, { region, maxAttempts: 3 });
  return liveRead('kms:GetKeyPolicy', async () => {
    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default' }));
    return required(Policy, 'Policy');
  });
}
