import { describe, expect, it } from 'vitest';
import type { NoticeKind } from '../../core/lifecycle/ledger.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { type DigestInput, sweepDigest } from '../../reports/digest.ts';
import type { NoticeItem } from '../../reports/notices/notice-item.ts';
import { account, asOf, user } from '../support/audit-fixture.ts';

const dueAt = new Date('2026-12-06T04:30:00Z');

function item(kind: NoticeKind, fields: Partial<NoticeItem> & { readonly name?: string; readonly id?: string } = {}) {
  const { name = 'alice', id = 'AKIAALICE', ...rest } = fields;
  const { arn } = user(name);
  return {
    kind,
    credential: { kind: 'access-key', id },
    principal: { kind: 'user', name, arn },
    why: 'unused for 120 days (limit 45)',
    ...rest,
  } satisfies NoticeItem;
}

function digestOf(items: readonly NoticeItem[], fields: Partial<DigestInput> = {}) {
  const notice = sweepDigest({
    account,
    now: asOf,
    sweep: 'sweep-1',
    mode: 'enforce',
    items,
    deferred: [],
    overdue: [],
    ...fields,
  });
  if (notice === undefined) throw new Error('there is no digest');
  return notice;
}

/** One of each kind of notice, with the heading that it must come under, the most urgent first. */
const everything: readonly (readonly [heading: string, item: NoticeItem])[] = [
  ['SWITCHED OFF TONIGHT', item('deactivated', { by: 'keysweep', dueAt })],
  ['DELETED TONIGHT', item('deleted', { by: 'keysweep' })],
  ['FINAL NOTICE: WILL BE SWITCHED OFF', item('final-notice', { about: 'retire', dueAt })],
  ['FINAL NOTICE: WILL BE DELETED', item('final-notice', { about: 'delete', dueAt })],
  ['FIRST NOTICE: WILL BE SWITCHED OFF', item('first-notice', { about: 'retire', dueAt })],
  ['REMINDER: WILL BE SWITCHED OFF', item('reminder', { about: 'retire', dueAt })],
  ['TOO OLD, AND IN USE: PLEASE ROTATE', item('reminder', { about: 'rotate', dueAt })],
  ['NOT DONE AFTER ALL', item('held-back')],
  ['SWITCHED ON AGAIN', item('restored', { by: 'person' })],
  ['SWITCHED OFF BY SOMEBODY ELSE', item('deactivated', { by: 'person', dueAt })],
  ['DELETED BY SOMEBODY ELSE', item('deleted', { by: 'person' })],
  ['RESOLVED', item('resolved')],
];

describe('what is told', () => {
  it('nothing where nothing is new, whatever waits', () => {
    const waiting = [{ credential: item('resolved').credential, principal: item('resolved').principal, why: 'x' }];
    const nothing = { account, now: asOf, sweep: 's', mode: 'warn', items: [] } as const;
    expect(sweepDigest({ ...nothing, deferred: waiting, overdue: waiting })).toBeUndefined();
  });

  it.each(everything)('%s', (heading, told) => {
    const { body } = digestOf([told]);
    expect(body.match(/^[A-Z][A-Z ,:]+ \(\d+\)$/gm)).toEqual([`${heading} (1)`]);
    expect(body).toContain('1. AKIAALICE of alice\n');
    expect(body).toContain('   Why    unused for 120 days (limit 45)\n');
  });

  it('everything in one message, the most urgent first', () => {
    const { body } = digestOf(everything.map(([, told]) => told).toReversed());
    expect(body.match(/^[A-Z][A-Z ,:]+(?= \(\d+\)$)/gm)).toEqual(everything.map(([heading]) => heading));
  });

  it.each([
    ['the date', item('final-notice', { about: 'retire', dueAt }), 'switched off on 2026-12-06 04:30 UTC'],
    ['the date of the deletion', item('final-notice', { about: 'delete', dueAt }), 'deleted on 2026-12-06 04:30 UTC'],
    ['the owner', item('first-notice', { about: 'retire', owner: 'ops@example.com' }), 'Owner  ops@example.com'],
    ['the way back', item('deactivated', { by: 'keysweep' }), 'Undo   keysweep restore AKIAALICE'],
    ['where to look', item('reminder', { about: 'rotate' }), 'Look   https://console.aws.amazon.com/iam/home#/users/'],
    ['what to do', item('first-notice', { about: 'retire' }), 'Still needed: create a new key'],
    ['that a key in use stays on', item('first-notice', { about: 'rotate' }), 'in use and stay on'],
    ['who did not do it', item('deactivated', { by: 'person' }), 'keysweep did not do this'],
  ])('%s', (_, told, text) => {
    expect(digestOf([told]).body).toContain(text);
  });

  it('no date of a deed for a key that stays on', () => {
    expect(digestOf([item('reminder', { about: 'rotate', dueAt })]).body).not.toContain('2026-12-06');
  });

  it('outside of mode enforce, that nothing will happen on that day', () => {
    const notice = item('first-notice', { about: 'retire', dueAt });
    expect(digestOf([notice], { mode: 'warn' }).body).toContain('keysweep runs in mode warn: it does nothing');
    expect(digestOf([notice]).body).not.toContain('keysweep runs in mode');
  });

  it('an exemption that the policy takes, only where there is something to be exempt from', () => {
    const { body } = digestOf([item('final-notice', { about: 'retire' })]);
    const snippet = /^exemptions:\n(?: .*\n)+/m.exec(body)?.[0] ?? '';
    const { exemptions } = loadPolicy(`version: 1\n${snippet}`, 'keysweep.yaml');
    expect(exemptions).toMatchObject([{ match: { accessKeyId: 'AKIAALICE' }, rules: '*', expires: '2027-02-20' }]);
    expect(digestOf([item('resolved')]).body).not.toContain('exemptions:');
  });

  it('what waits: put off by a cap, and overdue because of the mode', () => {
    const { credential, principal } = item('resolved', { id: 'AKIAWAITS', name: 'bob' });
    const waiting = [{ credential, principal, why: 'deferred: maxDeactivations lets 1 of 2 pass' }];
    const { body } = digestOf([item('resolved')], { deferred: waiting, overdue: waiting });
    expect(body).toContain('DUE, AND PUT OFF BY A LIMIT OF THE POLICY (1)\n   AKIAWAITS of bob: deferred');
    expect(body).toContain('OVERDUE, AND NOT DONE IN THIS MODE (1)\n   AKIAWAITS of bob: deferred');
  });

  it('that it is a correction', () => {
    const { subject, body } = digestOf([item('held-back')], { isCorrection: true });
    expect(subject).toBe('keysweep correction: 1 not done after all in AWS account 123456789012 (acme-prod)');
    expect(body).toMatch(/^keysweep corrects what it announced earlier tonight about AWS account 123456789012/);
  });
});

describe('the subject', () => {
  it('counts what happened, as far as there is room', () => {
    expect(digestOf([item('resolved')]).subject).toBe('keysweep: 1 resolved in AWS account 123456789012 (acme-prod)');
    const { subject } = digestOf(everything.map(([, told]) => told));
    expect(subject).toMatch(/^keysweep: 1 switched off, 1 deleted, .*, \.\.\. in AWS account 123456789012/);
  });

  it.each([
    ['of the greatest length', 'a'.repeat(63)],
    ['with a line break', 'acme\nBcc: everyone'],
    ['in another script', 'アクメ'],
  ])('is one that SNS takes, for an alias %s', (_, alias) => {
    for (const count of [1, everything.length]) {
      const items = everything.slice(0, count).map(([, told]) => told);
      const { subject } = digestOf(items, { account: { ...account, alias } });
      expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(subject).toContain(account.id);
    }
  });
});

describe('a night of many changes', () => {
  const many = (count: number, fields: Partial<NoticeItem> = {}) =>
    Array.from({ length: count }, (_, at) =>
      item('first-notice', { about: 'retire', id: `AKIA${at}X`, name: `u${at}`, dueAt, ...fields }),
    );

  it('names every key while there is room, the first ones in full', () => {
    const { body } = digestOf(many(1_000));
    for (const at of [0, 24, 25, 999]) expect(body).toContain(`AKIA${at}X of u${at}`);
    expect(body.match(/^\d+\. /gm)).toHaveLength(25);
    expect(body).not.toContain('more: run keysweep plan');
  });

  it.each([
    ['many keys', many(5_000)],
    ['many keys with endless texts', many(5_000, { why: 'y'.repeat(10_000), owner: 'ö'.repeat(10_000) })],
  ])('counts the rest where there is none, and cuts nothing in the middle: %s', (_, items) => {
    const { body } = digestOf(items);
    expect(new TextEncoder().encode(body).byteLength).toBeLessThanOrEqual(200 * 1024);
    const named = body.match(/AKIA\d+X of u\d+/g)?.length ?? 0;
    expect(named).toBeGreaterThan(0);
    expect(body).toContain(`... and ${5_000 - named} more: run keysweep plan`);
    expect(body).toMatch(/What comes next: keysweep plan\.\n$/);
  });
});

it('keeps control characters and shell commands out of the message', () => {
  const evil = 'x\u001b[2J\u202e\r\n2. AKIAFAKE of nobody; rm -rf ~';
  const told = item('deactivated', { by: 'keysweep', id: 'AKIA; rm -rf ~', name: evil, owner: evil, why: evil });
  const { body } = digestOf([told]);
  expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(body.match(/^\d+\. /gm)).toHaveLength(1);
  expect(body).toContain('keysweep restore KEY_ID\n');
});
