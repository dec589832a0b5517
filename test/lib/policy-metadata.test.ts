/** The policy in the template, where `cdk diff` shows it. Its command line prints each changed key of the metadata as one line. */
import { expect, it } from 'vitest';
import { loadPolicy } from '../../core/policy/load.ts';
import { templateOf } from './synth.ts';

const exemption = (user: string, reason = 'sealed') =>
  `{ match: { user: "${user}" }, rules: "*", reason: ${reason}, owner: a@example.com, expires: 2099-06-30 }`;

function metadataOf(text: string): Readonly<Record<string, string>> {
  const policy = loadPolicy(`version: 1\ndeployment: { email: [a@example.com] }\n${text}`, 'keysweep.yaml');
  return templateOf(policy).toJSON().Metadata;
}

/** What differs, as `key: from -> to`. */
function difference(from: string, to: string): readonly string[] {
  const [before, after] = [metadataOf(from), metadataOf(to)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.filter((key) => before[key] !== after[key]).map((key) => `${key}: ${before[key]} -> ${after[key]}`);
}

const hash = expect.stringMatching(/^keysweep\.policyHash: [\da-f]{64} -> [\da-f]{64}$/);

it('a changed setting is one line with its name and both values', () => {
  expect(difference('', 'accessKeys: { maxIdle: 4d }')).toEqual([hash, 'keysweep.accessKeys.maxIdle: 45d -> 4d']);
  expect(difference('mode: warn', 'mode: enforce')).toEqual([hash, 'keysweep.mode: warn -> enforce']);
  expect(difference('', 'limits: { maxDeletions: 5% }')).toEqual([hash, 'keysweep.limits.maxDeletions: 5 -> 5%']);
  expect(difference('', 'accessKeys: { warn: [14d, 1d] }')).toEqual([
    hash,
    'keysweep.accessKeys.warn: ["14d","7d","1d"] -> ["14d","1d"]',
  ]);
  expect(difference('', 'rules: { access-key-unused: off }')).toEqual([
    hash,
    'keysweep.rules.access-key-unused: undefined -> off',
  ]);
});

it('so is an exemption, by its number', () => {
  const text = (user: string) =>
    `{"match":{"user":"${user}"},"rules":"*","reason":"sealed","owner":"a@example.com","expires":"2099-06-30"}`;
  const list = (...users: string[]) => `exemptions: [${users.map((user) => exemption(user)).join(', ')}]`;
  expect(difference(list('a', 'b'), list('a', 'b*'))).toEqual([
    hash,
    `keysweep.exemptions.2: ${text('b')} -> ${text('b*')}`,
  ]);
});

it('the address of a web hook is shortened, because it may contain a key; a change still shows', () => {
  const channel = (path: string) =>
    `notices: { channels: [{ protocol: https, endpoint: "https://hooks.example.com/${path}" }] }`;
  const shown = metadataOf(channel('integration/0123-secret'));
  expect(JSON.stringify(shown)).not.toContain('0123-secret');
  expect(shown['keysweep.notices.channels.1']).toMatch(/https:\/\/hooks\.example\.com\/\.\.\. \(SHA-256 [\da-f]{8}\)/);
  expect(difference(channel('a'), channel('b'))).toEqual([
    hash,
    expect.stringMatching(/^keysweep\.notices\.channels\.1: .* -> /),
  ]);
});

it('a comment changes nothing', () => {
  expect(difference('', '# a comment')).toEqual([]);
});

it.each([
  ['plain', 'sealed '],
  ['with letters of three bytes', '封印された'],
  ['with what JSON escapes', '\\"\\\\'],
])(
  'a policy that would make the template too long, %s, is shortened, and its hash still shows every change',
  (_, reason) => {
    const long = (last: string) => {
      const users = [...Array.from({ length: 400 }, (_, at) => `user-${at}`), last];
      return `exemptions: [${users.map((user) => exemption(user, `"${reason.repeat(300)}"`)).join(', ')}]`;
    };
    const metadata = metadataOf(long('z'));
    // A template is at most 1 MB, and has other parts.
    expect(Buffer.byteLength(JSON.stringify(metadata, null, 1))).toBeLessThan(420_000);
    expect(metadata['keysweep.omitted']).toMatch(/^\d+ settings: /);
    expect(metadata).toMatchObject({ 'keysweep.mode': 'audit', 'keysweep.limits.maxDeletions': '5' });
    expect(difference(long('y'), long('z'))).toEqual([hash]);
  },
);
