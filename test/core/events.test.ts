import { expect, it } from 'vitest';
import { credentialEvents } from '../../core/events.ts';
import { mixedRotation } from '../support/rotation-fixture.ts';

it('a rotation is one event for each credential that something happened to, and for no other', () => {
  const events = credentialEvents(mixedRotation).map(({ type, detail }) => [
    type,
    detail.credential.id,
    detail.observed,
  ]);
  const applied = mixedRotation.actions.filter(({ outcome, type }) => outcome === 'applied' && type !== 'resolve');
  expect(events).toHaveLength(applied.length);
  expect(events).toContainEqual(['Credential Deactivated', 'AKIADUEAAAAAAAAAAAAA', false]);
  expect(events.map(([, id]) => id)).not.toContain('AKIADOOMEDAAAAAAAAAA');
});

it('says when the deed is due that it warns of, and who it is about', () => {
  const warned = credentialEvents(mixedRotation).find(({ type }) => type === 'Credential Warned');
  expect(warned?.detail).toMatchObject({
    version: '1',
    account: mixedRotation.account.id,
    sweep: mixedRotation.sweep,
    principal: { name: 'bob' },
    dueAt: '2026-12-06T02:30:00.000Z',
  });
});
