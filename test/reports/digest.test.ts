import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { evaluate } from '../../core/rules/evaluate.ts';
import { fullDigest } from '../../reports/digest.ts';
import { account, asOf } from '../support/audit-fixture.ts';
import { digestInput, digestOf, dueAt, everyNotice, digestItem as item, manyItems } from '../support/digest-fixture.ts';
import { accessKey, ago, known, observation, used, user } from '../support/observation-builder.ts';

const commandOptions = {
  ledger: '--ledger dynamodb:ledger',
  notices: '--topic-arn arn:aws:sns:eu-central-1:111122223333:keysweep-digests --event-bus default',
};

/** The exemptions that a digest proposes, as the policy file takes them. */
function exemptionsIn(body: string) {
  const snippet = /^exemptions:\n(?: .*\n)+/m.exec(body)?.[0] ?? '';
  return loadPolicy(`version: 1\n${snippet}`, 'keysweep.yaml').exemptions;
}

describe('what people are notified of', () => {
  it.each(everyNotice)('%s', (heading, notified) => {
    const { body } = digestOf([notified]);
    expect(body.match(/^[A-Z][A-Z ,:]+ \(.*\)$/gm)).toEqual([`${heading} (1 access key)`]);
    expect(body).toContain('1. AKIAALICE of alice\n');
    expect(body).toContain('   Why      unused for 120 days (limit 45)\n');
  });

  it('everything in one message, the most urgent first', () => {
    const { body } = digestOf(everyNotice.map(([, notified]) => notified).toReversed());
    expect(body.match(/^[A-Z][A-Z ,:]+(?= \(\d+ access keys?\)$)/gm)).toEqual(everyNotice.map(([heading]) => heading));
  });

  it.each([
    ['the date', item('final-notice', { about: 'deactivate', dueAt }), 'deactivated on Sun 2026-12-06 04:30 UTC'],
    [
      'the date of the deletion',
      item('final-notice', { about: 'delete', dueAt }),
      'deleted on Sun 2026-12-06 04:30 UTC',
    ],
    ['the owner', item('first-notice', { about: 'deactivate', owner: 'ops@example.com' }), 'Owner    ops@example.com'],
    ['the way back', item('deactivated', { by: 'keysweep' }), 'Undo     keysweep restore AKIAALICE --why WHY'],
    [
      'where to look',
      item('reminder', { about: 'rotate' }),
      'Console  https://console.aws.amazon.com/iam/home#/users/',
    ],
    ['what to do', item('first-notice', { about: 'deactivate' }), 'Still needed? Create a new key'],
    ['that a key in use stays on', item('first-notice', { about: 'rotate' }), 'is in use and stays active'],
    ['who did not do it', item('deactivated', { by: 'person' }), 'keysweep did not do this'],
  ])('%s', (_, notified, text) => {
    expect(digestOf([notified]).body).toContain(text);
  });

  it('the way back with the ledger and the topic that it needs, in one line', () => {
    const { body } = digestOf([item('deactivated', { by: 'keysweep' })], { commandOptions });
    const { ledger, notices } = commandOptions;
    expect(body).toContain(`Undo     keysweep restore AKIAALICE --why WHY ${ledger} ${notices}\n`);
  });

  it('no command without the ledger, which would know nothing of what was done', () => {
    const items = [...everyNotice.map(([, notified]) => notified), ...manyItems(5_000)];
    const notice = digestOf(items, { commandOptions });
    expect(notice.body).toMatch(/more: run keysweep plan --ledger dynamodb:ledger\n/);
    expect(notice.body).toContain('    keysweep explain KEY_ID --ledger dynamodb:ledger\n');
    for (const text of [notice.body, notice.chat.nextSteps.join('\n'), JSON.stringify(notice.data)]) {
      expect(text).toMatch(/keysweep restore \w+ --why WHY --ledger dynamodb:ledger --topic-arn arn:/);
      const commands = text.match(/keysweep (restore|explain|plan)\b.*?(?=[`"\n])/g) ?? [];
      expect(commands.length).toBeGreaterThan(2);
      expect(commands.filter((command) => !command.includes('--ledger dynamodb:ledger'))).toEqual([]);
    }
  });

  it('the way back with the AWS CLI alone, and what the ledger makes of it', () => {
    const { body } = digestOf([item('deactivated', { by: 'keysweep' })]);
    expect(body).toContain(
      '   or       aws iam update-access-key --user-name alice --access-key-id AKIAALICE --status Active\n',
    );
    expect(body.replace(/\s+/g, ' ')).toContain(
      'The same with the AWS CLI alone; the next sweep then reports it as reactivated by someone else: aws iam update-access-key --user-name USER_NAME --access-key-id KEY_ID --status Active',
    );
  });

  it('no date of a change for a key that stays active', () => {
    expect(digestOf([item('reminder', { about: 'rotate', dueAt })]).body).not.toContain('2026-12-06');
  });

  it('outside of mode enforce, that nothing will happen on that day', () => {
    const notice = item('first-notice', { about: 'deactivate', dueAt });
    expect(digestOf([notice], { mode: 'warn' }).body).toContain(
      'keysweep runs in mode warn: nothing happens on the date given',
    );
    expect(digestOf([notice]).body).not.toContain('keysweep runs in mode');
  });

  it('an exemption that the policy takes, only where there is something to be exempt from', () => {
    const { body } = digestOf([item('final-notice', { about: 'deactivate', id: 'AKIAALICEAAAAAAAAAAA' })]);
    const exemptions = exemptionsIn(body);
    const match = { user: 'alice', accessKeyId: 'AKIAALICEAAAAAAAAAAA' };
    expect(exemptions).toMatchObject([{ match, rules: '*', expires: '2027-02-20' }]);
    expect(digestOf([item('resolved')]).body).not.toContain('exemptions:');
  });

  it.each(['ana+eu=qa,team@acme.example', '@ci', '=x', '-', '2026', '0x1F', 'null', 'no', '.inf', 'a'.repeat(64)])(
    'an exemption that names the user %s as it is, in lines that stay whole',
    (name) => {
      const { body } = digestOf([item('final-notice', { about: 'deactivate', name, id: 'AKIAALICEAAAAAAAAAAA' })]);
      expect(exemptionsIn(body)).toMatchObject([{ match: { user: name, accessKeyId: 'AKIAALICEAAAAAAAAAAA' } }]);
    },
  );

  it('no example of an exemption whose names could mean something else in the policy file', () => {
    const { body } = digestOf([item('final-notice', { about: 'deactivate', name: 'x" }\nmode: enforce' })]);
    expect(body).not.toContain('exemptions:');
  });

  it('an exemption that leaves the others to be judged where key ids are not known: in a saved report', () => {
    const { body } = digestOf([item('final-notice', { about: 'deactivate', id: 'AKIAALICEAAAAAAAAAAA' })]);
    const policy = { ...defaultPolicy, exemptions: exemptionsIn(body) };
    const idle = { credentials: [accessKey({ lastUse: used(200 * DAY), createdAt: known(ago(400 * DAY)) })] };
    const findings = evaluate(observation([user(idle, 'alice'), user(idle, 'bob')]), policy, asOf);
    const judged = findings.map(({ rule, principal, status }) => [rule, principal.name, status]);
    expect(judged).toContainEqual(['access-key-unused', 'bob', 'fail']);
    // Hers may be the key that is meant.
    expect(judged).toContainEqual(['access-key-unused', 'alice', 'error']);
  });

  it('what waits: deferred by a cap, and overdue because of the mode', () => {
    const { credential, principal } = item('resolved', { id: 'AKIAWAITS', name: 'bob' });
    const waiting = [{ credential, principal, why: 'deferred: maxDeactivations allows 1 of 2' }];
    const { body } = digestOf([item('resolved')], { deferred: waiting, overdue: waiting });
    expect(body).toContain('DUE, DEFERRED BY A LIMIT OF THE POLICY (1 access key)\n   AKIAWAITS of bob: deferred');
    expect(body).toContain('OVERDUE, NOT DONE IN THIS MODE (1 access key)\n   AKIAWAITS of bob: deferred');
  });

  it('that it is a correction', () => {
    const { subject, body } = digestOf([item('not-applied')], { isCorrection: true });
    expect(subject).toBe('[acme-prod] Correction: 1 key announced but not done');
    expect(body).toMatch(/^Correction of what keysweep announced earlier tonight: 1 key announced but not\ndone\.$/m);
  });
});

describe('the subject', () => {
  it('counts what happened, as far as there is room', () => {
    expect(digestOf([item('resolved')]).subject).toBe('[acme-prod] 1 key resolved');
    const { subject } = digestOf(everyNotice.map(([, notified]) => notified));
    expect(subject).toMatch(/^\[acme-prod\] 1 key deactivated, 1 in use when deactivated, .*, \.\.\.$/);
  });

  it.each([
    ['of the greatest length', 'a'.repeat(63)],
    ['with a line break', 'acme\nBcc: everyone'],
    ['in another script', 'アクメ'],
  ])('is one that SNS takes, for an alias %s', (_, alias) => {
    for (const count of [1, everyNotice.length]) {
      const items = everyNotice.slice(0, count).map(([, notified]) => notified);
      const { subject } = digestOf(items, { account: { ...account, alias } });
      expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(subject).toMatch(/^\[(?:a{63}|123456789012)\] 1 key deactivated/);
    }
  });
});

describe('a night of many changes', () => {
  it('names every key while there is room, the first ones in full', () => {
    const { body } = digestOf(manyItems(1_000));
    for (const at of [0, 24, 25, 999]) expect(body).toContain(`AKIA${at}X of u${at}`);
    expect(body.match(/^\d+\. /gm)).toHaveLength(25);
    expect(body).not.toContain('more: run keysweep plan');
  });

  it.each([
    ['many keys', manyItems(5_000)],
    ['many keys with endless texts', manyItems(5_000, { why: 'y'.repeat(10_000), owner: 'ö'.repeat(10_000) })],
  ])('counts the rest where there is none, and cuts nothing in the middle: %s', (_, items) => {
    const { body } = digestOf(items);
    expect(new TextEncoder().encode(JSON.stringify(body)).byteLength).toBeLessThanOrEqual(136 * 1024);
    const named = body.match(/AKIA\d+X of u\d+/g)?.length ?? 0;
    expect(named).toBeGreaterThan(0);
    expect(body).toContain(`... and ${5_000 - named} more: run keysweep plan`);
    expect(body).toMatch(/- What the next sweep would do:\n {6}keysweep plan\n/);
  });
});

describe('the full report', () => {
  const link = 'https://console.aws.amazon.com/s3/object/archive?prefix=reports%2Fdigest.txt';

  it('is linked where it is kept, and named where the rest is', () => {
    const { body, data } = digestOf(manyItems(5_000), { fullReport: link });
    expect(body).toContain(`\nFull report:\n    ${link}\n`);
    expect(body).toMatch(/\.\.\. and \d+ more: see the full report\n/);
    expect(body).not.toContain('more: run keysweep plan');
    expect(data.fullReport).toBe(link);
  });

  it('holds every item in full', () => {
    const text = fullDigest(digestInput(manyItems(5_000), { fullReport: link }));
    expect(text.match(/^\d+\. AKIA\d+X of u\d+$/gm)).toHaveLength(5_000);
    expect(text.match(/^ {3}When {5}deactivated on Sun 2026-12-06/gm)).toHaveLength(5_000);
    expect(text).not.toMatch(/more:|Full report/);
  });
});

it('is set in lines that no mail reader breaks, but for addresses and commands', () => {
  const { body } = digestOf(
    everyNotice.map(([, notified]) => ({ ...notified, owner: 'the team of the data platform '.repeat(8) })),
  );
  const long = body.split('\n').filter((line) => line.length > 78);
  expect(long.filter((line) => !/https:\/\/| {2}aws iam /.test(line))).toEqual([]);
});

it('keeps control characters and shell commands out of the message', () => {
  const evil = 'x\u001b[2J\u202e\r\n2. AKIAFAKE of no one; rm -rf ~';
  const notified = item('deactivated', { by: 'keysweep', id: 'AKIA; rm -rf ~', name: evil, owner: evil, why: evil });
  const { body } = digestOf([notified]);
  expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(body.match(/^\d+\. /gm)).toHaveLength(1);
  expect(body).toContain('keysweep restore KEY_ID --why WHY\n');
  expect(body.match(/aws iam .*/g)).toEqual([
    'aws iam update-access-key --user-name USER_NAME --access-key-id KEY_ID --status Active',
  ]);
});
