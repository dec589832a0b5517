import { describe, expect, it } from 'vitest';
import { confirmableRules, needsRootFacts, withRootFacts } from '../../core/confirm-root.ts';
import type { Finding, ObservedPrincipal } from '../../core/model.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { LiveRead, RootFacts } from '../../core/ports.ts';
import { createEvaluator } from '../../core/rules/evaluate.ts';
import { denied } from '../support/memory-source.ts';
import { accessKey, asOf, known, observation, rootUser, unknown } from '../support/observation-builder.ts';

const evaluator = createEvaluator(observation([]), defaultPolicy, asOf);
const certificate = { slot: 1, active: known(true), uploadedAt: known(asOf) } as const;
const alarming = rootUser({
  mfaActive: known(false),
  credentials: [accessKey({ lastUse: { kind: 'never' } })],
  certificates: [certificate],
});

function judge(root: ObservedPrincipal): readonly Finding[] {
  return evaluator.evaluateRoot(root);
}

function openAfter(root: ObservedPrincipal, value: RootFacts): readonly string[] {
  return judge(withRootFacts(root, { ok: true, value })).map(({ rule, status }) => `${rule} ${status}`);
}

const everything = ['root-access-key fail', 'root-signing-certificate fail', 'root-mfa-missing fail'];

describe('what GetAccountSummary says of the root user', () => {
  it.each<[string, RootFacts, readonly string[]]>([
    ['nothing', {}, everything],
    [
      'the same as the report',
      { hasMfa: false, hasAccessKey: true, hasPassword: true, hasSigningCertificate: true },
      everything,
    ],
    ['MFA', { hasMfa: true }, ['root-access-key fail', 'root-signing-certificate fail']],
    ['no key', { hasAccessKey: false }, ['root-signing-certificate fail', 'root-mfa-missing fail']],
    ['no certificate', { hasSigningCertificate: false }, ['root-access-key fail', 'root-mfa-missing fail']],
    ['no password: its key is still without MFA', { hasPassword: false }, everything],
    ['neither password nor key', { hasPassword: false, hasAccessKey: false }, ['root-signing-certificate fail']],
    ['all is well', { hasMfa: true, hasAccessKey: false, hasSigningCertificate: false }, []],
  ])('%s', (_, facts, expected) => expect(openAfter(alarming, facts)).toEqual(expected));

  it('a key that the report does not show yet: not all keys are judged', () => {
    const root = rootUser({ mfaActive: known(false) });
    expect(openAfter(root, { hasAccessKey: true })).toEqual([
      'root-access-key error',
      'root-mfa-missing fail',
      'root-used-recently error',
    ]);
  });

  it('what confirms a finding is in its evidence', () => {
    const [finding] = judge(withRootFacts(alarming, { ok: true, value: { hasAccessKey: true } }));
    expect(finding?.evidence).toMatchObject({ confirmedBy: 'iam:GetAccountSummary' });
  });

  it('a denied request leaves every finding as it is, and says so', () => {
    const read: LiveRead<RootFacts> = { ok: false, problem: denied };
    const before = judge(alarming);
    const after = judge(withRootFacts(alarming, read));
    expect(after.map(({ id, status, severity }) => ({ id, status, severity }))).toEqual(
      before.map(({ id, status, severity }) => ({ id, status, severity })),
    );
    for (const { reason } of after)
      expect(reason).toContain(`according to the report; not confirmed: ${denied.message}`);
  });
});

describe('the request is sent', () => {
  it('for a failure of the rules that it can refute', () => {
    for (const rule of confirmableRules) {
      const found = judge(alarming).filter((finding) => finding.rule === rule);
      expect(found.map(({ status }) => status)).toEqual(['fail']);
      expect(needsRootFacts(found)).toBe(true);
    }
  });

  it.each<[string, ObservedPrincipal]>([
    ['where nothing fails', rootUser()],
    [
      'for a use of the root user, which nothing takes back',
      rootUser({ password: { enabled: known(true), lastUse: { kind: 'used', at: asOf } } }),
    ],
    ['for what cannot be judged', rootUser({ mfaActive: unknown('not said') })],
  ])('not %s', (_, root) => expect(needsRootFacts(judge(root))).toBe(false));

  it('not for an exempt finding', () => {
    const exempt = judge(alarming).map((finding): Finding => ({ ...finding, status: 'exempt' }));
    expect(needsRootFacts(exempt)).toBe(false);
  });
});
