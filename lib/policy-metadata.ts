import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Policy } from '../core/policy/policy.ts';
import { writtenPolicy } from '../core/policy/written.ts';

/** The policy as the functions get it: the file next to their code. */
export function policyFile(policy: Policy): string {
  return `${JSON.stringify(policy, null, 2)}\n`;
}

/** SHA-256 of that file, in hexadecimal. */
export function policyHash(policy: Policy): string {
  return sha256(policyFile(policy));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** In bytes, as JSON. A template is at most 1 MB; without the policy it has about 80 kB. */
const longestDescription = 400_000;

/**
 * Puts the policy into the template's metadata, as keysweep.yaml would say it with every default: otherwise `cdk diff` shows a
 * changed policy only as the hash of an asset. A key for each setting, because `cdk diff` prints a changed key as a whole.
 */
export function describePolicy(scope: Construct, policy: Policy): void {
  const settings = { policyHash: policyHash(policy), ...flat(writtenPolicy(withoutKeys(policy))) };
  let length = 0;
  let omitted = 0;
  for (const [name, value] of Object.entries(settings)) {
    length += Buffer.byteLength(JSON.stringify({ [name]: value }));
    if (length > longestDescription) omitted += 1;
    else Stack.of(scope).addMetadata(`keysweep.${name}`, value);
  }
  if (omitted > 0)
    Stack.of(scope).addMetadata('keysweep.omitted', `${omitted} settings: the template would be too long`);
}

/** `accessKeys.maxIdle: 45d` and `exemptions.1: {...}` instead of nested objects: one change is one line, with its setting in full. */
function flat(value: unknown, path: readonly string[] = []): Record<string, string> {
  if (Array.isArray(value) && value.some(isObject)) {
    return Object.fromEntries(value.map((part, at) => [[...path, at + 1].join('.'), JSON.stringify(part)]));
  }
  if (isObject(value) && !Array.isArray(value)) {
    return Object.assign({}, ...Object.entries(value).map(([name, part]) => flat(part, [...path, name])));
  }
  return { [path.join('.')]: typeof value === 'string' ? value : JSON.stringify(value) };
}

/** Addresses of web hooks often contain a key, and templates and differences end in the logs of pipelines. */
function withoutKeys({ notices, ...others }: Policy): Policy {
  const channels = notices.channels.map(({ protocol, endpoint }) => ({
    protocol,
    endpoint: /^https?:/.test(endpoint)
      ? `${new URL(endpoint).origin}/... (SHA-256 ${sha256(endpoint).slice(0, 8)})`
      : endpoint,
  }));
  return { ...others, notices: { ...notices, channels } };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
