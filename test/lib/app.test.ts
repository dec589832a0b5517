import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { featureFlags } from './synth.ts';

const appFile = fileURLToPath(new URL('../../bin/app.ts', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keysweep app-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number;
  readonly stderr: string;
  readonly outdir: string;
}

/** Runs the app as the CDK's command line does, in a folder of its own with these files, without AWS credentials. */
function synth(name: string, files: Record<string, string>, context: Record<string, unknown> = {}): Promise<Run> {
  const cwd = join(folder, name);
  const outdir = join(cwd, 'cdk.out');
  mkdirSync(cwd);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(cwd, file), text);
  const env = {
    PATH: process.env.PATH,
    // The check against CloudFormation's schema takes seconds; `npm run synth` does it.
    CDK_VALIDATION: 'false',
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...featureFlags, ...context }),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', loader, appFile], { cwd, env }, (error, _stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stderr, outdir });
    });
  });
}

function templateIn(outdir: string) {
  return JSON.parse(readFileSync(join(outdir, 'Keysweep.template.json'), 'utf8'));
}

describe('bin/app.ts', () => {
  it.concurrent('makes a stack of the policy in the current directory, without a complaint of cdk-nag', async ({
    expect,
  }) => {
    const { code, stderr, outdir } = await synth('valid', {
      'keysweep.yaml': 'version: 1\ndeployment: { email: [security@example.com], schedule: { at: "01:15" } }\n',
    });
    expect({ code, stderr: stderr.replace(/^Bundling asset .*\n/gm, '') }).toEqual({
      code: 0,
      stderr: 'keysweep: using policy keysweep.yaml\n',
    });
    expect(JSON.stringify(templateIn(outdir))).toContain('cron(15 1 * * ? *)');
    expect(readdirSync(outdir).filter((file) => file.startsWith('asset.'))).toHaveLength(2);
  });

  it.concurrent('takes the default policy where there is none, and says so', async ({ expect }) => {
    const { code, stderr, outdir } = await synth('none', {}, { 'aws:cdk:bundling-stacks': [] });
    expect(code).toBe(0);
    expect(stderr).toContain('no keysweep.yaml here');
    expect(JSON.stringify(templateIn(outdir))).toContain('cron(30 4 * * ? *)');
  });

  it.concurrent('refuses an invalid policy: where, what was found, what is allowed; no stack trace, no template', async ({
    expect,
  }) => {
    const { code, stderr, outdir } = await synth(
      'invalid',
      { 'strict.yaml': 'version: 1\naccessKeys:\n  maxAge: soon\ndeployment: { emial: [a@example.com] }\n' },
      { policy: 'strict.yaml' },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('PolicyInvalid');
    expect(stderr).toContain('strict.yaml:3:3: accessKeys.maxAge: found "soon", expected a duration');
    expect(stderr).toContain(
      'deployment.emial: unknown key; allowed keys: schedule, firstAudit, email, noRecipients, logRetention',
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(outdir)).toEqual([]);
  });
});
