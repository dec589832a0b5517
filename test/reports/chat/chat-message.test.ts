import { describe, expect, it } from 'vitest';
import { chatMessage } from '../../../reports/chat/chat-message.ts';
import { bold, code, command, foreign, own, plainLink, slackLink } from '../../../reports/chat/markdown.ts';
import { digestItem, digestOf, everyNotice, manyItems } from '../../support/digest-fixture.ts';
import { noticeData } from '../../support/notice.ts';

describe('markdown', () => {
  it.each([
    ['own text', own('a < b & c > d'), 'a &lt; b &amp; c &gt; d'],
    ['bold text', bold('2 * 3'), '*2  3*'],
    ['code', code('AKIA_X'), '`AKIA_X`'],
    ['code with a backtick', code('a`b'), "`a'b`"],
    ['code of nothing', code(''), '` `'],
    ['code with control characters', code('a\u202eb\n'), '`a\\u202eb\\x0a`'],
    ['a long command, to its end', command(`x ${'y'.repeat(900)} z`), `\`x ${'y'.repeat(900)} z\``],
    ['a harmless text', foreign('ops@example.com'), 'ops@example.com'],
    ['a mention', foreign('<!channel> & <@U1>'), '&lt;!channel&gt; &amp; &lt;@U1&gt;'],
    ['a text with marks', foreign('_x_ *y* ~z~'), '`_x_ *y* ~z~`'],
    ['a text with a picture', foreign('on :fire:'), '`on :fire:`'],
    ['a long text', foreign('x'.repeat(300), 10), 'xxxxxxx...'],
    ['a link in Slack', slackLink('https://a.example/?x=1&y=2', 'Look'), '<https://a.example/?x=1&amp;y=2|Look>'],
    ['a link elsewhere', plainLink('https://a.example/?x=1&y=2', 'Look'), 'Look: https://a.example/?x=1&amp;y=2'],
    ['what is no address', slackLink('s3://bucket/key', 'Report'), 'Report: `s3://bucket/key`'],
    ['an address that would end the link', slackLink('https://a|b>c', 'Report'), 'Report: `https://a|b&gt;c`'],
  ])('writes %s', (_, written, expected) => {
    expect(written).toBe(expected);
  });
});

describe('chatMessage', () => {
  it('says enough in an alert that no one has to look elsewhere first', () => {
    const { title, description } = chatMessage(noticeData());
    expect(title).toBe('🚨 [111122223333] 1 critical finding');
    expect(description).toBe(
      [
        'AWS account 111122223333 · 2026-11-22 02:30 UTC',
        '*Critical* (1)',
        '*Root user has no MFA* `root-mfa-missing`\nWho: root user\nWhat: root can sign in without MFA',
      ].join('\n\n'),
    );
  });

  it('shows every user name and key id as code', () => {
    const { description } = digestOf([digestItem('resolved', { name: 'a_b_c+d', id: 'AKIA_1' })]).chat;
    expect(description).toContain('• `AKIA_1` of `a_b_c+d`: unused for 120 days');
  });

  it.each([
    ['everything', everyNotice.map(([, item]) => item)],
    ['many', manyItems(5_000)],
    ['endless texts', manyItems(50, { why: '&'.repeat(9_000), owner: '*<'.repeat(9_000) })],
    ['an endless name', [digestItem('resolved', { name: 'x'.repeat(9_000), id: 'y'.repeat(9_000) })]],
  ])('keeps the limits of Amazon Q: %s', (_, items) => {
    const { title, description, nextSteps, keywords } = digestOf(items, {
      fullReport: 'https://console.aws.amazon.com/s3/object/archive?prefix=digest.txt',
    }).chat;
    expect(title.length).toBeLessThanOrEqual(250);
    expect(description.length).toBeLessThanOrEqual(8_000);
    expect(Math.max(...nextSteps.map(({ length }) => length))).toBeLessThanOrEqual(350);
    expect(Math.max(...keywords.map(({ length }) => length))).toBeLessThanOrEqual(75);
    expect(description).toMatch(/\n\nFull report: https:\/\/console\S+digest\.txt$/);
  });

  it('leaves out a next step that is too long for Amazon Q, rather than its end', () => {
    const commandOptions = { ledger: `--ledger file:/${'p'.repeat(270)}`, notices: `--topic-arn ${'n'.repeat(270)}` };
    const { nextSteps, description } = digestOf([digestItem('deactivated', { by: 'keysweep' })], {
      commandOptions,
    }).chat;
    const { ledger, notices } = commandOptions;
    const byHand = 'aws iam update-access-key --user-name alice --access-key-id AKIAALICE --status Active';
    expect(nextSteps.filter((step) => step.includes('`'))).toEqual([
      'The same with the AWS CLI alone; the next sweep then reports it as reactivated by someone else: `aws iam update-access-key --user-name USER_NAME --access-key-id KEY_ID --status Active`',
      `Details and history of one key: \`keysweep explain KEY_ID ${ledger}\``,
      `What the next sweep would do: \`keysweep plan ${ledger}\``,
    ]);
    expect(description).toContain(
      `Undo: \`keysweep restore AKIAALICE --why WHY ${ledger} ${notices}\` or \`${byHand}\``,
    );
  });

  it('counts what it leaves out', () => {
    const { description } = digestOf(manyItems(5_000), { fullReport: 'https://archive.example/digest' }).chat;
    const notified = description.match(/^• `AKIA/gm)?.length ?? 0;
    expect(notified).toBe(10);
    expect(description).toContain(`... and ${5_000 - notified} more`);
  });
});
