/**
 * Measures audit and forecast: requests, time, memory, bundle. Prints tables and writes bench/results/audit.json.
 *
 *   npm run bench            all cases
 *   npm run bench -- --quick accounts up to 1,000 users
 *
 * Times depend on the machine and on what else it does: compare cases of one run with each other.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { type Sandbox, seedAccount, startSandbox } from '../sandbox/index.ts';
import { bundleScript, measureHandler } from './bundle.ts';
import {
  type AuditCase,
  type AuditMeasurement,
  auditCases,
  type ForecastMeasurement,
  staleFractions,
} from './cases.ts';
import { printTable } from './table.ts';

const run = promisify(execFile);
const cases = process.argv.includes('--quick') ? auditCases.filter(({ users }) => users <= 1_000) : auditCases;
const folder = mkdtempSync(join(tmpdir(), 'keysweep-bench-'));

try {
  const [liveScript, offlineScript, forecastScript] = await Promise.all([
    bundleScript('measure-audit.ts', folder),
    bundleScript('measure-offline.ts', folder),
    bundleScript('measure-forecast.ts', folder),
  ]);
  const live: (AuditCase & AuditMeasurement)[] = [];
  const offline: (AuditCase & AuditMeasurement)[] = [];
  const forecast: (AuditCase & ForecastMeasurement)[] = [];
  for (const auditCase of cases) {
    const seed = seedAccount({
      users: auditCase.users,
      keysPerUser: 2,
      staleFraction: staleFractions[auditCase.stale],
    });
    const sandbox = await startSandbox({ seed });
    const asOf = sandbox.clock.now().toISOString();
    try {
      live.push({ ...auditCase, ...(await measure<AuditMeasurement>([liveScript, sandbox.url, asOf], sandbox)) });
      const report = join(folder, 'report.csv');
      writeFileSync(report, await fetchReport(sandbox));
      offline.push({ ...auditCase, ...(await measure<AuditMeasurement>([offlineScript, report, asOf], sandbox)) });
      forecast.push({ ...auditCase, ...(await measure<ForecastMeasurement>([forecastScript, report, asOf], sandbox)) });
    } finally {
      await sandbox.close();
    }
  }
  const handler = measureHandler(folder);
  report({ live, offline, forecast, handler });
} finally {
  rmSync(folder, { recursive: true });
}

/** Runs a measuring process. It is not this one, so that neither sandbox nor loader is in its memory. */
async function measure<M>(args: readonly string[], sandbox: Sandbox): Promise<M> {
  const env = { ...process.env, ...sandbox.environment, NODE_NO_WARNINGS: '1' };
  const { stdout } = await run(process.execPath, [...args], { env });
  return JSON.parse(stdout) as M;
}

async function fetchReport({ url, region, credentials }: Sandbox): Promise<Uint8Array> {
  const iam = new IAMClient({ endpoint: url, region, credentials });
  try {
    const { Content } = await iam.send(new GetCredentialReportCommand({}));
    if (Content === undefined) throw new Error('the sandbox gave no credential report');
    return Content;
  } finally {
    iam.destroy();
  }
}

interface Results {
  readonly live: readonly (AuditCase & AuditMeasurement)[];
  readonly offline: readonly (AuditCase & AuditMeasurement)[];
  readonly forecast: readonly (AuditCase & ForecastMeasurement)[];
  readonly handler: { readonly bundleBytes: number; readonly loadMs: number };
}

function report(results: Results): void {
  const { live, offline, forecast, handler } = results;
  printTable(
    'Live audit over HTTP (the wait for the report included)',
    [
      'users',
      'stale',
      'requests',
      'of these ListAccessKeys',
      'GetAccessKeyLastUsed',
      'others',
      'wall ms',
      'peak MiB',
      'findings',
      'errors',
    ],
    live.map(({ users, stale, requests, wallMs, peakMemory, findings, errors }) => {
      const { 'iam:ListAccessKeys': lists = 0, 'iam:GetAccessKeyLastUsed': uses = 0 } = requests;
      const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
      return [
        users,
        stale,
        total,
        lists,
        uses,
        total - lists - uses,
        Math.round(wallMs),
        inMebibytes(peakMemory),
        findings,
        errors,
      ];
    }),
  );
  printTable(
    'Offline: parse and judge a saved report',
    ['users', 'stale', 'wall ms', 'peak MiB', 'findings'],
    offline.map(({ users, stale, wallMs, peakMemory, findings }) => [
      users,
      stale,
      Math.round(wallMs),
      inMebibytes(peakMemory),
      findings,
    ]),
  );
  printTable(
    'Forecast: 180 nights, from a saved report',
    ['users', 'stale', 'wall ms', 'peak MiB', 'events'],
    forecast.map(({ users, stale, wallMs, peakMemory, events }) => [
      users,
      stale,
      Math.round(wallMs),
      inMebibytes(peakMemory),
      events,
    ]),
  );
  printTable(
    'Auditor function',
    ['bundle KiB (minified)', 'module load ms (median of 7)'],
    [[Math.round(handler.bundleBytes / 1024), Math.round(handler.loadMs)]],
  );
  const file = join(import.meta.dirname, 'results', 'audit.json');
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
  const machine = { node: process.version, platform: process.platform, arch: process.arch, cpus: cpus().length };
  writeFileSync(file, `${JSON.stringify({ schema: 'keysweep/bench/v1', machine, ...results }, null, 2)}\n`);
  process.stdout.write(`\nWritten: bench/results/audit.json (${machine.node}, ${machine.cpus} cores)\n`);
}

function inMebibytes(size: number): number {
  return Math.round(size / 2 ** 20);
}
