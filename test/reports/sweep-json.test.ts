import { describe, expect, it } from 'vitest';
import type { RotationDocument } from '../../reports/sweep/document.ts';
import { renderRotationJson } from '../../reports/sweep/json.ts';
import { rotationSchema } from '../../reports/sweep/schema.ts';
import { asPublished } from '../support/published.ts';
import { mixedRotation } from '../support/sweep-fixture.ts';

function documentOf(kind: RotationDocument['kind']): RotationDocument {
  const report = { generatedAt: new Date('2026-11-20T02:18:00Z'), rows: 52 };
  return { kind, rotation: mixedRotation, report, ledger: 'file:ledger.jsonl', requests: mixedRotation.stats.requests };
}

describe.each(['plan', 'sweep'] as const)('the JSON of a %s', (document) => {
  it('is of its published schema, with nothing beside it', () => {
    const printed = JSON.parse(renderRotationJson(documentOf(document)));
    expect(printed.schema).toBe(`keysweep/${document}/v1`);
    // Parsing drops properties that the schema does not describe: none may get lost.
    expect(asPublished(rotationSchema(document), printed)).toEqual(printed);
  });

  it('holds everything that the rotation says', () => {
    const { account, actions, left, ...rest } = mixedRotation;
    const printed = JSON.parse(renderRotationJson(documentOf(document)));
    expect(printed).toMatchObject(JSON.parse(JSON.stringify({ account, actions, left, ...rest })));
  });

  it('is refused by the schema with an outcome that does not exist', () => {
    const printed = JSON.parse(renderRotationJson(documentOf(document)));
    printed.actions[0].outcome = 'done';
    expect(rotationSchema(document).safeParse(printed).success).toBe(false);
  });
});
