/** Hand-made digests. */
import type { NoticeKind } from '../../core/lifecycle/ledger.ts';
import type { Notice } from '../../core/notice.ts';
import { composeDigest } from '../../reports/digest.ts';
import type { DigestInput } from '../../reports/notices/digest-input.ts';
import type { NoticeItem } from '../../reports/notices/notice-item.ts';
import { account, asOf, user } from './audit-fixture.ts';

export const dueAt = new Date('2026-12-06T04:30:00Z');

/** One thing to tell of a key of alice, unless another user and key are named. */
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
  return { account, now: asOf, sweep: 'sweep-1', mode: 'enforce', items, deferred: [], overdue: [], ...fields };
}

export function digestOf(items: readonly NoticeItem[], fields: Partial<DigestInput> = {}): Notice {
  return composeDigest(digestInput(items, fields)).notice;
}

/** So many first notices, of a user each. */
export function manyItems(count: number, fields: Partial<NoticeItem> = {}): readonly NoticeItem[] {
  return Array.from({ length: count }, (_, at) =>
    digestItem('first-notice', { about: 'retire', id: `AKIA${at}X`, name: `u${at}`, dueAt, ...fields }),
  );
}

/** One of each kind of notice, with the heading that it must come under, the most urgent first. */
export const everyNotice: readonly (readonly [heading: string, item: NoticeItem])[] = [
  ['SWITCHED OFF TONIGHT', digestItem('deactivated', { by: 'keysweep', dueAt })],
  ['WAS IN USE WHEN IT WAS SWITCHED OFF', digestItem('late-use', { by: 'keysweep', dueAt })],
  ['DELETED TONIGHT', digestItem('deleted', { by: 'keysweep' })],
  ['FINAL NOTICE: WILL BE SWITCHED OFF', digestItem('final-notice', { about: 'retire', dueAt })],
  ['FINAL NOTICE: WILL BE DELETED', digestItem('final-notice', { about: 'delete', dueAt })],
  ['FIRST NOTICE: WILL BE SWITCHED OFF', digestItem('first-notice', { about: 'retire', dueAt })],
  ['REMINDER: WILL BE SWITCHED OFF', digestItem('reminder', { about: 'retire', dueAt })],
  ['STILL WAITING: DUE, AND PUT OFF BY A LIMIT OF THE POLICY', digestItem('still-waiting', { about: 'retire', dueAt })],
  ['TOO OLD, AND IN USE: PLEASE ROTATE', digestItem('reminder', { about: 'rotate', dueAt })],
  ['TOO OLD, AND WHETHER THEY ARE IN USE IS UNKNOWN', digestItem('first-notice', { about: 'unknown' })],
  ['DEFERRED: THE POLICY WAS RELAXED', digestItem('deferred', { about: 'delete' })],
  ['NOT DONE AFTER ALL', digestItem('held-back')],
  ['DENIED BY AWS, AND NOT DONE', digestItem('blocked')],
  ['SWITCHED ON AGAIN', digestItem('restored', { by: 'person' })],
  ['SWITCHED OFF BY SOMEBODY ELSE', digestItem('deactivated', { by: 'person', dueAt })],
  ['DELETED BY SOMEBODY ELSE', digestItem('deleted', { by: 'person' })],
  ['RESOLVED', digestItem('resolved')],
];
