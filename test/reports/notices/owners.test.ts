import { describe, expect, it } from 'vitest';
import { fullDigest } from '../../../reports/digest.ts';
import { digestInput, digestItem, digestOf, dueAt, manyItems } from '../../support/digest-fixture.ts';

const deactivated = (owner: string | undefined, id: string) =>
  digestItem('deactivated', { by: 'keysweep', dueAt, id, ...(owner === undefined ? {} : { owner }) });

describe('a digest by owner', () => {
  const items = [
    digestItem('first-notice', { about: 'deactivate', owner: 'web@example.com', id: 'AKIAONE' }),
    deactivated(undefined, 'AKIATWO'),
    deactivated('payments@example.com', 'AKIATHREE'),
    digestItem('reminder', { about: 'rotate', owner: 'payments@example.com', id: 'AKIAFOUR' }),
  ];

  it('comes first in every form: the most urgent owner first, keys without one last', () => {
    const { body, chat, data } = digestOf(items);
    expect(data.owners).toEqual([
      { owner: 'payments@example.com', count: 2, summary: '1 key deactivated, 1 too old and in use' },
      { owner: 'web@example.com', count: 1, summary: '1 key on first notice' },
      { count: 1, summary: '1 key deactivated' },
    ]);
    const lines = [
      'payments@example.com: 1 key deactivated, 1 too old and in use',
      'web@example.com: 1 key on first notice',
      'no owner known: 1 key deactivated',
    ];
    expect(body).toContain(`\n\nBY OWNER\n${lines.map((line) => `   ${line}\n`).join('')}\nDEACTIVATED TONIGHT`);
    expect(chat.description).toContain(`*By owner*\n${lines.map((line) => `• ${line}`).join('\n')}\n\n*Deactivated`);
  });

  it('says how to name an owner, with the tag of the policy, only where one is missing', () => {
    expect(digestOf(items, { ownerTag: 'team' }).body).toContain('- No owner known? Tag the IAM user with "team".');
    expect(digestOf([deactivated('a@example.com', 'AKIAONE')]).body).not.toContain('No owner known?');
  });

  it('shows no link and no mention that an owner tag holds, and not all of an endless one', () => {
    const hostile = `https://evil.example/x <!channel> ${'x'.repeat(1_000)}`;
    const { body, chat, data } = digestOf([deactivated(hostile, 'AKIAONE')]);
    for (const text of [body, chat.description, JSON.stringify(data)]) expect(text).not.toContain('https://evil');
    expect(chat.description).not.toContain('<!channel>');
    expect(data.owners?.[0]?.owner?.length).toBeLessThanOrEqual(80);
  });

  it('counts the owners that have no room', () => {
    const many = manyItems(60).map((item, at) => ({ ...item, owner: `team-${at}` }));
    const { body, chat, data } = digestOf(many);
    expect(body).toContain('   ... and 40 more owners\n');
    expect(chat.description).toContain('... and 50 more owners');
    expect([data.owners?.length, data.ownersOmitted]).toEqual([50, 10]);
    expect(fullDigest(digestInput(many)).match(/^ {3}team-\d+: /gm)).toHaveLength(60);
  });
});

describe('dates', () => {
  // The Sunday of UTC is a Monday in Tokyo.
  const night = new Date('2026-11-15T19:30:00Z');
  const { body, chat, data } = digestOf([digestItem('final-notice', { about: 'deactivate', dueAt: night })], {
    timezone: 'Asia/Tokyo',
  });

  it('are by the clock of the policy for people, with the weekday and the name of the zone', () => {
    const date = 'Mon 2026-11-16 04:30 Asia/Tokyo';
    expect(body.replace(/\s+/g, ' ')).toContain(`deactivated on ${date}`);
    expect(chat.description).toContain(`deactivated on ${date}`);
    for (const text of [body, chat.description]) expect(text).not.toContain('UTC');
  });

  it('are in UTC for programs', () => {
    expect(data.items[0]?.dueAt).toBe('2026-11-15T19:30:00.000Z');
    expect(data.timezone).toBe('Asia/Tokyo');
  });
});

describe('the errors that a workload gets', () => {
  it.each([
    ['deactivated', digestItem('deactivated', { by: 'keysweep' }), true],
    ['deactivated by someone else', digestItem('deactivated', { by: 'person' }), true],
    ['in use when deactivated', digestItem('late-use', { by: 'keysweep' }), true],
    ['on final notice before its deactivation', digestItem('final-notice', { about: 'deactivate', dueAt }), true],
    ['on first notice', digestItem('first-notice', { about: 'deactivate', dueAt }), false],
    ['resolved', digestItem('resolved'), false],
  ])('are named for a key that is %s: %#', (_, item, isNamed) => {
    const { body, chat } = digestOf([item]);
    for (const text of [body.replace(/\s+/g, ' '), chat.description]) {
      for (const error of ['InvalidClientTokenId', 'InvalidAccessKeyId', 'SMTP 535']) {
        expect(text.includes(error)).toBe(isNamed);
      }
    }
  });
});
