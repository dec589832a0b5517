import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { KeysweepError } from '../core/error.ts';
import { toKeysweepError } from './errors.ts';
import type { AwsSession } from './session.ts';

/** Gives the text of one secret, and remembers it. */
export interface SecretText {
  /** What was read before, else what is read now. Throws KeysweepError SecretEmpty, or what Secrets Manager says. */
  read(): Promise<string>;
  /** Reads again: the secret may have been rotated. Throws as {@link read}; then the old text is forgotten. */
  reread(): Promise<string>;
}

/**
 * The text of a secret in Secrets Manager, in the secret's own region. No error holds any of it.
 *
 * Throws KeysweepError SecretInvalid where the ARN is not that of a secret.
 */
export function openSecret(session: AwsSession, secretArn: string): SecretText {
  const [, region] = /^arn:aws[\w-]*:secretsmanager:([a-z\d-]+):\d{12}:secret:[\w/+=.@-]+$/.exec(secretArn) ?? [];
  if (region === undefined) {
    throw new KeysweepError('SecretInvalid', `not the ARN of a secret: ${JSON.stringify(secretArn)}`, {
      hint: 'it looks like arn:aws:secretsmanager:eu-central-1:123456789012:secret:keysweep/slack-AbCdEf',
    });
  }
  const client = session.client('secretsmanager', SecretsManagerClient, { region });
  let known: string | undefined;

  async function reread(): Promise<string> {
    known = undefined;
    known = await readText(client, secretArn);
    return known;
  }
  return { read: async () => known ?? (await reread()), reread };
}

async function readText(client: SecretsManagerClient, SecretId: string): Promise<string> {
  let text: string | undefined;
  try {
    ({ SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId })));
  } catch (error) {
    throw toKeysweepError(error, 'secretsmanager:GetSecretValue');
  }
  if (text?.trim()) return text.trim();
  throw new KeysweepError('SecretEmpty', `the secret holds no text: ${SecretId}`, {
    hint: 'store it as a string, not as binary data',
  });
}
