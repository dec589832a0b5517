/** Hand-made digests. */
import type { NoticeKind } from '../../core/lifecycle/ledger.ts';
import type { Notice } from '../../core/notice.ts';
import { composeDigest } from '../../reports/digest.ts';
import type { DigestInput } from '../../reports/notices/digest-input.ts';
import type { NoticeItem } from '../../reports/notices/notice-item.ts';
import { account, asOf, user } from './audit-fixture.ts';

export const dueAt = new Date('2026-12-06T04:30:00Z');

/** One item about a key of alice, unless another user and key are named. */
export function digestItem(
  kind: NoticeKind,
  fields: Partial<NoticeItem> & { readonly name?: string; readonly id?: string } = {},
) {
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

export function digestInput(items: readonly NoticeItem[], fields: Partial<DigestInput> = {}): DigestInput {
  return {
    account,
    now: asOf,
    sweep: 'sweep-1',
    mode: 'enforce',
    ownerTag: 'owner',
    items,
    deferred: [],
    overdue: [],
    ...fields,
  };
}

export function digestOf(items: readonly NoticeItem[], fields: Partial<DigestInput> = {}): Notice {
  return composeDigest(digestInput(items, fields)).notice;
}

/** So many first notices, of a user each. */
export function manyItems(count: number, fields: Partial<NoticeItem> = {}): readonly NoticeItem[] {
  return Array.from({ length: count }, (_, at) =>
    digestItem('first-notice', { about: 'deactivate', id: `AKIA${at}X`, name: `u${at}`, dueAt, ...fields }),
  );
}

/** One of each kind of notice, with the heading that it must come under, the most urgent first. */
export const everyNotice: readonly (readonly [heading: string, item: NoticeItem])[] = [
  ['DEACTIVATED TONIGHT', digestItem('deactivated', { by: 'keysweep', dueAt })],
  ['WAS IN USE WHEN IT WAS DEACTIVATED', digestItem('late-use', { by: 'keysweep', dueAt })],
  ['DELETED TONIGHT', digestItem('deleted', { by: 'keysweep' })],
  ['FINAL NOTICE: WILL BE DEACTIVATED', digestItem('final-notice', { about: 'deactivate', dueAt })],
  ['FINAL NOTICE: WILL BE DELETED', digestItem('final-notice', { about: 'delete', dueAt })],
  ['FIRST NOTICE: WILL BE DEACTIVATED', digestItem('first-notice', { about: 'deactivate', dueAt })],
  ['REMINDER: WILL BE DEACTIVATED', digestItem('reminder', { about: 'deactivate', dueAt })],
  ['DUE, FINAL NOTICE DEFERRED BY A LIMIT', digestItem('still-waiting', { about: 'deactivate', dueAt })],
  ['TOO OLD AND IN USE: PLEASE ROTATE', digestItem('reminder', { about: 'rotate', dueAt })],
  ['TOO OLD, LAST USE UNKNOWN', digestItem('first-notice', { about: 'unknown' })],
  ['DEFERRED: THE POLICY WAS RELAXED', digestItem('deferred', { about: 'delete' })],
  ['ANNOUNCED, BUT NOT DONE', digestItem('not-applied')],
  ['DENIED BY AWS, NOT DONE', digestItem('blocked')],
  ['REACTIVATED', digestItem('restored', { by: 'person' })],
  ['DEACTIVATED BY SOMEONE ELSE', digestItem('deactivated', { by: 'person', dueAt })],
  ['DELETED BY SOMEONE ELSE', digestItem('deleted', { by: 'person' })],
  ['RESOLVED', digestItem('resolved')],
];
