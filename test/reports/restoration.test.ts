import { describe, expect, it } from 'vitest';
import {
  begunInWords,
  keyToRestoreInWords,
  type RestorationDocument,
  renderRestorationJson,
  restorationInWords,
} from '../../reports/restoration.ts';
import { restoreSchema } from '../../reports/restore-schema.ts';
import { fullEntry, ledgerEntry } from '../support/ledger-builder.ts';

const at = new Date('2026-11-22T02:30:45.678Z');
const entry = ledgerEntry();

const restored: RestorationDocument = {
  account: { id: '111122223333', partition: 'aws', alias: 'acme' },
  credential: entry.credential,
  principal: { kind: 'user', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' },
  outcome: 'restored',
  entry,
  who: 'bob',
  why: 'the export needs it',
  problems: [],
};

const key = `${entry.credential.id} of alice in AWS account 111122223333 (acme)`;

describe('restorationInWords', () => {
  it.each([
    ['restored', 'was reactivated'],
    ['noted', 'was active already, which the ledger now records'],
    ['nothing', 'is active; there was nothing to do'],
  ] as const)('says of %s that it %s', (outcome, words) => {
    expect(restorationInWords({ ...restored, outcome })).toBe(`${key} ${words}`);
  });

  it('says what a sweep had begun', () => {
    const begun = { action: 'delete', at } as const;
    expect(restorationInWords({ ...restored, begun })).toBe(
      `${key} was reactivated; the deletion that a sweep had begun is stopped`,
    );
  });

  it('shows what a name may do to a terminal', () => {
    const principal = { ...restored.principal, name: 'al\u001b[2Jice' };
    expect(restorationInWords({ ...restored, principal })).not.toContain('\u001b');
  });
});

describe('renderRestorationJson', () => {
  const asJson = (fields: Partial<RestorationDocument>) =>
    restoreSchema.parse(JSON.parse(renderRestorationJson({ ...restored, ...fields })));
  const { entry: _, ...withoutEntry } = restored;

  it('follows the published schema, with the stage that the ledger has now', () => {
    expect(asJson({ entry: fullEntry() })).toMatchObject({ stage: fullEntry().stage, stageKnown: true, who: 'bob' });
  });

  it('knows the stage of a key without a record where nothing was to be recorded', () => {
    const data = restoreSchema.parse(JSON.parse(renderRestorationJson({ ...withoutEntry, outcome: 'nothing' })));
    expect(data).toMatchObject({ stage: 'compliant', stageKnown: true });
  });

  it('does not know it where the record could not be written', () => {
    const data = restoreSchema.parse(JSON.parse(renderRestorationJson(withoutEntry)));
    expect(data).toMatchObject({ stage: 'compliant', stageKnown: false });
  });

  it('does not know it where the entry is damaged', () => {
    expect(asJson({ damage: 'asleep is no stage' })).toMatchObject({ stageKnown: false, damage: 'asleep is no stage' });
  });
});

describe('keyToRestoreInWords', () => {
  it('names the key alone where the ledger does not know it', () => {
    expect(keyToRestoreInWords(restored, undefined, 'UTC')).toBe(key);
  });

  it('says since when it is off, and why', () => {
    const deactivated = fullEntry(undefined, { rules: ['access-key-unused', 'access-key-too-old'] });
    const day = deactivated.deactivation?.at.toISOString().slice(0, 10);
    expect(keyToRestoreInWords(restored, deactivated, 'UTC')).toBe(
      `${key}, deactivated on ${day} (access-key-unused, access-key-too-old)`,
    );
  });

  it('does not know when someone else deactivated it', () => {
    const found = fullEntry(undefined, {
      deactivation: { at: new Date('2026-11-01T02:30:00Z'), by: 'person', deleteAt: at },
    });
    expect(keyToRestoreInWords(restored, found, 'UTC')).toContain(', first seen inactive on 2026-11-01 (');
  });
});

describe('begunInWords', () => {
  it('says what is begun and since when, to the minute', () => {
    expect(begunInWords({ action: 'deactivate', at }, 'UTC')).toContain(
      'a sweep began its deactivation (2026-11-22 02:30 UTC)',
    );
  });
});
