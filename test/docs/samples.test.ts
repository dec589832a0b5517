import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { type DemoNight, runDemoNight } from '../../cli/demo/nights.ts';
import { demoPolicy, demoPolicyFile } from '../../cli/demo/setting.ts';
import type { Audit } from '../../core/model.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { audit } from '../../engine/audit/audit.ts';
import { renderCsv } from '../../reports/csv.ts';
import { renderJson } from '../../reports/json.ts';
import { renderTable } from '../../reports/table.ts';
import { acmeAccount, acmeNow, seedAccount } from '../../sandbox/index.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { smallAccount, withSandbox } from '../support/aws-sandbox.ts';
import { expectSamples, fenced, markdownTable, namesInTables } from '../support/doc-page.ts';
import { type CommandResult, runInMemory } from '../support/memory-io.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();
useAwsConfig();

const style = { width: 110, color: false };

let night: DemoNight;
beforeAll(async () => {
  night = await runDemoNight(loadPolicy(demoPolicy, demoPolicyFile));
});

it('README.md shows what keysweep prints (else: npm run docs)', async () => {
  await expectSamples('README.md', { forecast: fenced('text', shortenForecast(await forecastAcme())) });
});

it('docs/requests.md shows what was measured (else: npm run docs)', async () => {
  await expectSamples('docs/requests.md', { requests: await requestTable() });
});

it('docs/output.md shows what keysweep prints (else: npm run docs)', async () => {
  const denied = await runDenied();
  expect(denied.code).toBe(2);
  await expectSamples('docs/output.md', {
    table: fenced('text', shorten(renderTable(night.audit, style))),
    json: fenced('json', renderJson(withOneFinding(night.audit))),
    csv: fenced('text', renderCsv(withOneFinding(night.audit)).replaceAll('\r\n', '\n')),
    alert: fenced('text', `Subject: ${night.message?.subject}\n\n${night.message?.bodies.email}`),
    error: fenced('text', denied.stdout),
    incomplete: fenced('text', denied.stderr),
  });
});

it('docs/output.md explains the columns of the CSV, in their order', () => {
  const [header = ''] = renderCsv(night.audit).split('\r\n');
  expect(namesInTables('docs/output.md', 'CSV')).toEqual(header.split(','));
});

const shownRules = ['root-access-key', 'access-key-unused', 'access-key-never-used', 'console-mfa-missing'];
const shownRows = 3;
const shownKeys = 3;

/** The first and last section of a table and the ones of some rules, with some rows each; `...` for what is left out. */
function shorten(table: string): string {
  const sections = table.trimEnd().split('\n\n');
  const shown = sections.map((section, at) => {
    const isFrame = at === 0 || at === sections.length - 1;
    if (isFrame) return section;
    return shownRules.some((rule) => section.split('\n')[0]?.endsWith(` ${rule}`)) ? shortenRows(section) : '...';
  });
  return shown.filter((section, at) => section !== '...' || shown[at - 1] !== '...').join('\n\n');
}

function shortenRows(section: string): string {
  const [heading = '', ...lines] = section.split('\n');
  const remedyAt = lines.findIndex((line) => line.startsWith('  Fix: '));
  const rows = lines.slice(0, remedyAt);
  const more = rows.length > shownRows ? ['  ...'] : [];
  return [heading, ...rows.slice(0, shownRows), ...more, ...lines.slice(remedyAt)].join('\n');
}

/** The forecast that the demo's company would get, with its policy. */
async function forecastAcme(): Promise<string> {
  await writeFile(join(scratch.path, 'acme.yaml'), demoPolicy);
  const { code, stdout } = await withSandbox({ sandbox: { seed: acmeAccount, now: acmeNow } }, ({ sandbox }) => {
    for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
    const args = ['forecast', '--quiet', '--policy', 'acme.yaml'];
    return runInMemory(args, { directory: scratch.path, env: { COLUMNS: '110' }, now: acmeNow.toISOString() });
  });
  expect(code).toBe(0);
  return stdout;
}

/** The heading, the first keys that are deactivated or deleted, and the totals; `...` for what is left out. */
function shortenForecast(table: string): string {
  const sections = table.trimEnd().split('\n\n');
  const [keys = '', , , totals = ''] = sections.slice(-4);
  const [heading = '', ...rows] = keys.split(/\n(?= {2}\S)/);
  const shown = [heading, ...rows.slice(0, shownKeys), '  ...'].join('\n');
  return [sections[0], '...', shown, totals].join('\n\n');
}

/** Two keys a user, measured at the sandbox. */
async function requestTable(): Promise<string> {
  const cases = [
    { users: 200, stale: 0, label: 'nothing stale' },
    { users: 1_000, stale: 0, label: 'nothing stale' },
    { users: 200, stale: 0.1, label: '10% of the users stale' },
    { users: 200, stale: 1, label: 'everything stale' },
  ];
  const rows: string[][] = [];
  for (const { users, stale, label } of cases) {
    const sandbox = { seed: seedAccount({ users, staleFraction: stale }) };
    const { stats, summary } = await withSandbox({ sandbox }, ({ sandbox, source }) => {
      return audit({ source }, defaultPolicy, sandbox.clock.now());
    });
    expect(summary.error).toBe(0);
    const sent = Object.values(stats.requests).reduce((sum, count) => sum + count, 0);
    rows.push([`${users.toLocaleString('en')} users, ${label}`, String(sent), (sent / users).toFixed(2)]);
  }
  return markdownTable(['account (two keys per user)', 'requests', 'per user'], rows);
}

/** With the first finding about an access key only, and without what differs from machine to machine. */
function withOneFinding(whole: Audit): Audit {
  const { requests } = whole.stats;
  const findings = whole.findings.filter(({ rule }) => rule === 'access-key-unused').slice(0, 1);
  return { ...whole, findings, stats: { requests, durationMs: 812 } };
}

/** The command line, run by a caller who may not list the keys of users. */
function runDenied(): Promise<CommandResult> {
  const users = smallAccount.users.filter(({ name }) => name === 'bob');
  const options = {
    seed: { ...smallAccount, root: { mfa: true }, users },
    allow: [
      'iam:GenerateCredentialReport',
      'iam:GetCredentialReport',
      'iam:ListEntitiesForPolicy',
      'iam:ListAccountAliases',
    ],
    report: { generation: { polls: 0 } },
  };
  return withSandbox({ sandbox: options }, ({ sandbox }) => {
    for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
    const env = { COLUMNS: String(style.width) };
    return runInMemory(['audit', '--quiet'], { directory: scratch.path, env, now: smallAccount.now });
  });
}
