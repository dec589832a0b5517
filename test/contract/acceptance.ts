import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Finding } from '../../core/model.ts';
import { auditSchema } from '../../reports/audit-schema.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';
import { expectedFindings } from './account.ts';
import type { Counterpart } from './counterpart.ts';
import { openWorld, type World } from './world.ts';

const executable = fileURLToPath(new URL('../../bin/keysweep.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/** The executable, as a person runs it, over an account of moto's: real time, real process, nothing of the product. */
export function describeAcceptance(open: () => Counterpart): void {
  const scratch = scratchDirectory();

  async function audit(endpointUrl: string) {
    const args = ['audit', '--endpoint-url', endpointUrl, '--output', 'json'];
    const child = spawn(process.execPath, ['--import', loader, executable, ...args], {
      cwd: scratch.path,
      env: {
        PATH: process.env.PATH,
        HOME: scratch.path,
        AWS_ACCESS_KEY_ID: 'testing',
        AWS_SECRET_ACCESS_KEY: 'testing',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  }

  it('audits an account with back-dated keys: the right key ids with the right verdicts, and nothing else', async () => {
    const world = await openWorld(open(), new Date());
    const { code, stdout, stderr } = await audit(world.endpointUrl);

    const printed = JSON.parse(stdout);
    const { account, report, findings, stats } = auditSchema.parse(printed);
    expect(account).toEqual({ id: world.account.id, partition: 'aws', alias: world.account.alias });
    expect(report.rows).toBe(world.account.users.length);
    expect(verdictsOf(findings as readonly Finding[])).toEqual(expectedVerdicts(world));

    // moto's report is of 2015, and has no row for the root user. The account summary says that it has neither keys nor
    // certificates nor MFA, but not whether it has a password.
    const others = findings.filter(({ principal }) => principal.kind !== 'user');
    expect(others.map(({ rule, status }) => `${rule} ${status}`).sort()).toEqual([
      'report-stale fail',
      'root-mfa-missing error',
      'root-used-recently error',
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/incomplete: 2 checks could not be completed/);

    // Five users have a key to name; for four keys the report does not say for sure when they were last used.
    expect(stats.requests).toMatchObject({ 'iam:ListAccessKeys': 5, 'iam:GetAccessKeyLastUsed': 4 });
  });
}

/** What is reported about the users: one line a finding. */
function verdictsOf(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ principal }) => principal.kind === 'user')
    .map(({ rule, status, principal, credential, reason }) => {
      const says = expectedFindings.find((expected) => expected.rule === rule && reason.includes(expected.says))?.says;
      return [rule, status, principal.name, credential?.id ?? '', says ?? reason].join(' | ');
    })
    .sort();
}

function expectedVerdicts({ keyId }: World): readonly string[] {
  return expectedFindings
    .map(({ rule, user, key, says }) => {
      return [rule, 'fail', user, key === undefined ? '' : keyId(user, key), says].join(' | ');
    })
    .sort();
}
