import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { KeysweepError } from '../core/error.ts';
import { toKeysweepError } from './errors.ts';
import type { AwsSession } from './session.ts';

/** Reads the text of one secret, and caches it. */
export interface SecretText {
  /** The cached text, else read now. Throws KeysweepError SecretEmpty, or the error of Secrets Manager. */
  read(): Promise<string>;
  /** Reads again: the secret may have a new value. Throws as {@link read}, and then drops the old text. */
  reread(): Promise<string>;
}

/**
 * The text of a secret in Secrets Manager, in the secret's own region. No error contains any of it.
 *
 * Throws KeysweepError SecretInvalid if the ARN is not that of a secret.
 */
export function openSecret(session: AwsSession, secretArn: string): SecretText {
  const [, region] = /^arn:aws[\w-]*:secretsmanager:([a-z\d-]+):\d{12}:secret:[\w/+=.@-]+$/.exec(secretArn) ?? [];
  if (region === undefined) {
    throw new KeysweepError('SecretInvalid', `not a secret ARN: ${JSON.stringify(secretArn)}`, {
      hint: 'Give an ARN such as arn:aws:secretsmanager:eu-central-1:123456789012:secret:keysweep/slack-AbCdEf.',
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
  throw new KeysweepError('SecretEmpty', `the secret has no text: ${SecretId}`, {
    hint: 'Store it as a string, not as binary data.',
  });
}
