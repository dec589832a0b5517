/** An exemption that matches no one leaves a key to its fate that someone believes to be safe: messages say so. */
import { expect, it } from 'vitest';
import type { Exemption, Policy } from '../../core/policy/policy.ts';
import { policyUsage } from '../../core/policy/usage.ts';
import { findingsMessage, fullFindingsMessage } from '../../reports/findings-message.ts';
import { policyNotes } from '../../reports/notices/policy-notes.ts';
import { slackMessage } from '../../reports/slack/message.ts';
import { asOf, findingWithoutCredential } from '../support/audit-fixture.ts';
import { findingsInput } from '../support/findings-fixture.ts';
import { observation, user } from '../support/observation-builder.ts';
import { enforcePolicy, openSweepWorld } from '../support/sweep-world.ts';

function exempting(...users: readonly string[]): Policy {
  const about = { rules: '*', reason: 'production', owner: 'ops@example.com', expires: '2027-10-01' } as const;
  return enforcePolicy({ exemptions: users.map((user): Exemption => ({ match: { user }, ...about })) });
}

const said = 'Policy: exemption 1 (user=bobb, owner ops@example.com) matches no one.';
const inOneLine = (text: string) => text.replace(/\s+/g, ' ');

it('the digest says so beside its items, and it is no reason for a digest of its own', async () => {
  const world = await openSweepWorld();
  const policy = exempting('bobb', 'dave', 'd*', 'dave');
  await world.sweep(policy);
  const covered = 'Policy: exemption 4 (user=dave) adds nothing: exemption 2 covers it.';
  expect(world.notices.map(({ data }) => data.notes)).toEqual([[said, covered]]);
  const [digest] = world.notices;
  expect(inOneLine(digest?.body ?? '')).toContain(`${said} ${covered}`);
  expect(JSON.stringify(slackMessage({ text: JSON.stringify(digest?.data) }))).toContain('matches no one');
  world.pass(1);
  await world.sweep(policy);
  expect(world.notices).toHaveLength(1);
});

it('the digest says nothing of a policy of which all has an effect', async () => {
  const world = await openSweepWorld();
  await world.sweep(exempting('dave'));
  expect(world.notices.map(({ data }) => data.notes)).toEqual([undefined]);
});

it('the findings message says it', () => {
  const input = findingsInput({ found: [findingWithoutCredential()] });
  const usage = policyUsage(observation([user({}, 'bob')]), exempting('bobb'), asOf);
  const informed = { ...input, audit: { ...input.audit, usage } };
  const { body, data } = findingsMessage(informed);
  expect(data.notes?.at(-1)).toBe(said);
  for (const text of [body, fullFindingsMessage(informed)]) expect(inOneLine(text)).toContain(said);
  expect(findingsMessage(input).data.notes).not.toContain(said);
});

it('of many it names three, and says where the others are', () => {
  const usage = policyUsage(observation([]), exempting('a', 'b', 'c', 'd', 'e'), asOf);
  expect(policyNotes(usage)).toEqual([
    'Policy: exemption 1 (user=a, owner ops@example.com) matches no one.',
    'Policy: exemption 2 (user=b, owner ops@example.com) matches no one.',
    'Policy: exemption 3 (user=c, owner ops@example.com) matches no one.',
    'Policy: 2 more entries without effect: keysweep policy check --live',
  ]);
});
