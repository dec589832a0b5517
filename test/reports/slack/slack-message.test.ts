import { describe, expect, it } from 'vitest';
import { noticeTexts } from '../../../aws/notice-texts.ts';
import type { Notice } from '../../../core/notice.ts';
import type { Block, SlackMessage } from '../../../reports/slack/blocks.ts';
import { slackMessage } from '../../../reports/slack/message.ts';
import { alarmMessage } from '../../support/alarm-message.ts';
import { digestItem, digestOf, dueAt, everyNotice, manyItems } from '../../support/digest-fixture.ts';
import { noticeData } from '../../support/notice.ts';

const ofNotice = (notice: Notice) => slackMessage({ text: noticeTexts(notice).default, subject: notice.subject });

function textOf(block: Block): string {
  if (block.type === 'divider') return '';
  return block.type === 'context' ? block.elements.map(({ text }) => text).join('') : block.text.text;
}

/** As long as AWS lets the names of a table, a topic and a bus be. */
const longestOptions = {
  ledger: `--ledger dynamodb:${'t'.repeat(255)}`,
  notices: `--topic-arn arn:aws-us-gov:sns:us-gov-west-1:111122223333:${'n'.repeat(256)} --event-bus ${'b'.repeat(256)}`,
};
const endlessOptions = { ledger: `--ledger file:/${'p'.repeat(4_000)}`, notices: '--topic-arn arn' };

const textsOf = ({ blocks }: SlackMessage) => blocks.map(textOf);

function expectWithinLimits({ text, blocks }: SlackMessage): void {
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(text.length).toBeGreaterThan(0);
  for (const block of blocks) {
    if (block.type === 'divider') continue;
    expect(textOf(block).length).toBeGreaterThan(0);
    expect(textOf(block).length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000);
  }
}

describe('a notice', () => {
  it('has its title, where and when, its groups and what to do', () => {
    const notice = digestOf([digestItem('deactivated', { by: 'keysweep', dueAt, owner: 'ops@example.com' })]);
    const message = ofNotice(notice);
    expect(message.text).toBe(notice.subject);
    expect(message.blocks.map(({ type }) => type)).toEqual([
      'header',
      'context',
      'section',
      'section',
      'divider',
      'section',
    ]);
    const [title, context, owners, group, , steps] = textsOf(message);
    expect(title).toBe('🔴 [acme-prod] 1 key deactivated');
    expect(context).toBe('AWS account 123456789012 (acme-prod) · 2026-11-22 02:30 UTC · mode enforce');
    expect(owners).toBe('*By owner*\n• ops@example.com: 1 key deactivated');
    expect(group).toContain('*Deactivated tonight* (1 access key)\n');
    expect(group).toContain(
      '• `AKIAALICE` of `alice`, owner ops@example.com: unused for 120 days (limit 45); deleted on',
    );
    expect(group).toContain(
      'Undo: `keysweep restore AKIAALICE --why WHY` or `aws iam update-access-key --user-name alice --access-key-id AKIAALICE --status Active` · <https://console.aws.amazon.com/iam/home#/users/',
    );
    expect(steps).toContain('Reactivate its key: `keysweep restore KEY_ID --why WHY`');
  });

  it('names the whole command of each step, however long its names are', () => {
    const options = { commandOptions: longestOptions };
    const steps = textsOf(ofNotice(digestOf([digestItem('deactivated', { by: 'keysweep' })], options))).at(-1);
    const { ledger, notices } = longestOptions;
    expect(steps).toContain(`\`keysweep restore KEY_ID --why WHY ${ledger} ${notices}\``);
    expect(steps).toContain(`\`keysweep explain KEY_ID ${ledger}\``);
    expect(steps).toContain(`\`keysweep plan ${ledger}\``);
  });

  it('is read by Slack as it is written: no links and no mentions of its own', () => {
    const { blocks } = ofNotice(digestOf([digestItem('resolved', { owner: '<!channel>', why: '<@U1> & co' })]));
    const sections = blocks.filter(({ type }) => type === 'section');
    expect(JSON.stringify(sections)).not.toMatch(/<[!@#]/);
    for (const block of sections) expect(block).toMatchObject({ text: { type: 'mrkdwn', verbatim: true } });
  });

  it.each([
    ['everything', digestOf(everyNotice.map(([, item]) => item))],
    ['many', digestOf(manyItems(5_000))],
    ['much of everything', digestOf(Array.from({ length: 10 }, () => everyNotice.map(([, item]) => item)).flat())],
    ['the longest names in commands', digestOf(manyItems(60), { commandOptions: longestOptions })],
    ['a ledger at the end of an endless path', digestOf(manyItems(60), { commandOptions: endlessOptions })],
    ['endless texts', digestOf(manyItems(60, { why: '&'.repeat(9_000), owner: '<*'.repeat(9_000) }))],
    ['an endless name', digestOf([digestItem('resolved', { name: '`'.repeat(9_000), id: '<'.repeat(9_000) })])],
  ])('keeps the limits of Block Kit: %s', (_, notice) => {
    const message = ofNotice(notice);
    expectWithinLimits(message);
    expect(JSON.stringify(message).length).toBeLessThan(12_000);
  });

  it('of which much is left out says how much, and where it is', () => {
    const message = ofNotice(
      digestOf(manyItems(5_000), { fullReport: 'https://eu-central-1.console.aws.amazon.com/s3/object/archive' }),
    );
    const text = textsOf(message).join('\n');
    const notified = text.match(/^• `AKIA/gm)?.length ?? 0;
    expect(notified).toBeGreaterThan(4);
    expect(text).toContain(`... and ${5_000 - notified} more`);
    expect(text).toContain('• <https://eu-central-1.console.aws.amazon.com/s3/object/archive|Full report>');
  });

  it.each([
    ['with properties of a later version', { later: true }],
    ['without any item', { items: [], omitted: 1 }],
  ])('is understood %s', (_, changes) => {
    const message = slackMessage({ text: JSON.stringify({ ...noticeData(), ...changes }) });
    expect(textsOf(message)[0]).toBe('🚨 [111122223333] 1 critical finding');
    expectWithinLimits(message);
  });

  it.each([
    ['of another schema', { schema: 'keysweep/notice/v2' }],
    ['that lacks what must be there', { groups: undefined }],
    ['with an item of another shape', { items: [{ group: 'critical' }] }],
  ])('%s is shown as text, and not lost', (_, changes) => {
    const text = JSON.stringify({ ...noticeData(), ...changes });
    const message = slackMessage({ subject: 'keysweep: news', text });
    expect(textsOf(message)).toEqual(['keysweep: news', text]);
  });
});

describe('an alarm of CloudWatch', () => {
  it('says what rings, why, since when, and where to look', () => {
    const message = slackMessage({ subject: 'ALARM: "x"', text: JSON.stringify(alarmMessage) });
    expect(message.text).toBe('[111122223333] ALARM: keysweep-sweep-missing');
    expect(textsOf(message)).toEqual([
      '🚨 [111122223333] ALARM: keysweep-sweep-missing',
      [
        'No sweep was completed for 26 hours.',
        '*Why:* Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].',
        '<https://console.aws.amazon.com/cloudwatch/home?region=eu-central-1#alarmsV2:alarm/keysweep-sweep-missing|Open in the console>',
      ].join('\n'),
      'CloudWatch alarm · AWS account `111122223333` · EU (Frankfurt) · 2026-11-22 06:31 UTC · it was `OK`',
    ]);
  });

  it.each([
    ['OK', '🟢 OK: '],
    ['INSUFFICIENT_DATA', '⚪ INSUFFICIENT_DATA: '],
    ['SOMETHING_NEW', '⚪ SOMETHING_NEW: '],
  ])('in state %s looks like it', (NewStateValue, start) => {
    const text = JSON.stringify({ ...alarmMessage, NewStateValue });
    expect(textsOf(slackMessage({ text }))[0]).toBe(`${start.replace(' ', ' [111122223333] ')}keysweep-sweep-missing`);
  });

  it.each([
    ['the least', { AlarmName: 'a', NewStateValue: 'ALARM', AlarmDescription: null }],
    ['endless texts', { ...alarmMessage, AlarmName: '<'.repeat(9_000), NewStateReason: '&'.repeat(9_000) }],
    ['a time that is none', { ...alarmMessage, StateChangeTime: 'soon' }],
    ['another partition', { ...alarmMessage, AlarmArn: 'arn:aws-iso:cloudwatch:x:1:alarm:y' }],
  ])('is shown with %s', (_, alarm) => {
    expectWithinLimits(slackMessage({ text: JSON.stringify(alarm) }));
  });
});

describe('anything else', () => {
  it('is plain text below its subject', () => {
    const message = slackMessage({ subject: 'Hello', text: 'You <b> *see*\n' });
    expect(message.blocks).toEqual([
      { type: 'header', text: { type: 'plain_text', text: 'Hello', emoji: true } },
      { type: 'section', text: { type: 'plain_text', text: 'You <b> *see*', emoji: false } },
    ]);
  });

  it.each([
    ['a number', '7'],
    ['null', 'null'],
    ['blanks', ' \n '],
    ['without line ends', 'x'.repeat(20_000)],
    ['with many lines', 'one line of many\n'.repeat(2_000)],
    ['of emoji', `x${'🔑'.repeat(5_000)}`],
  ])('keeps the limits: %s', (_, text) => {
    const message = slackMessage({ text });
    expectWithinLimits(message);
    expect(JSON.stringify(message)).not.toMatch(/\\ud[89a-f]/i);
  });

  it('that is too long says how much is left out', () => {
    const texts = textsOf(slackMessage({ text: 'x'.repeat(20_000) }));
    expect(texts.slice(1, 4).join('')).toBe('x'.repeat(9_000));
    expect(texts.at(-1)).toBe('... and 11000 more characters: subscribe by e-mail to get the whole text.');
  });
});
