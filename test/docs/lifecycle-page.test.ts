import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { stageTransitions } from '../../core/lifecycle/ledger-write.ts';
import { skipReason } from '../../reports/schema-parts.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { expectSamples, fenced, markdownTable, namesInTables, readPage } from '../support/doc-page.ts';

const page = 'docs/lifecycle.md';
const env = { COLUMNS: '110' };

describe('docs/lifecycle.md', () => {
  const world = commandSandbox();

  it('shows what keysweep prints, and every way between the stages (else: npm run docs)', async () => {
    await world.writePolicy(enforceYaml);
    await world.keysweep(['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:ledger.jsonl']);
    world.sandbox.clock.advance(13 * DAY);
    const plan = await world.keysweep(['plan', '--ledger', 'file:ledger.jsonl'], { env });
    const forecast = await world.keysweep(['forecast', '--ledger', 'file:ledger.jsonl', '--days', '90'], { env });
    await expectSamples(page, {
      transitions: markdownTable(['from', 'to'], transitionRows()),
      plan: fenced('text', plan.stdout),
      forecast: fenced('text', shorten(forecast.stdout)),
    });
  });

  it('explains every reason to skip a key', () => {
    const shown = skipReason.options.filter((reason) => reason !== 'compliant' && reason !== 'deleted');
    expect(namesInTables(page, 'Why a key is skipped').toSorted()).toEqual(shown.toSorted());
  });

  it('names proofs that exist', () => {
    const named = [...readPage(page).matchAll(/test\/[\w/.-]+\.ts/g)].map(([file]) => file);
    expect(named.length).toBeGreaterThan(20);
    for (const file of named) expect(existsSync(file), file).toBe(true);
  });
});

function transitionRows(): readonly (readonly string[])[] {
  return Object.entries(stageTransitions).map(([from, to]) => {
    const others = to.filter((stage) => stage !== from).map((stage) => `\`${stage}\``);
    return [`\`${from}\``, others.length === 0 ? 'nothing: it no longer exists' : others.join(', ')];
  });
}

/** The first and last sections, and the nights with changes. */
function shorten(table: string): string {
  const sections = table.trimEnd().split('\n\n');
  const firstSum = sections.findIndex((section) => section.startsWith('THE KEYS THAT GO'));
  const shown = sections.map((section, at) => {
    return at < 2 || at >= firstSum || /(deactivated|deleted)$/m.test(section.split('\n')[0] ?? '') ? section : '...';
  });
  return shown.filter((section, at) => section !== '...' || shown[at - 1] !== '...').join('\n\n');
}
