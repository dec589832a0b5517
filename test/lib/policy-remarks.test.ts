/** What synthesis says of a policy: all that can be known of it without an account. */
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import type { Exemption, Policy } from '../../core/policy/policy.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { policyWith, quickApp } from './synth.ts';

const about = { rules: '*', reason: 'sealed', owner: 'security@example.com', expires: '2999-01-01' } as const;

/** The warnings about a policy, as `cdk synth` prints them. */
function warningsOf(fields: Partial<Policy>): readonly string[] {
  const policy = { ...policyWith({ email: ['security@example.com'] }), ...fields };
  const stack = new KeysweepStack(quickApp(), 'Keysweep', { policy });
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));
}

it.each<[what: string, fields: Partial<Policy>, ...warnings: readonly string[]]>([
  ['a sound policy', { exemptions: [{ match: { user: 'break-glass' }, ...about }] }],
  [
    'an exemption that has expired',
    { exemptions: [{ match: { user: 'break-glass' }, ...about, expires: '2020-01-31' }] },
    'exemption 1 (user=break-glass) expired after 2020-01-31 and exempts nothing',
  ],
  [
    'an exemption that an earlier one covers',
    { exemptions: ['break-*', 'break-glass'].map((user): Exemption => ({ match: { user }, ...about })) },
    'exemption 2 (user=break-glass) adds nothing: exemption 1 covers it',
  ],
  [
    'an override that an earlier one covers',
    {
      overrides: ['svc-*', 'svc-ci'].map((user) => ({ match: { user }, accessKeys: { maxAge: 1_000 } })),
    },
    'override 2 (user=svc-ci) never applies: override 1 covers it and comes first',
  ],
  [
    'an exemption by tags alone',
    { exemptions: [{ match: { tag: { keep: 'yes' } }, ...about }] },
    'exemption 1 (tag:keep=yes) matches by tag only, so anyone with iam:TagUser, often the user itself, can exempt a user; prefer exact names or key ids',
  ],
  [
    'an exemption by tag and name',
    { exemptions: [{ match: { user: 'break-glass', tag: { keep: 'yes' } }, ...about }] },
  ],
])('%s', (_, fields, ...warnings) => {
  const warned = warningsOf(fields);
  expect(warned).toHaveLength(warnings.length);
  for (const [at, text] of warnings.entries()) expect(warned[at]).toContain(text);
});

it('each of several of a kind is said', () => {
  const exemptions = ['a', 'b'].map((keep): Exemption => ({ match: { tag: { keep } }, ...about }));
  expect(warningsOf({ exemptions })).toHaveLength(2);
});
