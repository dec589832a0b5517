/** The policy of a deployment's own key, for `keysweep channels`. */
import { KeysweepError } from '../core/error.ts';
import { judgeKeyPolicy, type KeyCheck } from '../core/key-policy/judge.ts';
import type { Policy } from '../core/policy/policy.ts';
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

/** Undefined if the deployment has no key of its own. @param account of the stack. @throws KeysweepError KeyPolicyInvalid */
export function checkKey({ deployment }: Policy, text: string | undefined, account: string): KeyCheck | undefined {
  const { encryptionKey: keyArn, slackWebhookSecret } = deployment;
  if (keyArn === undefined) return undefined;
  if (text === undefined) return { keyArn };
  return { keyArn, uses: judgeKeyPolicy(text, { keyArn, account, forwarder: slackWebhookSecret !== undefined }) };
}

/** Reasons for exit code 2. */
export function whyKeyFails(key: KeyCheck | undefined): readonly string[] {
  const failing = (key?.uses ?? []).filter(({ verdict }) => verdict !== 'allowed');
  return failing.map((use) => `the policy of ${key?.keyArn}: ${use.why}; without it ${use.without}`);
}
