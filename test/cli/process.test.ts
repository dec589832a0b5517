import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { savedReport, savedReportTime, savedUser, staleReport } from '../support/saved-report.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const executable = fileURLToPath(new URL('../../bin/keysweep.ts', import.meta.url));
const loader = import.meta.resolve('tsx');
const scratch = scratchDirectory();

/** The real executable, with no AWS credentials to be found anywhere. */
function start(args: readonly string[], imports: readonly string[] = []) {
  const loaded = [loader, ...imports].flatMap((url) => ['--import', url]);
  return spawn(process.execPath, [...loaded, executable, ...args], {
    cwd: scratch.path,
    env: { PATH: process.env.PATH, HOME: scratch.path, AWS_EC2_METADATA_DISABLED: 'true' },
  });
}

async function finish(child: ReturnType<typeof start>) {
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

describe('the keysweep executable', () => {
  it('audits a report from stdin: results on stdout, notes on stderr, findings in the exit code', async () => {
    const child = start(['audit', '--report', '-', '--as-of', savedReportTime, '--output', 'json']);
    child.stdin.end(staleReport);
    const { code, stdout, stderr } = await finish(child);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'keysweep/audit/v1', summary: { fail: 1 } });
    expect(stderr).toMatch(/^keysweep: no keysweep\.yaml here/);
  });

  it('fails with 2 and the reason on stderr', async () => {
    const child = start(['audit', '--report', '-']);
    child.stdin.end('<html>');
    const { code, stdout, stderr } = await finish(child);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[ReportInvalid]');
  });

  it('keeps its exit code and its peace when the reader goes away early', async () => {
    const many = Array.from({ length: 3_000 }, (_, at) =>
      savedUser(`user-${at}`, '2026-09-20T00:00:00Z', '2026-09-10T00:00:00Z'),
    );
    await writeFile(join(scratch.path, 'report.csv'), savedReport(...many));
    const child = start(['audit', '--report', 'report.csv', '--as-of', savedReportTime, '--output', 'json', '--quiet']);
    child.stdout.once('data', () => child.stdout.destroy());
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [code, stderr] = await Promise.all([ended, text(child.stderr)]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('ends when its result is out, in full and with its exit code, whatever timer is left', async () => {
    const users = Array.from({ length: 3_000 }, (_, at) =>
      savedUser(`user-${at}`, '2026-09-20T00:00:00Z', '2026-09-10T00:00:00Z'),
    );
    await writeFile(join(scratch.path, 'report.csv'), savedReport(...users));
    const args = ['audit', '--report', 'report.csv', '--as-of', savedReportTime, '--output', 'json', '--quiet'];
    // As if a request still waited for its next attempt.
    const { code, stdout } = await finish(start(args, ['data:text/javascript,setTimeout(() => {}, 3_600_000)']));
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings.length).toBeGreaterThanOrEqual(3_000);
  });

  it('says what to do where there are no credentials', async () => {
    const { code, stdout, stderr } = await finish(start(['audit', '--quiet']));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^keysweep: error\[CredentialsMissing\]: .*\n {2}.*--profile/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends the sandbox cleanly on %s', async (signal) => {
    const child = start(['sandbox', '--seed', 'empty']);
    child.stderr.once('data', () => child.kill(signal));
    const { code, stdout, stderr } = await finish(child);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^export AWS_ENDPOINT_URL='http:\/\/127\.0\.0\.1:\d+'$/m);
    expect(stderr).toContain('the sandbox has ended');
  });
});
