import { describe, expect, it } from 'vitest';
import type { SweepDocument } from '../../reports/sweep/document.ts';
import { renderSweepJson } from '../../reports/sweep/json.ts';
import { sweepSchema } from '../../reports/sweep/schema.ts';
import { asPublished } from '../support/published.ts';
import { mixedSweep } from '../support/sweep-fixture.ts';

function documentOf(kind: SweepDocument['kind']): SweepDocument {
  const report = { generatedAt: new Date('2026-11-20T02:18:00Z'), rows: 52 };
  return {
    kind,
    result: mixedSweep,
    report,
    ledger: 'file:ledger.jsonl',
    requests: mixedSweep.stats.requests,
    canRestore: true,
  };
}

describe.each(['plan', 'sweep'] as const)('the JSON of a %s', (document) => {
  it('is of its published schema, with nothing beside it', () => {
    const printed = JSON.parse(renderSweepJson(documentOf(document)));
    expect(printed.schema).toBe(`keysweep/${document}/v1`);
    // Parsing drops properties that the schema does not describe: none may get lost.
    expect(asPublished(sweepSchema(document), printed)).toEqual(printed);
  });

  it('holds everything that the sweep says', () => {
    const { account, actions, skipped, ...rest } = mixedSweep;
    const printed = JSON.parse(renderSweepJson(documentOf(document)));
    expect(printed).toMatchObject(JSON.parse(JSON.stringify({ account, actions, skipped, ...rest })));
  });

  it('is refused by the schema with an outcome that does not exist', () => {
    const printed = JSON.parse(renderSweepJson(documentOf(document)));
    printed.actions[0].outcome = 'done';
    expect(sweepSchema(document).safeParse(printed).success).toBe(false);
  });
});
