/** The audit over real HTTP with every call failing in every way: the right result, an error, or findings of status error. */
import { describe, expect, it } from 'vitest';
import { demoPolicy } from '../../cli/demo/setting.ts';
import { SECOND } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import type { Audit, Finding } from '../../core/model.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { audit } from '../../engine/audit/audit.ts';
import { acmeAccount, type Fault, type FaultEffect } from '../../sandbox/index.ts';
import { withSandbox } from '../support/aws-sandbox.ts';
import { patienceFor } from '../support/patience.ts';

const policy = loadPolicy(demoPolicy, 'keysweep.yaml');

/** One audit of the acme account with these faults; few and short attempts, so that what lasts fails soon. */
async function auditWith(faults: readonly Fault[]): Promise<{ readonly audit: Audit; readonly writes: number }> {
  const options = {
    sandbox: { seed: acmeAccount },
    // Standard retries: adaptive ones slow down in real time after each throttle.
    connect: { maxAttempts: 2, requestTimeout: patienceFor(faults), retryMode: 'standard' as const },
    source: { concurrency: 32, reportPatience: 10 * SECOND },
  };
  return withSandbox(options, async ({ sandbox, source }) => {
    for (const fault of faults) sandbox.faults.add(fault);
    const result = await audit({ source }, policy, sandbox.clock.now());
    return { audit: result, writes: sandbox.writes.length };
  });
}

/** The rule and the principal: what stays the same whether a key is known by id or by slot. */
function aboutOf({ rule, principal }: Finding): string {
  return `${rule} ${principal.name}`;
}

const effects: Readonly<Record<string, FaultEffect>> = {
  throttle: { kind: 'throttle' },
  'server error': { kind: 'server-error' },
  reset: { kind: 'reset' },
  'time-out': { kind: 'timeout' },
  denied: { kind: 'denied' },
  garbage: { kind: 'garbage' },
};

const reads = [
  'sts:GetCallerIdentity',
  'iam:ListAccountAliases',
  'iam:GenerateCredentialReport',
  'iam:GetCredentialReport',
  'iam:ListEntitiesForPolicy',
  'iam:GetAccountAuthorizationDetails',
  'iam:ListAccessKeys',
  'iam:GetAccessKeyLastUsed',
];

const baseline = auditWith([]);

describe.concurrent('a fault that passes changes nothing', () => {
  const passing = Object.keys(effects).filter((name) => name !== 'denied' && name !== 'garbage');
  const cases = reads.flatMap((action) =>
    passing.map((name) => ({ action, name, effect: effects[name] as FaultEffect })),
  );

  it.each(cases)('$action, one $name', async ({ action, effect }) => {
    const { audit: found, writes } = await auditWith([{ action, nth: 1, ...effect }]);
    expect(found.findings).toEqual((await baseline).audit.findings);
    expect(writes).toBe(0);
  });
});

describe.concurrent('a fault that lasts is never an empty success', () => {
  const cases = reads.flatMap((action) => Object.entries(effects).map(([name, effect]) => ({ action, name, effect })));

  it.each(cases)('$action, always $name', async ({ action, effect }) => {
    const { audit: undisturbed } = await baseline;
    let found: Audit;
    try {
      found = (await auditWith([{ action, ...effect }])).audit;
    } catch (error) {
      expect(error).toBeInstanceOf(KeysweepError);
      expect(['sts:GetCallerIdentity', 'iam:GenerateCredentialReport', 'iam:GetCredentialReport']).toContain(action);
      return;
    }
    // Nothing is lost, and what fails without live data that would have to confirm it is not a failure.
    const abouts = new Set(found.findings.map(aboutOf));
    const isKept = (finding: Finding) => {
      return abouts.has(aboutOf(finding)) || abouts.has(`${finding.rule} ${undisturbed.account.id}`);
    };
    expect(undisturbed.findings.filter((finding) => !isKept(finding))).toEqual([]);
    const failed = new Set(undisturbed.findings.filter(({ status }) => status === 'fail').map(aboutOf));
    expect(found.findings.filter((finding) => finding.status === 'fail' && !failed.has(aboutOf(finding)))).toEqual([]);
  });
});

describe.concurrent('GetCredentialReport in each of its bad states', () => {
  const get = (effect: FaultEffect, count?: number): Fault => ({
    action: 'iam:GetCredentialReport',
    ...effect,
    ...(count === undefined ? {} : { count }),
  });

  it.each(['ReportNotPresent', 'ReportExpired', 'ReportInProgress', 'ServiceFailure'])(
    '%s for a while: the right result',
    async (code) => {
      const { audit: found } = await auditWith([get({ kind: 'error', code }, 3)]);
      expect(found.findings).toEqual((await baseline).audit.findings);
    },
  );

  it.each(['ReportNotPresent', 'ReportExpired', 'ReportInProgress', 'ServiceFailure'])(
    '%s for good: an error that says so',
    async (code) => {
      await expect(auditWith([get({ kind: 'error', code })])).rejects.toMatchObject({ code: 'ReportUnavailable' });
    },
  );

  it('LimitExceeded from GenerateCredentialReport for a while: the right result', async () => {
    const limit: Fault = { action: 'iam:GenerateCredentialReport', kind: 'error', code: 'LimitExceeded', count: 3 };
    expect((await auditWith([limit])).audit.findings).toEqual((await baseline).audit.findings);
  });
});

describe.concurrent('one user’s failure', () => {
  it('does not stop the others', async () => {
    const { audit: found } = await auditWith([{ action: 'iam:ListAccessKeys', user: 'bobby', kind: 'denied' }]);
    const { audit: undisturbed } = await baseline;
    const others = (findings: readonly Finding[]) => findings.filter(({ principal }) => principal.name !== 'bobby');
    expect(others(found.findings)).toEqual(others(undisturbed.findings));
    const keys = found.findings.filter(
      ({ principal, rule }) => principal.name === 'bobby' && rule.startsWith('access-key'),
    );
    expect(keys.map(({ status }) => status)).toEqual(['error', 'error']);
    expect(keys[0]?.reason).toContain('iam:ListAccessKeys');
  });
});
