import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditSchema } from '../../reports/audit-schema.ts';
import { type MemoryIoOptions, runInMemory } from '../support/memory-io.ts';
import { cleanReport, savedReport, savedReportTime, savedUser, staleReport } from '../support/saved-report.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();

beforeEach(async () => {
  await writeFile(join(scratch.path, 'stale.csv'), staleReport);
  await writeFile(join(scratch.path, 'clean.csv'), cleanReport);
});

function audit(args: readonly string[], options: Partial<MemoryIoOptions> = {}) {
  return runInMemory(['audit', ...args], { directory: scratch.path, now: savedReportTime, ...options });
}

describe('keysweep audit --report', () => {
  it('prints findings and ends with 1', async () => {
    const { code, stdout } = await audit(['--report', 'stale.csv']);
    expect(code).toBe(1);
    expect(stdout).toContain('alice  access key 1  unused for 63 days (limit 45)');
  });

  it('ends with 0 when there is nothing to report', async () => {
    const { code, stdout } = await audit(['--report', 'clean.csv']);
    expect(code).toBe(0);
    expect(stdout).toContain('2 principals checked, nothing to report.');
  });

  it('says so where nothing in the report is recent: it may have been saved long ago', async () => {
    const late = await audit(['--report', 'stale.csv', '--as-of', '2027-06-01T00:00:00Z']);
    expect(late.stderr).toMatch(
      /the newest date in this report is \d+ days old; if the report is that old, add --as-of 20/,
    );
    const quiet = await audit(['--report', 'stale.csv', '--as-of', '2027-06-01T00:00:00Z', '--quiet']);
    expect(quiet.stderr).toBe('');
  });

  it('reads stdin as -', async () => {
    const { code, stdout } = await audit(['--report', '-'], { stdin: staleReport });
    expect(code).toBe(1);
    expect(stdout).toContain('alice');
  });

  it('prints the published JSON and nothing else on stdout', async () => {
    const { code, stdout } = await audit(['--report', 'stale.csv', '--output', 'json']);
    expect(code).toBe(1);
    const printed = JSON.parse(stdout);
    expect(auditSchema.safeParse(printed).error).toBeUndefined();
    expect(printed).toMatchObject({ account: { id: '123456789012' }, summary: { fail: 1 }, stats: { requests: {} } });
    expect(stdout.endsWith('}\n')).toBe(true);
  });

  it('prints CSV', async () => {
    const { code, stdout } = await audit(['--report', '-', '--output', 'csv'], {
      stdin: savedReport(savedUser('=cmd', '2026-09-20T02:30:00Z', '2026-09-10T00:00:00Z')),
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^account_id,/);
    expect(stdout).toContain(",user,'=cmd,arn:");
  });

  it('judges as of --as-of, in whatever zone it is given', async () => {
    const day = await audit(['--report', 'stale.csv', '--as-of', '2026-10-01T00:00:00Z', '--output', 'json']);
    expect(day.code).toBe(0);
    const zoned = await audit(['--report', 'stale.csv', '--as-of', '2026-11-22T03:30+01:00', '--output', 'json']);
    expect(JSON.parse(zoned.stdout).asOf).toBe('2026-11-22T02:30:00.000Z');
  });

  it('judges as of now without --as-of', async () => {
    const { stdout } = await audit(['--report', 'clean.csv', '--output', 'json'], { now: '2026-11-22T05:06:07.008Z' });
    expect(JSON.parse(stdout).asOf).toBe('2026-11-22T05:06:07.008Z');
  });

  it.each([
    ['low', 1],
    ['high', 1],
    ['critical', 0],
    ['none', 0],
  ])('--fail-on %s ends with %i for a finding of high severity', async (severity, expected) => {
    const { code, stdout } = await audit(['--report', 'stale.csv', '--fail-on', severity]);
    expect(code).toBe(expected);
    expect(stdout).toContain('alice');
  });

  it('is incomplete where something could not be judged, findings printed all the same', async () => {
    const [header = '', , ...users] = staleReport.split('\n');
    const withoutRoot = [header, ...users].join('\n');
    const { code, stdout, stderr } = await audit(['--report', '-', '--fail-on', 'none', '--quiet'], {
      stdin: withoutRoot,
    });
    expect(code).toBe(2);
    expect(stdout).toContain('unused for 63 days');
    expect(stdout).toContain('NOT JUDGED');
    expect(stderr).toMatch(/^keysweep: incomplete: \d+ checks could not be completed \(exit code 2\)\n/);
    expect(stderr).toContain(
      'root user: 4 rules: cannot be judged: the credential report has no row for the root user',
    );
  });

  it.each([
    ['nothing', '', 'ReportInvalid'],
    ['HTML', '<html><body>Sign in</body></html>', 'ReportInvalid'],
    ['a header alone', staleReport.split('\n')[0] ?? '', 'ReportInvalid'],
    ['a truncated report', staleReport.slice(0, -20), 'ReportInvalid'],
    ['binary data', new Uint8Array([0x1f, 0x8b, 0, 1, 2, 0xff, 0xfe]), 'ReportInvalid'],
  ])('fails on %s with the reason on stderr and nothing on stdout', async (_, stdin, error) => {
    const { code, stdout, stderr } = await audit(['--report', '-', '--output', 'json', '--quiet'], { stdin });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      new RegExp(`^keysweep: error\\[${error}\\]: credential report(?:, line \\d+, column \\d+)?: `),
    );
    expect(stderr).toContain('\n  ');
  });

  it('fails on a report that is not there', async () => {
    const { code, stdout, stderr } = await audit(['--report', 'missing.csv', '--quiet']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      'error[FileUnreadable]: cannot read the credential report missing.csv: no such file or directory',
    );
  });
});

describe('the policy of keysweep audit', () => {
  const policy = 'version: 1\naccessKeys:\n  maxIdle: 200d\n';

  it('is the default where there is none, and says so', async () => {
    const { code, stderr } = await audit(['--report', 'stale.csv']);
    expect(code).toBe(1);
    expect(stderr.split('\n')[0]).toBe(
      'keysweep: no keysweep.yaml here, so the default policy applies (keysweep init writes a starter policy)',
    );
  });

  it('is ./keysweep.yaml where there is one', async () => {
    await writeFile(join(scratch.path, 'keysweep.yaml'), policy);
    const { code, stderr } = await audit(['--report', 'stale.csv']);
    expect({ code, note: stderr.split('\n')[0] }).toEqual({ code: 0, note: 'keysweep: using policy keysweep.yaml' });
  });

  it('is the file of --policy before that', async () => {
    await writeFile(join(scratch.path, 'keysweep.yaml'), 'version: 1\n');
    await writeFile(join(scratch.path, 'lenient.yaml'), policy);
    expect((await audit(['--report', 'stale.csv', '--policy', 'lenient.yaml'])).code).toBe(0);
  });

  it('ends the run when it is wrong, with every problem on a line of its own', async () => {
    await writeFile(join(scratch.path, 'bad.yaml'), 'version: 1\naccessKeys:\n  maxAge: soon\n  maxIdle: never\n');
    const { code, stdout, stderr } = await audit(['--report', 'stale.csv', '--policy', 'bad.yaml', '--quiet']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^keysweep: error\[PolicyInvalid\]:\nbad\.yaml:3:\d+: .*maxAge.*\nbad\.yaml:4:\d+: .*maxIdle/,
    );
  });

  it('ends the run when the named file is not there', async () => {
    const { code, stderr } = await audit(['--report', 'stale.csv', '--policy', 'nowhere.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot read the policy file nowhere.yaml');
  });

  it.each(['keysweep.yml', '.keysweep.yaml'])('is not passed over when it is called %s', async (name) => {
    await writeFile(join(scratch.path, name), policy);
    const { code, stderr } = await audit(['--report', 'stale.csv']);
    expect(code).toBe(2);
    expect(stderr).toContain(`found ${name}, but the policy file must be named keysweep.yaml`);
    expect(stderr).toContain(`--policy ${name}`);
  });
});

describe('keysweep audit --output-file', () => {
  it('writes the results there, nothing to stdout, and no temporary file', async () => {
    const { code, stdout, stderr } = await audit([
      '--report',
      'stale.csv',
      '--output',
      'json',
      '--output-file',
      'a.json',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('keysweep: wrote a.json: 1 failed, 0 exempt, 0 not judged\n');
    expect(JSON.parse(await readFile(join(scratch.path, 'a.json'), 'utf8')).schema).toBe('keysweep/audit/v1');
    expect((await readdir(scratch.path)).sort()).toEqual(['a.json', 'clean.csv', 'stale.csv']);
  });

  it('replaces what a link points to, and keeps the link', async () => {
    await writeFile(join(scratch.path, 'real.txt'), 'old');
    await symlink('real.txt', join(scratch.path, 'link.txt'));
    await audit(['--report', 'stale.csv', '--output-file', 'link.txt']);
    expect(await readFile(join(scratch.path, 'real.txt'), 'utf8')).toContain('alice');
  });

  it('has no colours in it, even when they are forced', async () => {
    await audit(['--report', 'stale.csv', '--output-file', 'a.txt'], { env: { FORCE_COLOR: '1' } });
    expect(await readFile(join(scratch.path, 'a.txt'), 'utf8')).not.toContain('\u001b');
  });

  it('refuses a place that it cannot write to before it does any work', async () => {
    const { code, stderr } = await audit(['--report', 'missing.csv', '--output-file', 'no/such/place.json', '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[OutputFailed]: cannot write no/such/place.json: its directory does not exist');
  });

  it('does not touch the old file when the run fails', async () => {
    await writeFile(join(scratch.path, 'a.json'), 'old');
    expect((await audit(['--report', '-', '--output-file', 'a.json'], { stdin: 'rubbish' })).code).toBe(2);
    expect(await readFile(join(scratch.path, 'a.json'), 'utf8')).toBe('old');
  });
});

describe('how keysweep audit writes', () => {
  it('is quiet on request', async () => {
    expect((await audit(['--report', 'stale.csv', '--quiet'])).stderr).toBe('');
  });

  it('uses the width of the terminal', async () => {
    const { stdout } = await audit(['--report', 'stale.csv'], { columns: 50 });
    for (const line of stdout.split('\n')) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(50);
  });

  it.each([
    ['on a terminal', [], { columns: 80 }, true],
    ['not in a pipe', [], {}, false],
    ['not with --no-color', ['--no-color'], { columns: 80 }, false],
    ['not with NO_COLOR', [], { columns: 80, env: { NO_COLOR: '1' } }, false],
    ['with FORCE_COLOR in a pipe', [], { env: { FORCE_COLOR: '1' } }, true],
  ])('colours: %s', async (_, args, options, expected) => {
    const { stdout } = await audit(['--report', 'stale.csv', ...args], options);
    expect(stdout.includes('\u001b[')).toBe(expected);
  });

  it('fails when its results cannot be written', async () => {
    const stdoutError = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const { code, stderr } = await audit(['--report', 'clean.csv', '--quiet'], { stdoutError });
    expect(code).toBe(2);
    expect(stderr).toContain('error[OutputFailed]: cannot write the results to stdout: the disk is full');
  });
});

describe('options of keysweep audit that make no sense', () => {
  it.each([
    [
      ['--report', 'stale.csv', '--profile', 'prod'],
      "option '--report <file>' cannot be used with option '--profile <name>'",
    ],
    [['--external-id', '4711'], "option '--external-id' needs --role-arn"],
    [['--role-session-name', 'me'], "option '--role-session-name' needs --role-arn"],
    [['--as-of', 'yesterday'], 'Give a time in ISO 8601 with a zone'],
    [['--patience', 'long'], 'Give a whole number with a unit'],
    [['--endpoint-url', 'localhost:4566'], 'Give an http or https URL'],
    [['--output', 'xml'], 'Allowed choices are table, json, csv'],
    [['--fail-on', 'severe'], 'Allowed choices are critical, high, medium, low, info, none'],
    [['--reprot', 'x'], 'Did you mean --report?'],
    [['surplus'], 'too many arguments'],
  ])('%j ends with 2', async (args, message) => {
    const { code, stdout, stderr } = await audit(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
