import { describe, expect, it } from 'vitest';
import { confirmableRules, needsRootFacts, withRootFacts } from '../../core/confirm-root.ts';
import { DAY } from '../../core/duration.ts';
import type { Finding, ObservedPrincipal } from '../../core/model.ts';
import { observeUnknown } from '../../core/observe.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { LiveRead, RootFacts } from '../../core/ports.ts';
import { createEvaluator } from '../../core/rules/evaluate.ts';
import { denied } from '../support/memory-source.ts';
import {
  accessKey,
  asOf,
  known,
  observation,
  rootUser,
  unknown,
  unknownUse,
  used,
} from '../support/observation-builder.ts';

const seen = observation([]);
const evaluator = createEvaluator(seen, defaultPolicy, asOf);
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

  it('a key that the report does not show yet: it exists, but nothing is known of its use', () => {
    const root = rootUser({ mfaActive: known(false) });
    expect(openAfter(root, { hasAccessKey: true })).toEqual([
      'root-access-key fail',
      'root-mfa-missing fail',
      'root-used-recently error',
    ]);
  });

  it('a certificate that the report does not show yet: it exists', () => {
    const root = rootUser({ mfaActive: known(false) });
    expect(openAfter(root, { hasSigningCertificate: true })).toEqual([
      'root-signing-certificate fail',
      'root-mfa-missing fail',
    ]);
  });

  const said = 'iam:GetAccountSummary';
  const unsaid = (what: string) => `not confirmed: iam:GetAccountSummary does not say whether root has ${what}`;
  const keyUnsaid = unsaid('an access key');
  const certificateUnsaid = unsaid('a signing certificate');

  it.each<[string, RootFacts, readonly [key: string, certificate: string, mfa: string]]>([
    ['nothing', {}, [keyUnsaid, certificateUnsaid, unsaid('MFA')]],
    ['a key', { hasAccessKey: true }, [said, certificateUnsaid, unsaid('MFA')]],
    ['a certificate', { hasSigningCertificate: true }, [keyUnsaid, said, unsaid('MFA')]],
    ['no MFA', { hasMfa: false }, [keyUnsaid, certificateUnsaid, unsaid('a password')]],
    ['no MFA, a password', { hasMfa: false, hasPassword: true }, [keyUnsaid, certificateUnsaid, said]],
    ['no MFA, a key', { hasMfa: false, hasAccessKey: true }, [said, certificateUnsaid, said]],
    ['no MFA, no password', { hasMfa: false, hasPassword: false }, [keyUnsaid, certificateUnsaid, keyUnsaid]],
  ])('confirms each finding by its own facts: %s', (_, value, expected) => {
    const after = judge(withRootFacts(alarming, { ok: true, value }));
    const confirmed = after.map(
      ({ evidence, reason }) => evidence.confirmedBy ?? /not confirmed: .*$/.exec(reason)?.[0],
    );
    expect(confirmed).toEqual(expected);
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

describe('a use of the root user, which nothing takes back', () => {
  const key = accessKey({ lastUse: used(DAY) });

  it.each<[string, ObservedPrincipal, RootFacts, readonly string[]]>([
    ['of a key deleted since', rootUser({ credentials: [key] }), { hasAccessKey: false }, ['root-used-recently fail']],
    [
      'of a password removed since',
      rootUser({ password: { enabled: known(true), lastUse: used(DAY) }, mfaActive: known(false) }),
      { hasPassword: false },
      ['root-used-recently fail'],
    ],
    [
      'of a key that the report may have hidden, and that was deleted since',
      rootUser({ incomplete: { 'access-key': 'a slot is unclear' } }),
      { hasAccessKey: false },
      ['root-used-recently error'],
    ],
    [
      'of unknown date, of a key deleted since',
      rootUser({ credentials: [accessKey({ lastUse: unknownUse() })] }),
      { hasAccessKey: false },
      ['root-used-recently error'],
    ],
    [
      'in the future, of a key deleted since',
      rootUser({ credentials: [accessKey({ lastUse: used(-DAY) })] }),
      { hasAccessKey: false },
      ['root-used-recently error'],
    ],
  ])('%s', (_, root, facts, expected) => expect(openAfter(root, facts)).toEqual(expected));
});

describe('a root user of which the report says nothing', () => {
  const root = observeUnknown(rootUser().principal, 'no row');
  const unjudged = confirmableRules.map((rule) => `${rule} error`);
  const useUnknown = 'root-used-recently error';

  it.each<[string, RootFacts, readonly string[]]>([
    [
      'all is well',
      { hasAccessKey: false, hasSigningCertificate: false, hasMfa: true, hasPassword: true },
      [useUnknown],
    ],
    [
      'neither password nor key',
      { hasAccessKey: false, hasSigningCertificate: false, hasPassword: false },
      [useUnknown],
    ],
    [
      'a password without MFA',
      { hasAccessKey: false, hasSigningCertificate: false, hasMfa: false, hasPassword: true },
      ['root-mfa-missing fail', useUnknown],
    ],
    [
      'keys and certificates of which nothing else is known',
      { hasAccessKey: true, hasSigningCertificate: true, hasMfa: true },
      ['root-access-key fail', 'root-signing-certificate fail', useUnknown],
    ],
    [
      'a key without MFA, whether or not there is a password',
      { hasAccessKey: true, hasSigningCertificate: false, hasMfa: false },
      ['root-access-key fail', 'root-mfa-missing fail', useUnknown],
    ],
    ['nothing', {}, [...unjudged, useUnknown]],
  ])('%s', (_, facts, expected) => expect(openAfter(root, facts)).toEqual(expected));

  it('has keys whose number no evidence claims to know', () => {
    const found = judge(withRootFacts(root, { ok: true, value: { hasAccessKey: true, hasMfa: false } }));
    const [key, , mfa] = confirmableRules.map((rule) => found.find((one) => one.rule === rule));
    expect(key).toMatchObject({
      status: 'fail',
      severity: 'critical',
      evidence: { confirmedBy: 'iam:GetAccountSummary' },
    });
    expect(key?.reason).toContain('whether it is active is not known');
    expect(mfa).toMatchObject({ reason: 'root has an access key and no MFA', evidence: { accessKeys: null } });
  });

  it('stays unknown after a denied request, which is said', () => {
    const after = judge(withRootFacts(root, { ok: false, problem: denied }));
    expect(after.map(({ rule, status }) => `${rule} ${status}`)).toEqual([...unjudged, useUnknown]);
    for (const { reason } of after.slice(0, -1)) expect(reason).toBe(`cannot be judged: no row; ${denied.message}`);
  });
});

describe('the request is sent', () => {
  it('for a failure of the rules that it can refute', () => {
    for (const rule of confirmableRules) {
      const found = judge(alarming).filter((finding) => finding.rule === rule);
      expect(found.map(({ status }) => status)).toEqual(['fail']);
      expect(needsRootFacts(found, seen.account)).toBe(true);
    }
  });

  it.each<[string, ObservedPrincipal]>([
    ['where nothing fails', rootUser()],
    [
      'for a use of the root user, which nothing takes back',
      rootUser({ password: { enabled: known(true), lastUse: { kind: 'used', at: asOf } } }),
    ],
    ['for a use that is not known', rootUser({ password: { enabled: known(true), lastUse: unknownUse() } })],
  ])('not %s', (_, root) => expect(needsRootFacts(judge(root), seen.account)).toBe(false));

  it.each<[string, ObservedPrincipal]>([
    ['a fact that is not said', rootUser({ mfaActive: unknown('not said') })],
    ['a report that says nothing of root', observeUnknown(rootUser().principal, 'no row')],
  ])('for %s', (_, root) => expect(needsRootFacts(judge(root), seen.account)).toBe(true));

  it.each([
    ['aws', true],
    ['aws-us-gov', true],
    ['aws-cn', false],
  ])('in %s: %s, whatever fails', (partition, expected) => {
    expect(needsRootFacts(judge(alarming), { partition })).toBe(expected);
  });

  it('not for an exempt finding', () => {
    const exempt = judge(alarming).map((finding): Finding => ({ ...finding, status: 'exempt' }));
    expect(needsRootFacts(exempt, seen.account)).toBe(false);
  });
});
