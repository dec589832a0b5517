import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import { entryCodec, eventCodec, sweepCodec } from '../../../core/lifecycle/ledger-codec.ts';
import { eventFor, fullEntry, ledgerEntry, sweepRecord } from '../../support/ledger-builder.ts';

const optional = ['lastDeactivationAt', 'warning', 'deactivation', 'restoration', 'deletion', 'intent', 'notice'];
const json = (value: unknown) => JSON.parse(JSON.stringify(value));
const time = fc.date({
  min: new Date('0000-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('what is encoded', () => {
  it('is decoded to the same, through JSON text, whatever the times and texts', () => {
    fc.assert(
      fc.property(time, time, fc.string({ unit: 'binary' }), fc.boolean(), (at, other, text, full) => {
        const fields: Partial<LedgerEntry> = {
          since: at,
          updatedAt: other,
          principal: { kind: 'user', name: text, arn: text },
          restoration: { at, by: 'person', why: text },
        };
        const entry = full ? fullEntry('AKIA1', fields) : ledgerEntry('AKIA1', fields);
        const event = eventFor(entry, { detail: text, at });
        const sweep = sweepRecord('s', { startedAt: at, ...(full && { endedAt: other, outcome: 'complete' }) });
        expect(entryCodec.decode(json(entryCodec.encode(entry)))).toStrictEqual({ ok: true, value: entry });
        expect(eventCodec.decode(json(eventCodec.encode(event)))).toStrictEqual({ ok: true, value: event });
        expect(sweepCodec.decode(json(sweepCodec.encode(sweep)))).toStrictEqual({ ok: true, value: sweep });
      }),
    );
  });

  it('has its times in ISO 8601, in UTC and with milliseconds', () => {
    expect(entryCodec.encode(ledgerEntry())).toMatchObject({
      createdAt: '2026-01-01T00:00:00.000Z',
      warning: { deactivateAt: '2026-12-02T04:30:00.123Z' },
    });
  });
});

describe('an entry that is not as ledger.ts has it', () => {
  const good = json(entryCodec.encode(fullEntry()));

  it.each(Object.keys(good).filter((name) => !optional.includes(name)))('is refused without %s', (name) => {
    const { [name]: _, ...rest } = good;
    expect(entryCodec.decode(rest)).toMatchObject({ ok: false, why: expect.stringContaining(name) });
  });

  it.each(optional)('is fine without %s', (name) => {
    const { [name]: _, ...rest } = good;
    expect(entryCodec.decode(rest)).toMatchObject({ ok: true });
  });

  it.each([
    ['a time without milliseconds', { since: '2026-11-18T04:30:00Z' }],
    ['a time in another zone', { since: '2026-11-18T04:30:00.000+01:00' }],
    ['a day that does not exist', { since: '2026-02-30T00:00:00.000Z' }],
    ['a time as a number', { since: 1_790_000_000_000 }],
    ['an unknown stage', { stage: 'asleep' }],
    ['an unknown reason', { rules: ['access-key-unused', 'ugly'] }],
    ['a version that is not whole', { version: 1.5 }],
    ['a version as text', { version: '1' }],
    ['null for what is absent', { warning: null }],
    ['a warning without its first notice', { warning: { ...good.warning, firstNoticeAt: undefined } }],
    ['an unknown field', { colour: 'red' }],
    ['an unknown field further down', { deletion: { ...good.deletion, sure: true } }],
    ['an unknown kind of credential', { credential: { kind: 'mfa-device', id: 'AKIA1' } }],
    ['an empty sweep id', { intent: { ...good.intent, sweep: '' } }],
  ])('is refused with %s, and the field is named', (_, fields) => {
    const [name = ''] = Object.keys(fields);
    const decoded = entryCodec.decode({ ...good, ...fields });
    expect(decoded).toMatchObject({ ok: false, why: expect.stringMatching(new RegExp(`${name}|it: `)) });
  });

  it.each([null, 'entry', 7, [], undefined])('is refused where it is no record: %j', (value) => {
    expect(entryCodec.decode(value)).toMatchObject({ ok: false });
  });
});
