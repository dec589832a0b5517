import fc from 'fast-check';
import type { Finding, FindingStatus, Severity } from '../../core/model.ts';
import { exemption, finding, user } from './audit-fixture.ts';

/** What a night finds in one small account: each finding fails, is exempt, cannot be judged, or is not there. */
export const randomFindings: fc.Arbitrary<readonly Finding[]> = fc
  .uniqueArray(
    fc.record({
      rule: fc.constantFrom('access-key-unused' as const, 'access-key-too-old' as const),
      name: fc.constantFrom('alice', 'bob'),
      key: fc.constantFrom('AKIA1', 'AKIA2'),
      status: fc.constantFrom<FindingStatus>('fail', 'fail', 'exempt', 'error'),
      severity: fc.constantFrom<Severity>('critical', 'high', 'medium'),
    }),
    { selector: ({ rule, name, key }) => `${rule} ${name} ${key}`, maxLength: 8 },
  )
  .map((found) =>
    found.map(({ rule, name, key, status, severity }) => {
      const credential = { kind: 'access-key', id: key } as const;
      const excused = status === 'exempt' ? { exemption } : {};
      return finding({ rule, status, severity, principal: user(name), credential, ...excused });
    }),
  );
