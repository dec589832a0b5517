/** The policy of a deployment's own key, for `keysweep channels`. */
import type { AwsSession } from '../aws/session.ts';
import { KeysweepError } from '../core/error.ts';
import { judgeKeyPolicy, type KeyCheck } from '../core/key-policy/judge.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { LiveRead } from '../core/ports.ts';
import { readStdin, readUserFile } from './input.ts';
import type { Io } from './io.ts';

/**
 * The text of the policy of the deployment's key, if the user gives one; `-` reads it from stdin.
 *
 * @throws KeysweepError KeyMissing if the deployment has no key of its own, FileUnreadable
 */
export async function readKeyPolicy(
  file: string | undefined,
  { deployment }: Policy,
  io: Io,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  if (deployment.encryptionKey === undefined) {
    throw new KeysweepError('KeyMissing', '--key-policy is given, but the policy names no deployment.encryptionKey', {
      hint: 'Use --policy FILE to name the policy of the deployment.',
    });
  }
  const content = file === '-' ? await readStdin(io) : await readUserFile(file, 'the key policy', io);
  return content.toString('utf8');
}

/**
 * What the policy of the deployment's key allows; undefined if the deployment has no key of its own.
 *
 * @param given the text of the policy, if the user gave one; else it is read from AWS
 * @param account of the stack
 * @throws KeysweepError KeyPolicyInvalid
 */
export async function checkKey(
  { deployment }: Policy,
  given: string | undefined,
  account: string,
  session: AwsSession,
): Promise<KeyCheck | undefined> {
  const { encryptionKey: keyArn, slackWebhookSecret } = deployment;
  if (keyArn === undefined) return undefined;
  const read = given === undefined ? await readFromAws(keyArn, session) : ({ ok: true, value: given } as const);
  if (!read.ok) return { keyArn, unread: read.problem.message };
  const uses = judgeKeyPolicy(read.value, { keyArn, account, forwarder: slackWebhookSecret !== undefined });
  return { keyArn, uses };
}

async function readFromAws(keyArn: string, session: AwsSession): Promise<LiveRead<string>> {
  const { getKeyPolicy } = await import('../aws/key-policy.ts');
  return getKeyPolicy(session, keyArn);
}

/** Reasons for exit code 2. */
export function whyKeyFails(key: KeyCheck | undefined): readonly string[] {
  if (key === undefined) return [];
  const { keyArn } = key;
  if ('unread' in key) return [`the policy of ${keyArn} could not be read: ${key.unread}`];
  const failing = key.uses.filter(({ verdict }) => verdict !== 'allowed');
  return failing.map((use) => `the policy of ${keyArn}: ${use.why}; without it ${use.without}`);
}
