/** What constructs and functions must agree on, though neither room imports the other. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { credentialEvents } from '../../core/events.ts';
import type { SweepAction } from '../../core/lifecycle/sweep-result.ts';
import { mixedSweep } from '../support/sweep-fixture.ts';
import { policyWith, secret, templateOf } from './synth.ts';

const template = templateOf({ ...policyWith({ slackWebhookSecret: secret }), mode: 'enforce' });

it('the kinds of events that the rotator may put on the bus', () => {
  const action = mixedSweep.actions[0];
  if (action === undefined) throw new Error('the fixture has no action');
  const actions = [
    { type: 'warn' },
    { type: 'deactivate' },
    { type: 'delete' },
    { type: 'observe', change: 'restored' },
  ].map((fields) => ({ ...action, ...fields, outcome: 'applied' }) as SweepAction);
  const kinds = credentialEvents({ ...mixedSweep, actions }).map(({ type }) => type);
  const text = JSON.stringify(template.findResources('AWS::IAM::Role').CredentialHygieneRotatorRoleF8E1D78C);
  expect(text).toContain(`"events:detail-type":${JSON.stringify(kinds)}`);
});

it.each(['auditor', 'rotator', 'forwarder'])(
  'the environment of the %s: every variable that it requires is set',
  (name) => {
    const folder = new URL(`../../lambda/${name}/`, import.meta.url);
    const sources = ['handler.ts', 'index.ts'].flatMap((file) => {
      try {
        return [readFileSync(new URL(file, folder), 'utf8')];
      } catch {
        return [];
      }
    });
    const required = sources.flatMap((text) => [...text.matchAll(/requireVariable\('(\w+)'\)/g)].map(([, one]) => one));
    expect(required).not.toEqual([]);
    // Of the one part of it that not every deployment has.
    if (name !== 'forwarder') required.push('KEYSWEEP_FORWARDER_ARN');
    const construct = { auditor: 'Auditor', rotator: 'Rotator', forwarder: 'SlackForwarder' }[name];
    const [, lambda] =
      Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) => {
        return id.startsWith(`CredentialHygiene${construct}Function`);
      }) ?? [];
    const set = Object.keys(lambda?.Properties.Environment.Variables).filter((one) => one.startsWith('KEYSWEEP_'));
    expect(set.toSorted()).toEqual([...new Set(required)].toSorted());
  },
);
