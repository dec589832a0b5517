import { describe, expect, it } from 'vitest';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { renderSweepTable, renderWrites } from '../../reports/sweep/table.ts';
import { displayWidth } from '../../reports/text-layout.ts';
import { mixedSweep, sweptAt } from '../support/sweep-fixture.ts';

const report = { generatedAt: sweptAt, rows: 52 };

function table(result: SweepResult, kind: 'plan' | 'sweep' = 'sweep', width = 100): string {
  return renderSweepTable({ kind, result, report, requests: {}, canRestore: true }, { width, color: false });
}

describe('renderSweepTable', () => {
  it('says what was done, what failed and why, and what was skipped', () => {
    const text = table(mixedSweep);
    expect(text).toContain('sweep in mode enforce');
    expect(text).toMatch(/^DEACTIVATED \(1\)\n {2}alice +AKIADUEAAAAAAAAAAAAA {2}unused for 120 days/m);
    expect(text).toMatch(/^TO BE DELETED, NOT DONE \(1\)\n.*failed: AccessDenied: the caller lacks/m);
    expect(text).not.toMatch(/^DELETED/m);
    expect(text).toContain('ROTATION REQUESTED (1)');
    expect(text).toContain('Problem: people could not yet be notified');
    expect(text).toContain('The sweep is partial');
  });

  it('says of a date what comes then, and names none that has passed', () => {
    const text = table(mixedSweep, 'sweep', 140);
    expect(text).toMatch(/ {2}until 2026-11-30: will be deactivated: unused for 60 days \(limit 45\)$/m);
    expect(text).toMatch(
      / {2}in use, so it stays active: created 401 days ago \(limit 90\); next reminder 2026-12-04$/m,
    );
    expect(text).toMatch(/ {2}overdue since 2026-11-20; mode warn changes nothing$/m);
  });

  it('speaks of a plan as of something to come', () => {
    const text = table({ ...mixedSweep, dryRun: true }, 'plan');
    expect(text).toContain('TO BE DEACTIVATED (1)');
    expect(text).toContain('Tonight: ');
    expect(text).toContain('Nothing was changed and no one was notified.');
  });

  it('shows every credential exactly once', () => {
    const text = table(mixedSweep);
    const shown = mixedSweep.skipped.filter(({ skipReason }) => skipReason !== 'compliant' && skipReason !== 'deleted');
    for (const { credential } of [...mixedSweep.actions, ...shown]) {
      expect(text.split(String(credential.id))).toHaveLength(2);
    }
  });

  it.each([40, 80, 140])('fits into %i columns', (width) => {
    for (const line of table(mixedSweep, 'sweep', width).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('sends no control character of a name or a reason to a terminal', () => {
    const [first, ...rest] = mixedSweep.actions;
    if (first === undefined) throw new Error('the fixture has no action');
    const evil = { ...first, why: 'x\u001b[2J', principal: { ...first.principal, name: 'mallory\u202e' } };
    const text = table({ ...mixedSweep, actions: [evil, ...rest] });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('renderWrites', () => {
  it('shows what will be deactivated, deleted and recorded, and nothing else', () => {
    const text = renderWrites({ ...mixedSweep, dryRun: true }, { width: 100, color: false });
    expect(text).toContain('TO BE DEACTIVATED (1)');
    expect(text).toContain('TO BE DELETED (1)');
    expect(text).toContain('TO BE RECORDED (');
    expect(text).not.toContain('FIRST NOTICES');
    expect(text).not.toContain('Skipped');
  });
});
