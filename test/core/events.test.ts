import { expect, it } from 'vitest';
import { credentialEvents } from '../../core/events.ts';
import { mixedSweep } from '../support/sweep-fixture.ts';

it('a sweep emits one event for each credential that something happened to, and for no other', () => {
  const events = credentialEvents(mixedSweep).map(({ type, detail }) => [type, detail.credential.id, detail.observed]);
  const applied = mixedSweep.actions.filter(({ outcome, type }) => outcome === 'applied' && type !== 'resolve');
  expect(events).toHaveLength(applied.length);
  expect(events).toContainEqual(['Credential Deactivated', 'AKIADUEAAAAAAAAAAAAA', false]);
  expect(events.map(([, id]) => id)).not.toContain('AKIADOOMEDAAAAAAAAAA');
});

const warning = mixedSweep.actions.find(({ type }) => type === 'warn');

it.each([
  ['a final notice, before a change', 'final-notice', 'deactivate', '2026-12-06T02:30:00.000Z'],
  ['a notice to rotate, after which nothing comes', 'first-notice', 'rotate', undefined],
] as const)('distinguishes %s from the others', (_, notice, about, dueAt) => {
  if (warning === undefined) throw new Error('there is no warning');
  const [event] = credentialEvents({ ...mixedSweep, actions: [{ ...warning, notice, about }] });
  expect(event).toEqual({
    type: 'Credential Warned',
    detail: {
      version: '1',
      account: mixedSweep.account.id,
      sweep: mixedSweep.sweep,
      credential: warning.credential,
      principal: warning.principal,
      observed: false,
      why: warning.why,
      notice,
      about,
      ...(dueAt === undefined ? {} : { dueAt }),
    },
  });
});
