import { describe, expect, it } from 'vitest';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { inspectAgain, openInspector } from '../../engine/inspector.ts';
import { deactivated, past, seen, stateOf } from '../support/lifecycle-builder.ts';
import { denied, memorySource, notFound } from '../support/memory-source.ts';
import { accessKey } from '../support/observation-builder.ts';

const key = { id: 'AKIAALICE', status: 'Active', createdAt: past(0) } as const;
const other = { id: 'AKIAOTHER', status: 'Active', createdAt: past(0) } as const;
const holder = stateOf().principal;

const sourceOf = (fields: Partial<Parameters<typeof memorySource>[0]> = {}) =>
  memorySource({ rows: [], keys: { alice: [key] }, ...fields });

/** A key of alice that nothing was read of yet. */
const unread = (fields: Partial<CredentialState> = {}): CredentialState => ({ ...stateOf(), ...fields });

describe('what a plan rests on', () => {
  it('is read once, however often it is asked for', async () => {
    const source = sourceOf();
    const inspector = openInspector(source, { users: [] });
    await Promise.all([inspector.recheck(unread(), 'read'), inspector.recheck(unread(), 'read')]);
    await inspector.reads.lastUse('alice', { kind: 'access-key', id: key.id });
    expect(source.asked).toEqual(['access-key alice', `lastUse ${key.id}`]);
  });

  it('is kept by question: another user, and another credential, is another one', async () => {
    const source = sourceOf();
    const { reads } = openInspector(source, { users: [] });
    await reads.credentials('access-key', 'alice');
    await reads.credentials('access-key', 'bob');
    await reads.lastUse('alice', { kind: 'access-key', id: 'AKIA1' });
    await reads.lastUse('alice', { kind: 'access-key', id: 'AKIA2' });
    expect(source.asked).toEqual(['access-key alice', 'access-key bob', 'lastUse AKIA1', 'lastUse AKIA2']);
  });

  it('costs no request for the last use where only the status is wanted', async () => {
    const source = sourceOf();
    const state = await openInspector(source, { users: [] }).recheck(unread(), 'known');
    expect(state?.liveStatus).toMatchObject({ kind: 'seen', status: 'Active' });
    expect(source.asked).toEqual(['access-key alice']);
  });
});

describe('a key that is not listed, and of which AWS denies whose it is,', () => {
  it.each([
    [
      'does not exist where AWS answers for another key',
      { bob: [other] },
      { kind: 'not-found', denied: denied.message },
    ],
    ['is unknown where AWS answers for none', {}, { kind: 'unknown', why: denied.message }],
  ])('%s', async (_, keys, expected) => {
    const inspector = openInspector(sourceOf({ keys }), {
      users: [{ principal: holder, credentials: [accessKey({ ref: { kind: 'access-key', id: other.id } })] }],
    });
    expect((await inspector.recheck(unread(), 'read'))?.liveStatus).toEqual(expected);
  });

  it('does not exist where there is no key to ask about', async () => {
    const inspector = openInspector(sourceOf({ keys: {} }), { users: [] });
    expect((await inspector.recheck(unread(), 'read'))?.liveStatus).toEqual({
      kind: 'not-found',
      denied: denied.message,
    });
  });
});

describe('one that was seen active after its deactivation', () => {
  const again = unread({ entry: deactivated(0), liveStatus: seen({ status: 'Active' }) });

  it('stays so where a recheck does not show it', async () => {
    const inspector = openInspector(sourceOf({ keys: { alice: denied } }), { users: [] });
    expect(await inspector.recheck(again, 'read')).toBeUndefined();
  });

  it('is what the recheck shows where it can', async () => {
    const inspector = openInspector(sourceOf({ keys: { alice: [{ ...key, status: 'Inactive' }] } }), { users: [] });
    expect((await inspector.recheck(again, 'read'))?.liveStatus).toMatchObject({ status: 'Inactive' });
  });
});

describe('what justifies a change', () => {
  it('is read each time', async () => {
    const source = sourceOf();
    const { reads } = inspectAgain(source);
    await reads.credentials('access-key', 'alice');
    await reads.credentials('access-key', 'alice');
    expect(source.asked).toEqual(['access-key alice', 'access-key alice']);
  });

  it('says which reads AWS denied, except for that of an owner, which is denied for a deleted key', async () => {
    const { reads, denials } = inspectAgain(sourceOf({ keys: { alice: denied, bob: notFound } }));
    await reads.credentials('access-key', 'alice');
    await reads.credentials('access-key', 'bob');
    await reads.ownerOf({ kind: 'access-key', id: 'AKIANOBODYS' });
    expect(denials).toEqual([denied]);
  });
});
