/** Findings for which no message had room, and no report was kept that names them: people were not notified of those. */
import { expect, it, vi } from 'vitest';
import type { Severity } from '../../../core/model.ts';
import { handler as auditor } from '../../../lambda/auditor/index.ts';
import { handler as rotator } from '../../../lambda/rotator/index.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { deployService, type Handlers } from '../../support/deployed-service.ts';
import { accountWith, enforcePolicy } from '../../support/sweep-world.ts';

// Before the handlers make their loggers: they write to standard output.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});
useAwsConfig();

const handlers = { auditor, rotator } as unknown as Handlers;
/** More than a chat has room for. */
const names = Array.from({ length: 110 }, (_, index) => `user-${String(index).padStart(3, '0')}`);

/** Every user has a password and no MFA, of this severity; the report of the first try cannot be kept. */
async function deploy(severity: Severity) {
  const users = names.map((name) => ({ name, password: { lastUsed: '2026-11-01T10:00:00Z' } }));
  const policy = enforcePolicy({ mode: 'audit', rules: { 'console-mfa-missing': { enabled: true, severity } } });
  const service = await deployService(handlers, { policy, seed: { ...accountWith(users), root: { mfa: true } } });
  // The record of findings is kept before it.
  service.sandbox.faults.add({ action: 's3:PutObject', kind: 'denied', after: 1, count: 1 });
  expect(await service.audit()).toMatchObject({ tries: 2 });
  return service;
}

it('come with the next message, and those that were named do not', async () => {
  const service = await deploy('high');
  const [first, second, ...others] = service.sandbox.messages.filter(({ attributes }) => {
    return attributes.kind?.value === 'findings';
  });
  const again = names.filter((name) => second?.bodies.email?.includes(name));
  expect(again.length).toBeGreaterThan(0);
  const named = names.filter((name) => !again.includes(name));
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) {
    expect(first?.bodies.email).toContain(name);
    expect(first?.bodies.https).toContain(name);
  }
  expect(service.notices('news')[1]?.summary).toContain(`${again.length} new findings`);
  service.pass(1);
  await service.audit();
  expect([others, service.notices('news').length]).toEqual([[], 2]);
});

it('are new still in the next alert, where they are critical', async () => {
  const service = await deploy('critical');
  service.pass(1);
  await service.audit();
  const [first = 0, second = 0, third] = service.notices('alerts').map(({ newFindings }) => newFindings);
  expect(first).toBe(names.length);
  expect(second).toBeGreaterThan(0);
  expect(second).toBeLessThan(first);
  expect(third).toBe(0);
});
