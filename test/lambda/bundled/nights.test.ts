/** Nights of the deployed service, over the bundles: what it does, keeps, says and measures. */
import { beforeEach, expect, it, vi } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { bucket, deployService, loadBundle } from '../../support/deployed-service.ts';
import { enforcePolicy, fewKeys, oldKey, staleKey, unusedKey } from '../../support/sweep-world.ts';

// Before the handlers make their loggers: they write to standard output.
vi.hoisted(() => vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'WARN'));

const handlers = { auditor: await loadBundle('auditor'), rotator: await loadBundle('rotator') };
const policy = enforcePolicy({}, { warn: [2 * DAY, DAY], deleteAfter: 2 * DAY });

useAwsConfig();

/** What the functions write to standard output, and their warnings to standard error. */
let lines: string[] = [];
beforeEach(() => {
  lines = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  }
  return () => vi.restoreAllMocks();
});

it('warns, deactivates and deletes over some nights, and every step is an event', async () => {
  const service = await deployService(handlers, { policy });
  // Its clock runs on: each period is over a moment after the window has opened, and the change is in the night after.
  for (let night = 0; night < 8; night++) {
    expect(await service.night()).toMatchObject({ audit: { tries: 1 }, rotator: { tries: 1 } });
    service.pass(1);
  }
  expect(await service.stages()).toEqual({ [staleKey]: 'deleted', [unusedKey]: 'deleted', [oldKey]: 'warned' });
  expect([...service.changes()].sort()).toEqual(
    [`Inactive ${staleKey}`, `Inactive ${unusedKey}`, `deleted ${staleKey}`, `deleted ${unusedKey}`].sort(),
  );
  const published = service.sandbox.busEvents
    .filter(({ detail }) => (detail.credential as { id?: string } | undefined)?.id === staleKey)
    .map(({ detailType }) => detailType);
  expect(new Set(published)).toEqual(new Set(['Credential Warned', 'Credential Deactivated', 'Credential Deleted']));
  expect(published.at(-1)).toBe('Credential Deleted');
  const undo = `keysweep restore ${staleKey} --why WHY\n`;
  expect(service.sandbox.messages.some(({ bodies }) => bodies.email?.includes(undo))).toBe(true);
  const digests = service.sandbox.messages.filter(({ attributes }) => attributes.kind?.value === 'digest');
  expect(digests.length).toBeGreaterThan(0);
  for (const { bodies } of digests) {
    expect(bodies.email).toContain('    keysweep explain KEY_ID\n');
    expect(bodies.email).toContain('    keysweep plan\n');
  }
});

it('keeps a snapshot, the full report as data and as text, and the digest in full', async () => {
  const service = await deployService(handlers, { policy });
  await service.night();
  const night = '111122223333/2026-11-02T0430';
  const kinds = service.sandbox.buckets
    .keys(bucket)
    .map((key) => key.replace(/\d\d\.\d{3}Z/, '').replace(/-[\da-f-]{36}/, ''));
  expect(kinds).toEqual([
    'findings/111122223333.json',
    `reports/${night}-audit.json`,
    `reports/${night}-audit.txt`,
    `reports/${night}-digest.txt`,
    `snapshots/${night}.json`,
  ]);
  const json = service.sandbox.buckets.keys(bucket).find((key) => key.endsWith('-audit.json')) ?? '';
  expect(JSON.parse(service.sandbox.buckets.get(bucket, json)?.body ?? '')).toMatchObject({
    schema: 'keysweep/audit/v1',
  });
});

it('does nothing but report in mode audit, and warns but never writes to IAM in mode warn', async () => {
  for (const mode of ['audit', 'warn'] as const) {
    const service = await deployService(handlers, { policy: { ...policy, mode } });
    for (let night = 0; night < 5; night++) {
      expect((await service.night()).rotator).toMatchObject({ tries: 1, result: { mode, outcome: 'complete' } });
      service.pass(1);
    }
    expect(service.changes()).toEqual([]);
    expect(service.subjects('digests').length > 0).toBe(mode === 'warn');
    expect(service.subjects('news')).toHaveLength(1);
  }
});

it('measures itself in CloudWatch’s embedded metric format, a line for each run', async () => {
  const service = await deployService(handlers, { policy, seed: fewKeys });
  await service.night();
  const metrics = lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line));
  expect(metrics).toMatchObject([
    {
      service: 'auditor',
      installation: 'Keysweep',
      ActiveKeys: 4,
      CompletedRuns: 1,
      PartialRuns: 0,
      FindingsUnjudged: 0,
      Throttles: 0,
    },
    {
      service: 'rotator',
      installation: 'Keysweep',
      KeysWarned: 3,
      KeysDeactivated: 0,
      CompletedRuns: 1,
      PartialRuns: 0,
      DeferredByCap: 0,
    },
  ]);
  for (const metric of metrics) {
    const [{ Namespace, Dimensions, Metrics }] = metric._aws.CloudWatchMetrics;
    expect({ Namespace, Dimensions }).toEqual({ Namespace: 'Keysweep', Dimensions: [['service', 'installation']] });
    for (const { Name } of Metrics) expect(metric[Name]).toEqual(expect.any(Number));
    expect(metric.Requests).toBeGreaterThan(0);
    expect(metric.Duration).toBeGreaterThan(0);
  }
});

it('measures the rest, and does not rotate again, where the ledger cannot be read once more to count its keys', async () => {
  const service = await deployService(handlers, { policy });
  await service.audit();
  // The survey reads it, and then the sweep reads back what it has written.
  service.sandbox.faults.add({ action: 'dynamodb:Query', after: 2, kind: 'denied' });
  const rotator = await service.rotate(service.completed().at(-1));
  expect(rotator).toMatchObject({ tries: 1, result: { outcome: 'complete' } });
  const said = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const metric = said.find((line) => line._aws !== undefined && line.service === 'rotator');
  expect(metric).toMatchObject({ CompletedRuns: 1, PartialRuns: 0, DeferredByCap: 0, Requests: expect.any(Number) });
  expect(Object.keys(metric).filter((name) => name.startsWith('Keys'))).toEqual([]);
  expect(said).toContainEqual(
    expect.objectContaining({ level: 'WARN', failure: expect.objectContaining({ code: 'AccessDenied' }) }),
  );
});
