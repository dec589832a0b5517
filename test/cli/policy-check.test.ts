import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyCheckSchema } from '../../reports/policy-check-schema.ts';
import { commandSandbox } from '../support/command-sandbox.ts';
import { runInMemory } from '../support/memory-io.ts';

const header =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';
const report = [
  header,
  '<root_account>,arn:aws:iam::111122223333:root,2024-06-03T02:30:00Z,true,2025-10-16T02:30:00Z,2024-06-03T02:30:00Z,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A',
  'ci,arn:aws:iam::111122223333:user/machines/ci,2024-06-03T02:30:00Z,false,N/A,N/A,N/A,false,true,2026-05-04T02:30:00Z,2026-08-12T02:30:00Z,us-east-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A',
].join('\n');

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'policy-check-'));
  await writeFile(join(directory, 'machines.csv'), report);
});
afterAll(() => rm(directory, { recursive: true }));

async function run(match: string, ...args: readonly string[]) {
  const about = 'rules: "*", reason: production, owner: y@example.com, expires: 2027-10-01';
  await writeFile(join(directory, 'keysweep.yaml'), `version: 1\nexemptions:\n  - { match: { ${match} }, ${about} }\n`);
  return runInMemory([...args, '--as-of', '2026-11-20T02:30:00Z'], { directory, env: { COLUMNS: '120' } });
}

describe('keysweep policy check', () => {
  it('a file alone', async () => {
    const { code, stdout } = await run('path: /machines/', 'policy', 'check');
    expect(stdout).toContain('keysweep.yaml: valid, mode audit, 0 overrides, 1 exemption');
    expect(stdout).toContain('No problems.');
    expect(code).toBe(0);
  });

  it('whom it fits by a report', async () => {
    const { code, stdout } = await run('path: /machines/', 'policy', 'check', '--report', 'machines.csv');
    expect(stdout).toContain('exemption 1: path=/machines/ until 2027-10-01, y@example.com: 1 (ci)');
    expect(code).toBe(0);
  });

  it('what matches no one is a problem, here and in an audit', async () => {
    const { code, stdout } = await run('path: /machine/', 'policy', 'check', '--report', 'machines.csv');
    expect(stdout).toContain('- exemption 1 (path=/machine/, owner y@example.com) matches no one');
    expect(code).toBe(1);
    const audit = await run('path: /machine/', 'audit', '--report', 'machines.csv');
    expect(audit.stdout).toContain('- exemption 1 (path=/machine/, owner y@example.com) matches no one');
    const json = await run('path: /machine/', 'audit', '--report', 'machines.csv', '--output', 'json');
    expect(JSON.parse(json.stdout).usage.exemptions[0]).toMatchObject({ number: 1, matched: 0, names: [] });
  });

  it('a file that is not valid', async () => {
    const { code, stderr } = await run('path: /machines', 'policy', 'check');
    expect(code).toBe(2);
    expect(stderr).toContain('exemptions[0].match.path: found "/machines"');
    expect(stderr).toContain('write "/machines/"');
  });

  it('as data', async () => {
    const { stdout } = await run(
      'tag: { keep: "yes" }',
      'policy',
      'check',
      '--output',
      'json',
      '--report',
      'machines.csv',
    );
    const printed = JSON.parse(stdout);
    // Parsing drops properties that the schema does not describe: none may get lost.
    expect(policyCheckSchema.parse(printed)).toEqual(printed);
    expect(printed).toMatchObject({
      schema: 'keysweep/policy-check/v1',
      mode: 'audit',
      problems: [],
      remarks: [{ kind: 'by-tag' }],
      usage: { exemptions: [{ matched: 0, possible: 1 }] },
    });
  });
});

describe('keysweep policy check --live', () => {
  const world = commandSandbox();
  const exempting = (match: string) =>
    world.writePolicy(
      `version: 1\nexemptions: [{ match: { ${match} }, rules: "*", reason: r, owner: o, expires: 2027-10-01 }]\n`,
    );

  it('is incomplete where what an entry hangs on could not be read', async () => {
    await exempting('tag: { keep: "yes" }');
    for (const action of ['iam:ListUserTags', 'iam:GetAccountAuthorizationDetails'])
      world.sandbox.faults.add({ action, kind: 'denied' });
    const { code, stdout, stderr } = await world.keysweep(['policy', 'check', '--live']);
    expect(stdout).toContain('whose tags or key ids were not read');
    expect(stderr).toMatch(
      /keysweep: incomplete: \d checks could not be completed \(exit code 2\)\n.*iam:ListUserTags/,
    );
    expect(code).toBe(2);
  });

  it('is complete where only something else could not be read', async () => {
    await exempting('user: carol');
    world.sandbox.faults.add({ action: 'iam:ListAccessKeys', user: 'bob', kind: 'denied' });
    expect((await world.keysweep(['policy', 'check', '--live'])).code).toBe(0);
  });
});
