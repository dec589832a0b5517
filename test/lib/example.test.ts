/** The example app is what it says: type-checked and synthesised as it stands there. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch-directory.ts';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../../examples/embedding', import.meta.url));
const { app }: { readonly app: string } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
const scratch = scratchDirectory();

it('synthesises, with keysweep as one part of its stack', async () => {
  const [command = '', ...args] = app.split(' ');
  expect(command).toBe('node');
  const env = {
    PATH: process.env.PATH,
    CDK_OUTDIR: scratch.path,
    // Bundling and the check against CloudFormation's schema take seconds, and are looked at elsewhere.
    CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [] }),
    CDK_VALIDATION: 'false',
  };
  await run(process.execPath, args, { cwd: folder, env });
  const template = Template.fromString(readFileSync(join(scratch.path, 'SecurityBaseline.template.json'), 'utf8'));
  template.resourceCountIs('AWS::Lambda::Function', 2);
  template.resourceCountIs('AWS::DynamoDB::Table', 1);
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs' });
  template.hasResourceProperties('AWS::SNS::Topic', {
    Tags: [
      { Key: 'application', Value: 'keysweep' },
      { Key: 'team', Value: 'security' },
    ],
  });
});

it('type-checks against the exported constructs', async () => {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  await expect(run(process.execPath, [compiler, '-p', folder])).resolves.toMatchObject({ stdout: '' });
}, 60_000);
