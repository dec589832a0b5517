import { CreateAccessKeyCommand } from '@aws-sdk/client-iam';
import type { AwsCredentials } from '../../../aws/credentials.ts';
import type { World } from '../world.ts';

/** Makes an access key and gives what it signs with. */
export async function createKey({ iam }: Pick<World, 'iam'>, userName: string): Promise<AwsCredentials> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: userName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}
