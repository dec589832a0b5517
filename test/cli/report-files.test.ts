import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MemoryIoOptions, runInMemory } from '../support/memory-io.ts';
import { savedReport, savedReportTime, savedUser } from '../support/saved-report.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();
const stale = savedUser('alice', '2026-09-20T02:30:00Z', '2026-09-10T00:00:00Z');
const report = savedReport(stale, savedUser('bob', '2026-11-21T12:00:00Z'));

function run(args: readonly string[], options: Partial<MemoryIoOptions> = {}) {
  return runInMemory(args, { directory: scratch.path, now: savedReportTime, ...options });
}

/** What `aws iam get-credential-report` prints. */
function answer(generatedTime: string | null, text = report): string {
  const content = Buffer.from(text).toString('base64');
  return JSON.stringify({ Content: content, GeneratedTime: generatedTime, ReportFormat: 'text/csv' });
}

async function findingsIn(args: readonly string[]) {
  const { code, stdout, stderr } = await run([...args, '--output', 'json']);
  const { findings, ...audit } = JSON.parse(stdout);
  return { code, stderr, findings: findings as { rule: string; status: string; principal: { name: string } }[], audit };
}

describe.each(['audit', 'forecast'])('keysweep %s --report: the JSON of the AWS CLI', (command) => {
  it.each([
    ['UTF-8', Buffer.from(answer('2026-11-22T00:30:00+00:00'))],
    ['UTF-16 of Windows PowerShell', Buffer.from(`\uFEFF${answer('2026-11-22T00:30:00+00:00')}\r\n`, 'utf16le')],
  ])('in %s says the same as the CSV', async (_, content) => {
    await writeFile(join(scratch.path, 'report.csv'), report);
    await writeFile(join(scratch.path, 'report.json'), content);
    const [csv, json] = [
      await run([command, '--report', 'report.csv']),
      await run([command, '--report', 'report.json']),
    ];
    expect(json.code).toBe(csv.code);
    expect(linesAbout('alice', json.stdout)).toEqual(linesAbout('alice', csv.stdout));
    expect(linesAbout('alice', json.stdout)).not.toEqual([]);
  });
});

function linesAbout(name: string, text: string): readonly string[] {
  return text.split('\n').filter((line) => line.includes(name));
}

describe('the age of a saved report', () => {
  it('is known from the JSON: an old one is a finding', async () => {
    const old = savedReport(savedUser('bob', '2026-11-20T01:00:00Z'));
    await writeFile(join(scratch.path, 'old.json'), answer('2026-11-20T02:00:00Z', old));
    const { code, findings, audit } = await findingsIn(['audit', '--report', 'old.json']);
    expect(audit.report.generatedAt).toBe('2026-11-20T02:00:00.000Z');
    expect(findings.map(({ rule }) => rule)).toContain('report-stale');
    expect(code).toBe(1);
  });

  it('and one from after the moment that is judged is not judged by', async () => {
    await writeFile(join(scratch.path, 'late.json'), answer('2026-11-23T02:00:00Z'));
    const { code, findings } = await findingsIn(['audit', '--report', 'late.json']);
    expect(findings.find(({ rule }) => rule === 'report-stale')?.status).toBe('error');
    expect(code).toBe(2);
  });

  it.each([
    [null, 'the GeneratedTime in the file is null, expected a time such as "2026-09-11T13:14:52+00:00"'],
    [
      '2026-11-20T02:00:00Z',
      'the GeneratedTime in the file is 2026-11-20T02:00:00.000Z, but the report contains dates as late as 2026-11-21T12:00:00.000Z',
    ],
  ])('is unknown, with a note, where the file says %j', async (generatedTime, why) => {
    await writeFile(join(scratch.path, 'report.csv'), report);
    await writeFile(join(scratch.path, 'odd.json'), answer(generatedTime));
    const csv = await run(['audit', '--report', 'report.csv']);
    const json = await run(['audit', '--report', 'odd.json']);
    expect(json.code).toBe(csv.code);
    expect(linesAbout('alice', json.stdout)).toEqual(linesAbout('alice', csv.stdout));
    expect(json.stderr).toContain(`keysweep: the age of the report is unknown: ${why}\n`);
    const { audit } = await findingsIn(['audit', '--report', 'odd.json']);
    expect(audit.report).toMatchObject({ ageUnknown: why });
    expect(audit.report).not.toHaveProperty('generatedAt');
  });

  it('is not guessed from the dates in it', async () => {
    const quiet = savedReport(savedUser('bob', '2026-01-01T12:00:00Z', '2025-12-30T00:00:00Z'));
    await writeFile(join(scratch.path, 'quiet.json'), answer('2026-11-22T00:00:00Z', quiet));
    expect((await run(['audit', '--report', 'quiet.json'])).stderr).not.toContain('newest date');
  });
});

describe('a damaged row', () => {
  it('leaves its user unjudged, and the others judged', async () => {
    await writeFile(
      join(scratch.path, 'damaged.csv'),
      savedReport(stale, savedUser('bob', 'sometime'), savedUser('zoe', 'N/A')),
    );
    const { code, findings } = await findingsIn(['audit', '--report', 'damaged.csv']);
    expect(code).toBe(2);
    expect(findings.find(({ principal }) => principal.name === 'alice')).toMatchObject({ status: 'fail' });
    const ofBob = findings.filter(({ principal }) => principal.name === 'bob');
    expect(new Set(ofBob.map(({ status }) => status))).toEqual(new Set(['error']));
  });

  it('is one paragraph and one line, however many rules it stops', async () => {
    await writeFile(
      join(scratch.path, 'damaged.csv'),
      savedReport(stale, savedUser('bob', 'sometime'), savedUser('zoe', 'N/A')),
    );
    const { stdout, stderr } = await run(['audit', '--report', 'damaged.csv']);
    expect(linesAbout('bob', stdout)).toHaveLength(1);
    expect(stdout).toMatch(/NOT JUDGED {2}\d+ rules\n {2}bob/);
    expect(linesAbout('bob', stderr)).toEqual([
      expect.stringMatching(
        /^ {2}bob: \d+ rules: cannot be judged: the credential report is damaged there: line 4, column 11/,
      ),
    ]);
  });
});

it('a file that is no report ends with 2, one line of cause and one of advice', async () => {
  await writeFile(join(scratch.path, 'excel.csv'), report.replaceAll(',', ';'));
  const { code, stdout, stderr } = await run(['audit', '--report', 'excel.csv', '--quiet']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.trimEnd().split('\n')).toEqual([
    'keysweep: error[ReportInvalid]: credential report: the fields are separated by semicolons, not by commas',
    '  A spreadsheet may have saved it. Pass the original report, unchanged.',
  ]);
});

it.each([
  [
    'a credentials file',
    '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
  ],
  ['keys as variables', 'export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nexport AWS_SECRET_ACCESS_KEY=short\n'],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n'],
])('prints nothing of %s', async (_, text) => {
  await writeFile(join(scratch.path, 'secret'), text);
  const { code, stdout, stderr } = await run(['audit', '--report', 'secret', '--quiet']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('None of it is shown.');
  for (const word of text
    .split(/[\s=]+/)
    .filter((one) => /^\w{5,}$/.test(one) && !/^aws_|^export|^BEGIN|PRIVATE/i.test(one)))
    expect(stderr).not.toContain(word);
});
