/** Saved reports of partitions whose root user is another one, through the command line. */
import { describe, expect, it } from 'vitest';
import { runInMemory } from '../support/memory-io.ts';
import { keyFields, passwordFields, type Row, reportText, rootRow, userRow } from '../support/report-builder.ts';

async function audit(partition: string, rows: readonly Row[], output = 'json') {
  const stdin = reportText(rows).replaceAll('arn:aws:', `arn:${partition}:`);
  const asOf = '2026-11-20T02:30:00Z';
  return runInMemory(['audit', '--report', '-', '--as-of', asOf, '--output', output], { directory: '.', stdin });
}

const people = [
  userRow('admin', passwordFields({ lastUsed: '2026-11-18T02:30:00Z', lastChanged: '2026-10-21T02:30:00Z' })),
  userRow('ci', keyFields(1, { created: '2026-10-31T02:30:00Z', lastUsed: '2026-11-19T02:30:00Z' })),
];
const noSignIn = { password_enabled: 'not_supported', mfa_active: 'false' };

describe('keysweep audit --report of another partition', () => {
  it.each<[string, string, Row[]]>([
    ['China: no root row', 'aws-cn', people],
    [
      'GovCloud: root never says a date',
      'aws-us-gov',
      [
        rootRow({ ...noSignIn, password_last_used: 'not_supported', password_last_changed: 'not_supported' }),
        ...people,
      ],
    ],
    ['GovCloud: root has N/A for its dates', 'aws-us-gov', [rootRow(noSignIn), ...people]],
  ])('%s: nothing to find, nothing unjudged, exit 0', async (_, partition, rows) => {
    const { code, stdout } = await audit(partition, rows);
    expect(JSON.parse(stdout)).toMatchObject({ account: { partition }, findings: [], summary: { fail: 0, error: 0 } });
    expect(code).toBe(0);
  });

  it('says of a clean report what no saved report can show', async () => {
    const { stdout } = await audit('aws-cn', people, 'table');
    expect(stdout).toContain(
      '2 principals checked, nothing to report.\n- A saved report does not show whom AWS has quar',
    );
  });

  it('a missing root row elsewhere is an incomplete audit', async () => {
    const { code, stdout } = await audit('aws', people);
    expect(JSON.parse(stdout).summary.error).toBe(4);
    expect(code).toBe(2);
  });

  it('says what to do about a root key where root cannot sign in', async () => {
    const key = keyFields(1, { created: '2026-10-31T02:30:00Z' });
    const { code, stdout } = await audit('aws-us-gov', [rootRow({ ...noSignIn, ...key }), ...people]);
    const [finding] = JSON.parse(stdout).findings;
    expect(finding.rule).toBe('root-access-key');
    expect(finding.remedy).toMatch(/AWS Support/);
    expect(code).toBe(1);
  });
});
